import type { ReadonlySignal } from '@preact/signals';
import { excerpt, legible, type SequenceRow } from 'chartroom/inspect';
import { useEffect, useId } from 'preact/hooks';
import { useVirtualRows } from '../parts/use-virtual.ts';
import type { Book } from './book.ts';
import { Arrow, LaneLines, LaneNames } from './lanes.tsx';
import { momentOf, rowAt, type TimelineRow } from './steps.ts';

const HEIGHTS = { list: 26, sequence: 34 } as const;
const PAGE = 10;
const OVERSCAN = 8;

interface EntryListProps {
  readonly book: Book;
  readonly rows: ReadonlySignal<readonly TimelineRow[]>;
  readonly mode: 'list' | 'sequence';
  readonly pin: ReadonlySignal<number | undefined>;
}

/** The rows in sight of all; the one of the present moment is the chosen option. */
export function EntryList({ book, rows, mode, pin }: EntryListProps) {
  const id = useId();
  const all = rows.value;
  const rowHeight = HEIGHTS[mode];
  const { scroller, items, height, scrollTo } = useVirtualRows<HTMLDivElement>({
    count: all.length,
    rowHeight,
    overscan: OVERSCAN,
  });
  const current = rowAt(all, book.n.value);
  // Where one is stays in sight, also when another height of rows has moved it.
  useEffect(() => {
    if (current >= 0 && !isInSight(items, current)) scrollTo(current);
  }, [current, mode, all.length]);

  const choose = (index: number) => {
    const row = all[Math.max(0, Math.min(all.length - 1, index))];
    if (row) book.go(momentOf(row));
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => choose(current + 1),
    ArrowUp: () => choose(current - 1),
    PageDown: () => choose(current + PAGE),
    PageUp: () => choose(current - PAGE),
    Home: () => choose(0),
    End: () => choose(all.length - 1),
  };
  if (all.length === 0)
    return (
      <p class="empty">
        <strong>{book.length.value === 0 ? 'Nothing has happened yet' : 'Nothing passes the filter'}</strong>
        {book.length.value === 0
          ? 'What happens from now on appears here by itself.'
          : 'Show more kinds, or search for something else.'}
      </p>
    );
  const { lanes } = book.pages.value.sequence;
  return (
    <div class={`entries ${mode}`}>
      {mode === 'sequence' && <LaneNames lanes={lanes} />}
      <div
        ref={scroller}
        class="entries-scroll"
        role="listbox"
        tabIndex={0}
        aria-label={mode === 'list' ? 'Entries' : 'Messages'}
        aria-activedescendant={current >= 0 ? `${id}-${current}` : undefined}
        onKeyDown={(event) => {
          const run = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
          if (!run) return;
          event.preventDefault();
          run();
        }}
      >
        <div class="entries-all" role="presentation" style={{ height: `${height}px` }}>
          {mode === 'sequence' && <LaneLines count={lanes.length} />}
          {items.map(({ index, start }) => {
            const row = all[index];
            if (!row) return null;
            const place = row.is === 'entry' ? row.index + 1 : row.start;
            return (
              // biome-ignore lint/a11y/useFocusableInteractive: the listbox has the focus
              // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox has the keys
              <div
                key={row.is === 'entry' ? row.index : `step ${row.step}`}
                id={`${id}-${index}`}
                role="option"
                aria-selected={index === current}
                aria-posinset={index + 1}
                aria-setsize={all.length}
                class={`entry ${row.is} ${place > book.n.value ? 'ahead' : ''} ${breaksAt(book, row) ? 'breaks' : ''} ${isQuiet(book, row) ? 'quiet' : ''}`}
                style={{ transform: `translateY(${start}px)`, height: `${rowHeight}px` }}
                onClick={() => choose(index)}
              >
                {row.is === 'step' ? (
                  <StepRow book={book} step={row.step} />
                ) : mode === 'list' ? (
                  <EntryRow book={book} index={row.index} pinned={pin.value === row.index + 1} />
                ) : (
                  <MessageRow book={book} index={row.index} lanes={lanes} />
                )}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** Surely: of the rows that are drawn those beyond the edges are not. Asking the page itself would make it lay itself out. */
function isInSight(items: readonly { readonly index: number }[], index: number): boolean {
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;
  return index > first + OVERSCAN && index < last - OVERSCAN;
}

/** What the engine keeps for itself. */
function isQuiet({ pages }: Book, row: TimelineRow): boolean {
  const entry = row.is === 'entry' ? pages.value.timeline.entries[row.index] : undefined;
  return entry?.kind === 'fact' && entry.fact?.type === 'agent_saved';
}

function breaksAt({ failure }: Book, row: TimelineRow): boolean {
  if (!failure) return false;
  return row.is === 'entry' ? row.index === failure.entries - 1 : row.step === failure.step;
}

function StepRow({ book, step }: { book: Book; step: number }) {
  return (
    <>
      <span class="mono muted">step {step + 1}</span>
      <strong class="entry-words">{book.trace?.steps[step]?.words}</strong>
      {book.failure?.step === step && <span class="badge bad">breaks here</span>}
    </>
  );
}

function EntryRow({ book, index, pinned }: { book: Book; index: number; pinned: boolean }) {
  const { sequence } = book.pages.value;
  const row = sequence.row(index);
  if (!row) return null;
  return (
    <>
      <span class="entry-number mono muted">{index + 1}</span>
      <span class="entry-time mono muted">{book.timeOf(index)}</span>
      <span class={`entry-kind ${row.kind}`}>{row.kind}</span>
      <span class={`entry-words ${row.failed ? 'bad-text' : ''}`}>{row.words}</span>
      {pinned && <span class="badge info">A</span>}
      {breaksAt(book, { is: 'entry', index }) && <span class="badge bad">breaks here</span>}
      <span class="entry-of muted">{whose(book, row)}</span>
    </>
  );
}

/** Of charts the actor, since a session has several. What is said of the subject itself needs no name. */
function whose({ pages, subject }: Book, { entry, from, to, sessionId }: SequenceRow): string {
  const told = pages.value.timeline.entries[entry];
  if (sessionId === undefined) return from === to ? to : `${from} → ${to}`;
  const name = told && 'actor' in told ? legible(excerptOf(told.actor)) : legible(sessionId);
  if (subject === undefined) return name;
  return name === subject ? '' : name.startsWith(`${subject}/`) ? name.slice(subject.length + 1) : name;
}

/** A stranger's actor may be called anything. */
function excerptOf(actor: unknown): string {
  return typeof actor === 'string' ? actor : excerpt(actor);
}

function MessageRow({ book, index, lanes }: { book: Book; index: number; lanes: readonly string[] }) {
  const row = book.pages.value.sequence.row(index);
  if (!row) return null;
  return (
    <>
      <span class="entry-time mono muted">{book.timeOf(index)}</span>
      <Arrow row={row} lanes={lanes} />
    </>
  );
}
