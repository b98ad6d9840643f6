import { describe, expect, it } from 'vitest';
import { ENGINE_LANES, Sequence } from '../../src/inspect/sequence.ts';
import type { TraceEntry } from '../../src/testing/trace.ts';

const at = { step: 0, atMs: 0 };
const call: TraceEntry = { ...at, kind: 'call', call: 1, name: 'send', sessionId: 'a' };
const settled: TraceEntry = { ...at, kind: 'settled', call: 1, ok: false, error: 'CLOSED' };
const fact = (type: string, sessionId = 'a') =>
  ({ ...at, kind: 'fact', fact: { type, sessionId, payload: {} } }) as TraceEntry;
const event: TraceEntry = {
  ...at,
  kind: 'event',
  event: { type: 'file_added', sessionId: 'b', path: 'X.ts' },
};
const sent = (definition: string, actor: string, type: string): TraceEntry => ({
  ...at,
  kind: 'sent',
  definition,
  actor,
  event: { type },
});
const snapshot = (definition: string, actor: string): TraceEntry => ({
  ...at,
  kind: 'snapshot',
  definition,
  actor,
  value: 's',
  status: 'active',
});
const sequenceOf = (...entries: TraceEntry[]) => new Sequence({ definitions: {}, entries });
const ends = (sequence: Sequence) =>
  Array.from({ length: sequence.length }, (_, n) => {
    const { from, to } = sequence.row(n) ?? {};
    return `${from} → ${to}`;
  });

describe('the messages of an engine', () => {
  it('go between those who take part', () => {
    const sequence = sequenceOf(
      call,
      settled,
      fact('session_created'),
      fact('llm_response'),
      event,
      sent('session', 'a', 'session.active'),
      sent('session', 'a', 'xstate.done.actor.agent'),
      sent('librarian', 'a/agent', 'ask'),
      sent('librarian', 'a/agent', 'xstate.after.10.x'),
      sent('manager', '(manager)', 'manager.close'),
      sent('manager', '(manager)', 'session.failed'),
      snapshot('session', 'a'),
      { ...at, kind: 'schedule', label: 'append' },
      sent('librarian', 'a/agent', 'xstate.done.actor.search'),
      sent('manager', '(manager)', 'xstate.done.actor.recovery'),
      { ...at, kind: 'event', event: { type: 'llm_response', sessionId: 'a' } },
      { ...at, kind: 'of tomorrow' } as unknown as TraceEntry,
    );
    expect(sequence.lanes).toEqual(ENGINE_LANES);
    expect(ends(sequence)).toEqual([
      'client → manager',
      'manager → client',
      'session → store',
      'agent → store',
      'session → client',
      'manager → session',
      'agent → session',
      'manager → agent',
      'agent → agent',
      'client → manager',
      'session → manager',
      'session → session',
      'manager → manager',
      'agent → agent',
      'manager → manager',
      'agent → client',
      'manager → manager',
    ]);
  });

  it('are about a session, that of a settled call included', () => {
    const sequence = sequenceOf(call, settled, fact('x'), event, snapshot('librarian', 'b/agent'), {
      ...at,
      kind: 'schedule',
      label: 'l',
    });
    expect([0, 1, 2, 3, 4, 5].map((n) => sequence.row(n)?.sessionId)).toEqual([
      'a',
      'a',
      'a',
      'b',
      'b',
      undefined,
    ]);
    expect(sequence.row(1)).toMatchObject({ failed: true, words: 'send a: CLOSED' });
    expect(sequence.row(0)).not.toHaveProperty('failed');
  });
});

describe('the messages of another machine', () => {
  it('come from outside, from a parent, from a child that is done, and from its own clock', () => {
    const sequence = sequenceOf(
      snapshot('shop', 'shop'),
      snapshot('till', 'shop/till'),
      sent('shop', 'shop', 'pay'),
      sent('till', 'shop/till', 'charge'),
      sent('shop', 'shop', 'xstate.done.actor.till'),
      sent('shop', 'shop', 'xstate.done.actor.promise'),
      sent('till', 'shop/till', 'xstate.after.10.till'),
    );
    expect(sequence.lanes).toEqual(['outside', 'shop', 'shop/till']);
    expect(ends(sequence).slice(2)).toEqual([
      'outside → shop',
      'shop → shop/till',
      'shop/till → shop',
      'shop → shop',
      'shop/till → shop/till',
    ]);
  });

  it('of a kind of tomorrow stay outside, and what is not there is no row', () => {
    const sequence = sequenceOf({ ...at, kind: 'of tomorrow' } as unknown as TraceEntry);
    expect(sequence.row(0)).toMatchObject({ from: 'outside', to: 'outside', words: 'of tomorrow' });
    expect([sequence.row(1), sequence.words(1), sequence.sessionOf(1)]).toEqual([undefined, '', undefined]);
  });

  it('of many actors share a lane at the end', () => {
    const sequence = sequenceOf(...Array.from({ length: 12 }, (_, n) => snapshot('d', `x${n}`)));
    expect(sequence.lanes).toHaveLength(12);
    expect(sequence.row(11)).toMatchObject({ from: 'others', to: 'others' });
  });
});

describe('select', () => {
  const sequence = sequenceOf(call, fact('file_added'), event, settled);

  it('keeps what is of a kind, of a session, and says something, in any case', () => {
    expect(sequence.select({})).toEqual([0, 1, 2, 3]);
    expect(sequence.select({ kinds: new Set(['fact', 'event']) })).toEqual([1, 2]);
    expect(sequence.select({ sessionId: 'a' })).toEqual([0, 1, 3]);
    expect(sequence.select({ text: 'x.TS' })).toEqual([2]);
    expect(sequence.select({ sessionId: 'a', text: 'closed' })).toEqual([3]);
  });

  it('goes on with what has come', () => {
    const growing = sequenceOf(call);
    growing.extend([call, event, settled]);
    expect(growing.select({ sessionId: 'a' }, 1)).toEqual([2]);
    expect(growing.row(2)?.words).toBe('send a: CLOSED');
  });
});
