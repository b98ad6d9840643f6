import type { Detail, TraceEntry } from 'chartroom/inspect';
import { momentAt } from 'chartroom/inspect';
import { describe, expect, it } from 'vitest';
import {
  actorRows,
  addressOf,
  chartToCome,
  chosenChart,
  ownerAmong,
  standingInWords,
} from '../../../visualizations/inspector/src/session/actors.ts';
import { createdFact } from '../../support/facts.ts';

const snapshot = (definition: string, actor: string, value = 's'): TraceEntry => ({
  step: 0,
  atMs: 0,
  kind: 'snapshot',
  definition,
  actor,
  value,
  status: 'active',
});
const fact = { step: 0, atMs: 0, kind: 'fact', fact: createdFact({ seq: 1 }) } as unknown as TraceEntry;
const momentOf = (...entries: TraceEntry[]) =>
  momentAt({ definitions: {}, bases: {}, entries }, entries.length);
const inShort = (rows: ReturnType<typeof actorRows>) =>
  rows.map(({ name, depth }) => `${' '.repeat(depth)}${name}`);

describe('actorRows', () => {
  it('are a tree by their names, whatever the order in which they were told of', () => {
    const moment = momentOf(
      snapshot('till', 'shop/till'),
      snapshot('shop', 'shop'),
      snapshot('coin', 'shop/till/coin'),
    );
    expect(inShort(actorRows(moment, []))).toEqual(['shop', ' till', '  coin']);
  });

  it('keep under the nearest actor that is known what has none above it', () => {
    const moment = momentOf(snapshot('shop', 'shop'), snapshot('coin', 'shop/till/coin'));
    expect(inShort(actorRows(moment, []))).toEqual(['shop', ' coin']);
  });

  it('hold the chart of a session of which only facts are told', () => {
    const [row] = actorRows(momentOf(fact), ['a']);
    expect(row).toMatchObject({ actor: 'a', chart: { value: 'initializing' } });
  });

  it('of the present have actors without a chart, and what is their own', () => {
    const detail: Detail = {
      actors: [
        { actor: 'a', definition: 'session', id: 'a', kind: 'machine', status: 'active' },
        { actor: 'a/agent', id: 'agent', kind: 'promise', status: 'active', parent: 'a' },
      ],
      deadlines: [],
      tasks: 0,
      asleep: false,
    };
    const rows = actorRows(momentOf(fact), ['a'], detail);
    expect(rows.map(({ name, depth, kind, chart }) => [name, depth, kind, chart !== undefined])).toEqual([
      ['a', 0, 'machine', true],
      ['agent', 1, 'promise', false],
    ]);
  });

  it('are each there once, also when two definitions share a name', () => {
    const moment = momentOf(snapshot('d', 'x'), snapshot('e', 'x'), snapshot('f', 'x/y'));
    expect(actorRows(moment, []).map(({ key }) => key)).toHaveLength(3);
  });
});

describe('ownerAmong', () => {
  it('is the nearest that is known, though names may hold slashes', () => {
    const known = new Set(['a', 'a/b']);
    expect(['a/b/c', 'a/c', 'a', 'ab/c', '/a'].map((actor) => ownerAmong(actor, known))).toEqual([
      'a/b',
      'a',
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('chosenChart', () => {
  const rows = actorRows(momentOf(snapshot('d', 'x'), snapshot('e', 'x'), snapshot('f', 'y')), []);

  it('is the one that an address names, or the first', () => {
    expect(chosenChart(rows, 'y')?.actor).toBe('y');
    expect(chosenChart(rows, 'nobody')?.key).toBe(rows[0]?.key);
    expect(chosenChart([], 'x')).toBeUndefined();
  });

  it('is found by the address that was given to it', () => {
    for (const row of rows) expect(chosenChart(rows, addressOf(row, rows))).toBe(row);
    expect(addressOf(rows[2] as (typeof rows)[0], rows)).toBe('y');
  });
});

describe('chartToCome', () => {
  const recording = { definitions: {}, bases: {}, entries: [fact, snapshot('d', 'x'), snapshot('e', 'x/y')] };

  it('is the chosen one, or the first, of all that a recording will tell of', () => {
    expect(chartToCome(recording, undefined)?.actor).toBe('x');
    expect(chartToCome(recording, 'x/y')).toMatchObject({
      actor: 'x/y',
      name: 'y',
      chart: { definition: 'e' },
    });
    expect(chartToCome(recording, 'nobody')?.actor).toBe('x');
    expect(chartToCome({ ...recording, entries: [fact] }, undefined)).toBeUndefined();
  });

  it('stays the chosen one before it has begun, and gives way to what has when it is not chosen', () => {
    const rows = actorRows(momentOf(snapshot('d', 'x')), []);
    expect(chosenChart(rows, 'x/y', chartToCome(recording, 'x/y'))?.actor).toBe('x/y');
    expect(chosenChart(rows, 'nobody', chartToCome(recording, 'nobody'))?.status).toBe('active');
    expect(chosenChart([], undefined, chartToCome(recording, undefined))?.chart?.value).toBeUndefined();
  });
});

describe('standingInWords', () => {
  it('says where a chart is, that it is done, or that it has not begun', () => {
    const chart = { actor: 'a', definition: 'd', status: 'active', entry: 0 };
    expect(standingInWords({ ...chart, value: { running: 'idle' } })).toBe('a is in running.idle');
    expect(standingInWords({ ...chart, value: 'over', status: 'done' })).toBe('a is in over, done');
    expect(standingInWords(chart)).toBe('a has not begun');
  });
});
