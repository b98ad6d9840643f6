// biome-ignore-all lint/a11y/useSemanticElements: of some thousand rows those in sight are placed, which no table does
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus, and names the row that the keys are on
import type { FleetRow } from 'chartroom/inspect';
import { useEffect } from 'preact/hooks';
import type { Live } from '../live/live.ts';
import { formatAgo, formatCount, formatDuration, formatRate } from '../parts/format.ts';
import { Icon } from '../parts/icon.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { useVirtualRows } from '../parts/use-virtual.ts';
import { sessionHref } from '../route.ts';
import { go } from '../shell/address.ts';
import { useShortcuts } from '../shortcuts.ts';
import { attentionOf } from './attention.ts';
import { fleetQuery, selectedSession } from './fleet-query.ts';
import { type Column, sortBy } from './list.ts';

const ROW_HEIGHT = 28;
const PAGE = 20;

const COLUMNS: ReadonlyArray<{ readonly column: Column; readonly name: string; readonly number?: true }> = [
  { column: 'attention', name: 'Attention' },
  { column: 'id', name: 'Session' },
  { column: 'status', name: 'Status' },
  { column: 'activity', name: 'Activity', number: true },
  { column: 'messages', name: 'Messages', number: true },
  { column: 'files', name: 'Files', number: true },
  { column: 'tasks', name: 'Tasks', number: true },
  { column: 'restarts', name: 'Restarts', number: true },
  { column: 'rate', name: 'Facts/s', number: true },
];

export function FleetGrid({ live, ids }: { live: Live; ids: readonly string[] }) {
  void live.fleetRevision.value;
  const virtual = useVirtualRows<HTMLDivElement>({ count: ids.length, rowHeight: ROW_HEIGHT });
  const at = placeOf(selectedSession.value, ids);
  const select = (index: number) => {
    const next = Math.max(0, Math.min(ids.length - 1, index));
    selectedSession.value = ids[next];
    if (ids.length > 0) virtual.scrollTo(next);
    virtual.scroller.current?.focus({ preventScroll: true });
  };
  // Of two keys in a row, the second may come before anything is drawn.
  const place = () => placeOf(selectedSession.peek(), ids);
  useShortcuts('Sessions', [
    { keys: ['j', 'ArrowDown'], words: 'next session', run: () => select(place() + 1) },
    { keys: ['k', 'ArrowUp'], words: 'previous session', run: () => select(place() - 1) },
    { keys: 'PageDown', words: 'twenty further', run: () => select(place() + PAGE) },
    { keys: 'PageUp', words: 'twenty back', run: () => select(place() - PAGE) },
    { keys: 'Home', words: 'first session', run: () => select(0) },
    { keys: 'End', words: 'last session', run: () => select(ids.length - 1) },
    {
      keys: ['Enter', 'o'],
      words: 'open the session',
      run: () => (place() < 0 ? false : openSession(ids[place()])),
    },
  ]);
  // Once, for one who comes back from a session.
  useEffect(() => {
    if (at > 0) virtual.scrollTo(at);
  }, []);
  const clocks = { engine: live.now.value, here: Date.now() };
  return (
    // The keys are bound to the page: one need not come here first.
    <div
      class="grid"
      role="grid"
      aria-label="Sessions"
      aria-rowcount={ids.length + 1}
      aria-colcount={COLUMNS.length}
      aria-activedescendant={at >= 0 ? rowId(at) : undefined}
      tabIndex={0}
      ref={virtual.scroller}
    >
      <Header />
      {ids.length === 0 ? (
        <NoSessions live={live} />
      ) : (
        <div class="grid-rows" role="rowgroup" style={{ height: `${virtual.height}px` }}>
          {virtual.items.map(({ index, start }) => {
            const row = live.fleet.get(ids[index] ?? '');
            return (
              row && (
                <Row
                  key={row.id}
                  row={row}
                  index={index}
                  top={start}
                  selected={index === at}
                  rate={live.fleet.rate(row.id, clocks.here)}
                  now={clocks.engine}
                />
              )
            );
          })}
        </div>
      )}
    </div>
  );
}

