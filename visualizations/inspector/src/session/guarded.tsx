import type { ComponentChildren } from 'preact';
import { useErrorBoundary } from 'preact/hooks';

/** A part whose failure leaves the others as they are. */
export function Guarded({ name, children }: { name: string; children: ComponentChildren }) {
  const [error, tryAgain] = useErrorBoundary((reason) => console.error(reason));
  if (error === undefined) return <>{children}</>;
  return (
    <section class="pane" aria-label={name}>
      <div class="empty" role="alert">
        <strong>{name} cannot be shown</strong>
        <p>{error instanceof Error ? error.message : String(error)}</p>
        <button type="button" class="button small" onClick={tryAgain}>
          Try again
        </button>
      </div>
    </section>
  );
}
