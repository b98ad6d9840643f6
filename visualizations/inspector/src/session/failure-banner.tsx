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
      <p>
        <strong>{legible(invariant)}</strong>
        <span class="failure-message">{legible(message)}</span>
        <span class="failure-place">
          {isThere ? 'It breaks here' : 'It breaks'} at entry {entries}
          {words !== undefined && `, in step ${step + 1} (${words})`}.
        </span>
      </p>
      <button type="button" class="button small" aria-disabled={isThere} onClick={() => book.go(entries)}>
        Go to where it breaks
      </button>
    </div>
  );
}