function Header() {
  const { sorting } = fleetQuery.value;
  return (
    <div class="grid-head" role="rowgroup">
      <div class="grid-row" role="row" aria-rowindex={1}>
        {COLUMNS.map(({ column, name, number }) => {
          const isSorted = sorting.column === column;
          const order = sorting.descending ? 'descending' : 'ascending';
          return (
            <div
              key={column}
              class={`cell ${column} ${number ? 'number' : ''}`}
              role="columnheader"
              aria-sort={isSorted ? order : undefined}
            >
              <button
                type="button"
                class="sort"
                onClick={() => {
                  fleetQuery.value = { ...fleetQuery.peek(), sorting: sortBy(column, sorting) };
                }}
              >
                {column === 'attention' ? <Icon name="warning" size={13} /> : name}
                {column === 'attention' && <span class="sr-only">Attention</span>}
                <span class="sort-mark" aria-hidden="true">
                  {isSorted ? (sorting.descending ? '↓' : '↑') : ''}
                </span>
              </button>
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Row(props: {
  row: FleetRow;
  index: number;
  top: number;
  selected: boolean;
  rate: number;
  now: number;
}) {
  const { row, index, now } = props;
  const attention = attentionOf(row, now);
  // A running engine does not look into what is asleep.
  const isKnown = !row.asleep || row.createdAt > 0;
  const known = (count: number) => (!isKnown ? '' : count === 0 ? '·' : formatCount(count));
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter opens the row that the keys are on
    <div
      class={`grid-row ${attention ?? ''} ${row.status === 'terminated' ? 'ended' : ''}`}
      role="row"
      id={rowId(index)}
      aria-rowindex={index + 2}
      aria-selected={props.selected}
      style={{ transform: `translateY(${props.top}px)` }}
      onClick={(event) => {
        selectedSession.value = row.id;
        const isLink = event.target instanceof Element && event.target.closest('a');
        if (!isLink && !event.metaKey && !event.ctrlKey) openSession(row.id);
      }}
    >
      <div class="cell attention" role="gridcell">
        {attention && (
          <span class={`badge ${attention === 'crashed' ? 'bad' : 'warn'}`} title={whyOf(row, now)}>
            {attention}
          </span>
        )}
      </div>
      <div class="cell id mono" role="gridcell">
        <a href={sessionHref(row.id)} tabIndex={-1} title={row.id}>
          {row.id}
        </a>
      </div>
      <div class="cell status-cell" role="gridcell">
        <StatusMark status={row.status} asleep={row.asleep} />
        {row.reason && row.reason !== 'normal' && <span class="reason">{row.reason}</span>}
      </div>
      <div class="cell number" role="gridcell" title={`${formatDuration(now - row.since)} ${row.status}`}>
        {formatAgo(now - row.lastActivityAt)}
      </div>
      <div class="cell number" role="gridcell">
        {known(row.messages)}
      </div>
      <div class="cell number" role="gridcell">
        {known(row.files)}
      </div>
      <div class="cell number" role="gridcell">
        {known(row.tasks)}
      </div>
      <div class={`cell number ${row.restarts > 0 ? 'warned' : ''}`} role="gridcell">
        {known(row.restarts)}
      </div>
      <div class="cell number" role="gridcell">
        {props.rate < 0.05 ? '·' : formatRate(props.rate)}
      </div>
    </div>
  );
}

function NoSessions({ live }: { live: Live }) {
  const { is } = live.connection.state.value;
  if (live.fleet.size > 0)
    return (
      <div class="empty">
        <strong>No session matches</strong>
        <button
          type="button"
          class="button small"
          onClick={() => {
            fleetQuery.value = { ...fleetQuery.peek(), search: '', filters: new Set() };
          }}
        >
          Show all {formatCount(live.fleet.size)}
        </button>
      </div>
    );
  if (is !== 'live') return <p class="empty">Sessions appear here when there is a connection.</p>;
  return (
    <div class="empty">
      <strong>There are no sessions yet</strong>
      Create one in the program: <code>await manager.createSession()</code>. It appears here at once.
    </div>
  );
}

function whyOf(row: FleetRow, now: number): string {
  if (row.error) return `${row.error.name}: ${row.error.message}`;
  if (row.reason) return row.reason;
  return `${row.status} for ${formatDuration(now - row.since)}, last activity ${formatAgo(now - row.lastActivityAt)} ago`;
}

function placeOf(id: string | undefined, ids: readonly string[]): number {
  return id === undefined ? -1 : ids.indexOf(id);
}

function rowId(index: number): string {
  return `session-row-${index}`;
}

export function openSession(id: string | undefined): void {
  if (id !== undefined) go({ view: 'session', id, moment: 'live', query: {} });
}
