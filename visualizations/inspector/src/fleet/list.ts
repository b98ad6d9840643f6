import type { SessionStatus } from 'chartroom';
import type { FleetRow } from 'chartroom/inspect';
import { type Attention, attentionOf } from './attention.ts';
import type { Fleet } from './fleet.ts';

/** What can be asked for; a session is listed when it is one of what is asked for, or when nothing is. */
export type Filter = SessionStatus | Attention | 'asleep';

export const FILTERS = [
  'crashed',
  'slow',
  'initializing',
  'active',
  'idle',
  'terminating',
  'terminated',
  'asleep',
] as const satisfies readonly Filter[];

export type Column =
  | 'attention'
  | 'id'
  | 'status'
  | 'activity'
  | 'messages'
  | 'files'
  | 'tasks'
  | 'restarts'
  | 'rate';

export interface Sorting {
  readonly column: Column;
  readonly descending: boolean;
}

/** Crashed ones first, then slow ones, the living, the ended; each the newest first: an order that is calm. */
export const DEFAULT_SORTING: Sorting = { column: 'attention', descending: true };

export interface Listing {
  readonly ids: readonly string[];
  /** Of all sessions, whatever is asked for. */
  readonly counts: Readonly<Record<Filter, number>>;
}

/** Which sessions are listed, and in which order. Ties are broken by creation, the newest first. */
export function listSessions(
  fleet: Fleet,
  query: { readonly search: string; readonly filters: ReadonlySet<Filter>; readonly sorting: Sorting },
  clocks: { readonly engine: number; readonly here: number },
): Listing {
  const counts = Object.fromEntries(FILTERS.map((filter) => [filter, 0])) as Record<Filter, number>;
  const search = query.search.trim().toLowerCase();
  const found: Array<{ readonly row: FleetRow; readonly by: number | string }> = [];
  for (const row of fleet.rows()) {
    const attention = attentionOf(row, clocks.engine);
    counts[row.status] += 1;
    if (attention) counts[attention] += 1;
    if (row.asleep) counts.asleep += 1;
    const { filters } = query;
    const isAskedFor =
      filters.size === 0 ||
      filters.has(row.status) ||
      (attention !== undefined && filters.has(attention)) ||
      (row.asleep && filters.has('asleep'));
    if (!isAskedFor || (search !== '' && !row.id.toLowerCase().includes(search))) continue;
    found.push({ row, by: keyOf(row, query.sorting.column, attention, fleet, clocks.here) });
  }
  const sign = query.sorting.descending ? -1 : 1;
  found.sort((a, b) => sign * compare(a.by, b.by) || b.row.seq - a.row.seq);
  return { ids: found.map(({ row }) => row.id), counts };
}

/** Clicking a column: numbers begin with the greatest, words with the first. */
export function sortBy(column: Column, now: Sorting): Sorting {
  if (now.column === column) return { column, descending: !now.descending };
  return { column, descending: column !== 'id' && column !== 'status' };
}

const STATUS_ORDER: Readonly<Record<SessionStatus, number>> = {
  initializing: 0,
  active: 1,
  idle: 2,
  terminating: 3,
  terminated: 4,
};

function keyOf(
  row: FleetRow,
  column: Column,
  attention: Attention | undefined,
  fleet: Fleet,
  here: number,
): number | string {
  switch (column) {
    case 'attention':
      return urgency(row, attention);
    case 'id':
      return row.id;
    case 'status':
      return STATUS_ORDER[row.status];
    case 'activity':
      return row.lastActivityAt;
    case 'rate':
      return fleet.rate(row.id, here);
    default:
      return row[column];
  }
}

function urgency({ status }: FleetRow, attention: Attention | undefined): number {
  if (attention) return attention === 'crashed' ? 3 : 2;
  return status === 'terminated' ? 0 : 1;
}

function compare(a: number | string, b: number | string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
