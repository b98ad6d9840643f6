import { type ReadonlySignal, type Signal, useComputed, useSignal } from '@preact/signals';
import { ENTRY_KINDS } from 'chartroom/inspect';
import type { Book } from './book.ts';
import { EntryList } from './entry-list.tsx';
import { timelineRows } from './steps.ts';

/** Kinds of entries by what a person calls them. */
const GROUPS: readonly (readonly [string, readonly string[]])[] = [
  ['calls', ['call', 'settled']],
  ['charts', ['sent', 'snapshot']],
  ['facts', ['fact']],
  ['events', ['event']],
  ['schedule', ['schedule']],
];

interface TimelinePanelProps {
  readonly book: Book;
  readonly query: Signal<Readonly<Record<string, string>>>;
  /** Of several sessions the one that is looked at. */
  readonly session: ReadonlySignal<string | undefined>;
  readonly pin: ReadonlySignal<number | undefined>;
}

/** All that happened, as a list or as messages between those who take part. */
export function TimelinePanel({ book, query, session, pin }: TimelinePanelProps) {
  const text = useSignal('');
  const hidden = useSignal<ReadonlySet<string>>(new Set());
  const mode = query.value.mode === 'sequence' ? 'sequence' : 'list';
  const present = useComputed(() => {
    const there = new Set(book.pages.value.timeline.entries.map(({ kind }) => kind as string));
    return GROUPS.filter(([, kinds]) => kinds.some((kind) => there.has(kind)));
  });
  const rows = useComputed(() => {
    const { sequence, timeline } = book.pages.value;
    const kinds = ENTRY_KINDS.filter((kind) => {
      const group = GROUPS.find(([, members]) => members.includes(kind));
      return group && !hidden.value.has(group[0]);
    });
    const filter = {
      text: text.value.trim(),
      ...(hidden.value.size > 0 && { kinds: new Set<string>(kinds) }),
      ...(session.value !== undefined && { sessionId: session.value }),
    };
    const isWhole = filter.text === '' && !filter.kinds && filter.sessionId === undefined;
    const selected = isWhole ? timeline.entries.map((_, index) => index) : sequence.select(filter);
    return timelineRows(timeline.entries, selected, book.trace?.steps);
  });
  const show = (next: string) => {
    const { mode: _, ...rest } = query.peek();
    query.value = next === 'list' ? rest : { ...rest, mode: next };
  };
  const toggle = (name: string) => {
    const next = new Set(hidden.peek());
    if (!next.delete(name)) next.add(name);
    hidden.value = next;
  };
  return (
    <section class="pane timeline-panel" aria-label="Timeline">
      <div class="pane-head">
        <fieldset class="segments" aria-label="Show as">
          {['list', 'sequence'].map((each) => (
            <button key={each} type="button" aria-pressed={mode === each} onClick={() => show(each)}>
              {each === 'list' ? 'List' : 'Sequence'}
            </button>
          ))}
        </fieldset>
        {present.value.length > 1 && (
          <fieldset class="segments filters" aria-label="Kinds shown">
            {present.value.map(([name]) => (
              <button
                key={name}
                type="button"
                aria-pressed={!hidden.value.has(name)}
                onClick={() => toggle(name)}
              >
                {name}
              </button>
            ))}
          </fieldset>
        )}
        <span class="spread" />
        <input
          type="search"
          class="field search"
          placeholder="Search"
          aria-label="Search in the timeline"
          value={text.value}
          onInput={({ currentTarget }) => {
            text.value = currentTarget.value;
          }}
        />
      </div>
      <EntryList key={mode} book={book} rows={rows} mode={mode} pin={pin} />
    </section>
  );
}
