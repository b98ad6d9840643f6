import { legible } from 'chartroom/inspect';
import { Icon } from '../parts/icon.tsx';
import type { Book } from './book.ts';

/** What a counterexample broke, and the way to where it did. */
export function FailureBanner({ book }: { book: Book }) {
  const { trace, failure } = book;
  if (!failure) return null;
  const { invariant, message, step, entries } = failure;
  const n = book.n.value;
  const isThere = n === entries;
  const words = trace?.steps[step]?.words;
  return (
    <div class={`notice bad failure-banner ${n >= entries ? 'reached' : ''}`}>
      <Icon name="warning" />
      <div class="failure-words">
        <strong>{legible(invariant)}</strong>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long one is scrolled by keys */}
        <section class="failure-message" aria-label="How it broke" tabIndex={0}>
          {legible(message)}
        </section>
        <span class="failure-place">
          {isThere ? 'It breaks here' : 'It breaks'} at entry {entries}
          {words !== undefined && `, in step ${step + 1} (${words})`}.
        </span>
      </div>
      <button type="button" class="button small" aria-disabled={isThere} onClick={() => book.go(entries)}>
        Go to where it breaks
      </button>
    </div>
  );
}
