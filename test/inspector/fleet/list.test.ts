import { describe, expect, it } from 'vitest';
import type { FleetRow } from '../../../src/inspect/index.ts';
import { Fleet } from '../../../visualizations/inspector/src/fleet/fleet.ts';
import {
  type Column,
  DEFAULT_SORTING,
  type Filter,
  listSessions,
  type Sorting,
  sortBy,
} from '../../../visualizations/inspector/src/fleet/list.ts';
import { fleetRow } from './row.ts';

const now = 1_000_000;
const error = { name: 'Error', message: 'out of paper' };

const rows: FleetRow[] = [
  fleetRow('old', { seq: 1, messages: 5, lastActivityAt: 100 }),
  fleetRow('crashed', { seq: 2, error }),
  fleetRow('ended', { seq: 3, status: 'terminated', reason: 'normal', messages: 5 }),
  fleetRow('slow', { seq: 4, status: 'initializing' }),
  fleetRow('Asleep', { seq: 5, status: 'idle', asleep: true }),
  fleetRow('new', { seq: 6, messages: 1, lastActivityAt: now }),
];

function list(over: { search?: string; filters?: Filter[]; sorting?: Sorting } = {}) {
  const fleet = new Fleet();
  fleet.apply({ type: 'fleet', reset: true, rows }, 0);
  const { search = '', filters = [], sorting = DEFAULT_SORTING } = over;
  return listSessions(fleet, { search, filters: new Set(filters), sorting }, { engine: now, here: 0 });
}
const by = (column: Column, descending: boolean) => list({ sorting: { column, descending } }).ids;

describe('the list of sessions', () => {
  it('begins with what has crashed, then what is slow; the living, the ended; each the newest first', () => {
    expect(list().ids).toEqual(['crashed', 'slow', 'new', 'Asleep', 'old', 'ended']);
  });

  it('is searched by a part of the id, whatever its case', () => {
    expect(list({ search: ' aSl ' }).ids).toEqual(['Asleep']);
    expect(list({ search: 'nobody' }).ids).toEqual([]);
  });

  it('holds what is one of the things asked for', () => {
    expect(list({ filters: ['terminated', 'asleep'] }).ids).toEqual(['Asleep', 'ended']);
    expect(list({ filters: ['slow'] }).ids).toEqual(['slow']);
    expect(list({ filters: ['crashed', 'idle'] }).ids).toEqual(['crashed', 'Asleep']);
  });

  it('counts all of each kind, whatever is asked for', () => {
    expect(list({ filters: ['slow'], search: 'x' }).counts).toEqual({
      crashed: 1,
      slow: 1,
      initializing: 1,
      active: 3,
      idle: 1,
      terminating: 0,
      terminated: 1,
      asleep: 1,
    });
  });

  it('is put in order by a column, and the newest first where that is the same', () => {
    expect(by('messages', true)).toEqual(['ended', 'old', 'new', 'Asleep', 'slow', 'crashed']);
    expect(by('id', false)).toEqual(['Asleep', 'crashed', 'ended', 'new', 'old', 'slow']);
    expect(by('activity', true).slice(0, 2)).toEqual(['new', 'old']);
    expect(by('status', false)).toEqual(['slow', 'new', 'crashed', 'old', 'Asleep', 'ended']);
  });
});

describe('the head of a column', () => {
  it('begins numbers with the greatest, and words with the first', () => {
    expect(sortBy('messages', DEFAULT_SORTING)).toEqual({ column: 'messages', descending: true });
    expect(sortBy('id', DEFAULT_SORTING)).toEqual({ column: 'id', descending: false });
  });

  it('turns the order round the second time', () => {
    expect(sortBy('id', { column: 'id', descending: false })).toEqual({ column: 'id', descending: true });
  });
});
