import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { createSession } from '../act/create-session.ts';
import type { Live } from '../live/live.ts';
import { formatCount } from '../parts/format.ts';
import { Icon } from '../parts/icon.tsx';
import { go } from '../shell/address.ts';
import { useShortcuts } from '../shortcuts.ts';
import { FleetGrid, openSession } from './fleet-grid.tsx';
import { FleetHead } from './fleet-head.tsx';
import { fleetQuery, selectedSession } from './fleet-query.ts';
import { FILTERS, type Filter, type Listing, listSessions } from './list.ts';

/** The list is put in order this often at most: rows that move under the pointer are not to be read. */
const ORDER_MS = 500;

export function FleetPage({ live }: { live: Live }) {
  const search = useRef<HTMLInputElement>(null);
  const listing = useListing(live);
  const mayCreate = live.hello.value?.allow.includes('create') ?? false;
  useShortcuts('Fleet', [
    {
      keys: '/',
      words: 'search by id',
      run: () => search.current?.focus(),
    },
    {
      keys: 'Escape',
      words: 'leave the search, or show all again',
      run() {
        if (document.activeElement === search.current) search.current?.blur();
        else fleetQuery.value = { ...fleetQuery.peek(), search: '', filters: new Set() };
      },
    },
  ]);
  const create = async () => {
    const id = await createSession(live);
    if (id) go({ view: 'session', id, moment: 'live', query: {} });
  };
  const { hidden, size } = live.fleet;
  return (
    <section class="view" aria-labelledby="view-title">
      <header class="view-head">
        <h1 id="view-title">Fleet</h1>
        <FleetHead live={live} />
      </header>
      <div class="toolbar">
        <label class="fleet-search">
          <Icon name="search" size={14} />
          <span class="sr-only">Search by id</span>
          <input
            ref={search}
            class="field"
            type="search"
            placeholder="Search by id"
            value={fleetQuery.value.search}
            onInput={({ currentTarget }) => {
              fleetQuery.value = { ...fleetQuery.peek(), search: currentTarget.value };
            }}
            onKeyDown={({ key }) => {
              if (key !== 'Enter') return;
              const selected = listing.ids.find((id) => id === selectedSession.peek());
              openSession(selected ?? listing.ids[0]);
            }}
          />
          <span class="kbd" aria-hidden="true">
            /
          </span>
        </label>
        <Filters counts={listing.counts} />
        <span class="spread" />
        {mayCreate && (
          <button type="button" class="button primary" onClick={create}>
            <Icon name="plus" size={14} />
            Create…
          </button>
        )}
      </div>
      <FleetGrid live={live} ids={listing.ids} />
      <footer class="fleet-foot">
        {formatCount(listing.ids.length)} of {formatCount(size)} {size === 1 ? 'session' : 'sessions'}
        {hidden > 0 && `, and ${formatCount(hidden)} more that the inspector does not list`}
      </footer>
    </section>
  );
}

function Filters({ counts }: { counts: Listing['counts'] }) {
  const { filters } = fleetQuery.value;
  const toggle = (filter: Filter) => {
    const next = new Set(filters);
    if (!next.delete(filter)) next.add(filter);
    fleetQuery.value = { ...fleetQuery.peek(), filters: next };
  };
  return (
    <fieldset class="fleet-filters">
      <legend class="sr-only">Show only</legend>
      {FILTERS.map((filter) => (
        <button
          type="button"
          key={filter}
          class={`fleet-filter ${filter} ${counts[filter] === 0 ? 'none' : ''}`}
          aria-pressed={filters.has(filter)}
          onClick={() => toggle(filter)}
        >
          {filter} <span class="fleet-filter-count">{formatCount(counts[filter])}</span>
        </button>
      ))}
    </fieldset>
  );
}

/** Anew at once when something else is asked for; when sessions have changed, at most each {@link ORDER_MS}. */
function useListing(live: Live): Listing {
  const turn = useSignal(0);
  useSignalEffect(() => {
    void live.fleetRevision.value;
    void live.pulseRevision.value;
    const due = setTimeout(() => {
      turn.value += 1;
    }, waitFor(lastTurn.current));
    return () => clearTimeout(due);
  });
  const lastTurn = useRef(0);
  const listing = useComputed(() => {
    void turn.value;
    lastTurn.current = performance.now();
    return listSessions(live.fleet, fleetQuery.value, { engine: live.now.peek(), here: Date.now() });
  });
  return listing.value;
}

function waitFor(last: number): number {
  return Math.max(0, last + ORDER_MS - performance.now());
}
