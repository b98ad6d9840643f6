import { describe, expect, it } from 'vitest';
import { factEntry } from '../../src/inspect/fact-entry.ts';
import { Redaction } from '../../src/inspect/redaction.ts';
import { Reel, snapshotOf } from '../../src/inspect/reel.ts';
import type { Fact } from '../../src/session/facts.ts';
import { applyFact, type SessionState } from '../../src/session/state.ts';
import type { TraceEntry } from '../../src/testing/trace.ts';
import { anyFact, createdFact, factOf, statusFact } from '../support/facts.ts';

const entryOf = (fact: Fact) => factEntry(fact, 0, new Redaction()).entry;
const at = { step: 0, atMs: 0 };
const schedule = (label: string): TraceEntry => ({ ...at, kind: 'schedule', label });
const snapshot = (actor: string, value: string, status = 'active', definition = 'm'): TraceEntry => ({
  ...at,
  kind: 'snapshot',
  definition,
  actor,
  value,
  status,
});
const labels = (entries: readonly TraceEntry[]) =>
  entries.map((entry) => (entry.kind === 'schedule' ? entry.label : entry.kind));
const all = (reel: Reel) => reel.recording({}).entries;

describe('a reel', () => {
  it('holds what was pushed, in order, with its places', () => {
    const reel = new Reel();
    for (const label of ['a', 'b', 'c']) reel.push(schedule(label));
    expect(labels(all(reel))).toEqual(['a', 'b', 'c']);
    expect({ start: reel.start, end: reel.end, cut: reel.cut }).toEqual({ start: 0, end: 3, cut: false });
  });

  it('lets the oldest go over its limit, and says so', () => {
    const reel = new Reel({ limit: 3 });
    for (let n = 0; n < 10; n += 1) reel.push(schedule(String(n)));
    expect(labels(all(reel))).toEqual(['7', '8', '9']);
    expect({ start: reel.start, end: reel.end, cut: reel.cut, from: reel.from }).toEqual({
      start: 7,
      end: 10,
      cut: true,
      from: 7,
    });
  });

  it('lets the oldest go over its bytes, but never the newest', () => {
    const reel = new Reel({ maxBytes: 100 });
    reel.push(schedule('a'), 60);
    reel.push(schedule('b'), 60);
    expect(labels(all(reel))).toEqual(['b']);
    reel.push(schedule('c'), 1_000);
    expect(labels(all(reel))).toEqual(['c']);
  });

  it('is read in parts, each bounded in number and in bytes', () => {
    const reel = new Reel();
    for (const label of ['a', 'b', 'c', 'd']) reel.push(schedule(label), 10);
    const first = reel.part(0, 2, 1_000);
    expect([labels(first.entries), first.next]).toEqual([['a', 'b'], 2]);
    const second = reel.part(2, 10, 15);
    expect([labels(second.entries), second.next]).toEqual([['c'], 3]);
    expect(labels(reel.part(3, 10, 1).entries)).toEqual(['d']);
    expect(reel.part(4, 10, 1_000)).toEqual({ entries: [], next: 4 });
  });

  it('folds facts that go into the base of their session', () => {
    const facts = [createdFact({ seq: 1 }), anyFact(2), anyFact(3), anyFact(4)];
    const reel = new Reel({ limit: 1 });
    for (const fact of facts) reel.push(entryOf(fact));
    const [a, b, c] = facts as [Fact, Fact, Fact];
    const state = [a, b, c].reduce<SessionState | undefined>(applyFact, undefined) as SessionState;
    expect(reel.recording({}).bases).toEqual({ a: snapshotOf(state) });
  });

  it('goes on from a base that was given to it, which itself does not change', () => {
    const state = applyFact(undefined, createdFact({ seq: 1 }));
    const base = snapshotOf(state);
    const reel = new Reel({ limit: 1 });
    reel.begin('a', base);
    expect(reel.cut).toBe(true);
    for (const fact of [anyFact(2), anyFact(3)]) reel.push(entryOf(fact));
    expect(base.data.files).toEqual([]);
    expect(reel.recording({}).bases.a).toMatchObject({
      sessionSeq: 2,
      data: { files: [['f2', expect.any(String)]] },
    });
  });

  it('forgets the base of a session whose end goes, and begins anew with the next of its id', () => {
    const reel = new Reel({ limit: 1 });
    reel.push(entryOf(createdFact({ seq: 1 })));
    reel.push(entryOf(factOf({ seq: 2 }, 'session_terminated', { reason: 'normal' })));
    reel.push(entryOf(createdFact({ seq: 3, sessionSeq: 1 })));
    expect(reel.recording({}).bases).toEqual({});
    reel.push(entryOf(statusFact({ seq: 4, sessionSeq: 2 }, 'active', 'initializing')));
    expect(reel.recording({}).bases.a).toMatchObject({ sessionSeq: 1, data: { seq: 3 } });
  });

  it('carries the last snapshot of every chart that still runs', () => {
    const reel = new Reel({ limit: 1 });
    reel.push(snapshot('a', 'one'));
    reel.push(snapshot('a', 'two'));
    reel.push(snapshot('b', 'one'));
    reel.push(snapshot('b', 'over', 'done'));
    reel.push(snapshot('a', 'other', 'active', 'n'));
    reel.push(schedule('last'));
    expect(all(reel)).toEqual([
      snapshot('a', 'two'),
      snapshot('a', 'other', 'active', 'n'),
      schedule('last'),
    ]);
    expect(reel.from).toBe(3);
  });

  it('takes any name for a session and for a chart', () => {
    const reel = new Reel({ limit: 1 });
    reel.begin(
      'constructor',
      snapshotOf(applyFact(undefined, createdFact({ seq: 1, sessionId: 'constructor' }))),
    );
    reel.push(snapshot('__proto__', 'one'));
    reel.push(schedule('last'));
    expect(Object.keys(reel.recording({}).bases)).toEqual(['constructor']);
    expect(labels(all(reel))).toEqual(['snapshot', 'last']);
  });
});
