import { describe, expect, it } from 'vitest';
import { Batch, Pending } from '../src/batch.ts';
import type { Message } from '../src/data.ts';
import { AT, createdFact, factOf, statusFact } from './support/facts.ts';

describe('a batch', () => {
  it('counts on from the newest seq, and from the sessionSeq of each session', () => {
    const batch = new Batch(40, AT);
    const [a, b] = [
      { id: 'a', sessionSeq: 7 },
      { id: 'b', sessionSeq: 0 },
    ];
    expect(batch.nextSeq).toBe(41);
    for (const session of [a, b, a]) batch.add(session, 'file_added', { path: 'x' });
    expect(batch.nextSeq).toBe(44);
    expect(batch.facts.map(({ seq, sessionId, sessionSeq }) => [seq, sessionId, sessionSeq])).toEqual([
      [41, 'a', 8],
      [42, 'b', 1],
      [43, 'a', 9],
    ]);
    expect(batch.facts[0]).toEqual({
      seq: 41,
      sessionId: 'a',
      sessionSeq: 8,
      at: AT,
      type: 'file_added',
      payload: { path: 'x' },
    });
  });
});

describe('a batch behind others in the same append', () => {
  const message = (n: number, idempotencyKey?: string): Message =>
    ({ id: `a:${n}`, seq: n, ...(idempotencyKey && { idempotencyKey }) }) as Message;

  it('counts on from what they say of each session', () => {
    const pending = new Pending();
    pending.add(factOf({ seq: 41, sessionId: 'a' }, 'file_added', { path: 'x' }));
    pending.add(factOf({ seq: 42, sessionId: 'b' }, 'file_added', { path: 'x' }));
    pending.add(factOf({ seq: 43, sessionId: 'a' }, 'file_added', { path: 'y' }));
    const batch = new Batch(43, AT, pending);
    for (const id of ['a', 'a', 'c']) batch.add({ id, sessionSeq: 5 }, 'file_added', { path: 'z' });
    expect(batch.facts.map(({ seq, sessionId, sessionSeq }) => [seq, sessionId, sessionSeq])).toEqual([
      [44, 'a', 8],
      [45, 'a', 9],
      [46, 'c', 6],
    ]);
  });

  it('knows the messages and the keys that its session is about to have', () => {
    const pending = new Pending();
    pending.add(
      factOf({ seq: 1, sessionId: 'a' }, 'conversation_added', { message: message(1, 'k'), tokens: 1 }),
    );
    pending.add(factOf({ seq: 1, sessionId: 'a' }, 'conversation_added', { message: message(2), tokens: 1 }));
    const batch = new Batch(2, AT, pending);
    expect(batch.ahead('a')).toMatchObject({ facts: 2, messages: 2, turning: false });
    expect(batch.ahead('a')?.keyed?.get('k')?.id).toBe('a:1');
    expect(batch.ahead('b')).toBeUndefined();
  });

  it('knows whose life is about to change, and how many sessions come into being', () => {
    const pending = new Pending();
    pending.add(createdFact({ seq: 1, sessionId: 'a' }));
    pending.add(createdFact({ seq: 1, sessionId: 'b' }));
    pending.add(statusFact({ seq: 1, sessionId: 'c' }, 'idle', 'active'));
    const batch = new Batch(3, AT, pending);
    expect(['a', 'b', 'c'].map((id) => batch.ahead(id)?.turning)).toEqual([true, true, true]);
    expect([batch.created, new Batch(0, AT).created]).toEqual([2, 0]);
  });

  it('says with a fact when its session must come back, and otherwise leaves that out', () => {
    const batch = new Batch(0, AT);
    const session = { id: 'a', sessionSeq: 0 };
    batch.add(session, 'file_added', { path: 'x' });
    batch.add(session, 'file_added', { path: 'x' }, 0);
    batch.add(session, 'file_added', { path: 'x' }, null);
    expect(batch.facts.map((fact) => ('wakeAt' in fact ? fact.wakeAt : 'unsaid'))).toEqual([
      'unsaid',
      0,
      null,
    ]);
  });
});

it('a batch may leave numbers out, and never goes back', () => {
  const batch = new Batch(5, AT);
  batch.skipTo(100);
  batch.skipTo(50);
  batch.add({ id: 'a', sessionSeq: 0 }, 'file_added', { path: 'x' });
  expect([batch.nextSeq, batch.facts[0]?.seq]).toEqual([102, 101]);
});
