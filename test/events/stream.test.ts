import { describe, expect, it } from 'vitest';
import { SessionError } from '../../src/errors.ts';
import { toEvent } from '../../src/events/face.ts';
import { EventStream, type StreamOptions } from '../../src/events/stream.ts';
import type { SessionEvent } from '../../src/events/types.ts';
import { drain } from '../support/events.ts';
import { AT, anyFact, factOf } from '../support/facts.ts';
import { gate } from '../support/gate.ts';
import { stateOf } from '../support/turns.ts';

const event = (seq: number, sessionId?: string) => toEvent(anyFact(seq, sessionId));
const ending = (seq: number, sessionId = 'a') =>
  toEvent(factOf({ seq, sessionId }, 'session_terminated', { reason: 'normal' }));
const words = (events: readonly SessionEvent[]) =>
  events.map((each) => (each.type === 'gap' ? `gap ${each.from}-${each.to}` : `${each.seq}`));

function opened(options: Partial<StreamOptions> = {}) {
  let releases = 0;
  const stream = new EventStream({
    buffer: 3,
    overflow: 'drop-oldest',
    types: undefined,
    sessionId: undefined,
    replay: undefined,
    release: () => {
      releases += 1;
    },
    ...options,
  });
  const push = (...seqs: number[]) => {
    for (const seq of seqs) stream.push(event(seq));
  };
  /** All that can be read now, and how it ends. */
  const rest = async () => {
    stream.end();
    return words(await drain(stream));
  };
  return { stream, push, rest, releases: () => releases };
}

describe('a reader', () => {
  it('that is slow finds events in order', async () => {
    const { stream, push, rest } = opened();
    push(1, 2, 3);
    expect(await stream.next()).toEqual({ value: event(1), done: false });
    push(4);
    expect(await rest()).toEqual(['2', '3', '4']);
  });

  it('that is early gets each event as it comes, first asked first served', async () => {
    const { stream, push } = opened();
    const asked = [stream.next(), stream.next()];
    expect(await stateOf(Promise.race(asked))).toBe('pending');
    push(1, 2, 3);
    expect(words((await Promise.all(asked)).flatMap(({ value }) => value ?? []))).toEqual(['1', '2']);
    expect(await stream.next()).toMatchObject({ value: { seq: 3 } });
  });

  it('iterates the stream itself', () => {
    const { stream } = opened();
    expect(stream[Symbol.asyncIterator]()).toBe(stream);
  });

  it('gets the types it wants, and every gap', async () => {
    const { stream, rest } = opened({ types: new Set(['session_created']), buffer: 1 });
    for (const seq of [1, 2]) stream.push(event(seq));
    stream.push(toEvent(factOf({ seq: 3 }, 'conversation_cleared', {})));
    expect(await rest()).toEqual([]);

    const cleared = opened({ types: new Set(['conversation_cleared']), buffer: 1 });
    for (const seq of [1, 3]) cleared.stream.push(toEvent(factOf({ seq }, 'conversation_cleared', {})));
    cleared.stream.push(event(4));
    expect(await cleared.rest()).toEqual(['gap 1-1', '3']);
  });
});

describe('a full buffer', () => {
  it('drops the oldest and leaves one gap in their place', async () => {
    const { stream, push, rest } = opened();
    push(1, 2, 3, 4, 6);
    expect(await stream.next()).toEqual({
      value: { type: 'gap', seq: 2, at: AT, from: 1, to: 2 },
      done: false,
    });
    expect(await rest()).toEqual(['3', '4', '6']);
  });

  it('has one gap for each run that was dropped', async () => {
    const { stream, push, rest } = opened();
    push(1, 2, 3, 4, 5);
    expect(words([(await stream.next()).value as SessionEvent])).toEqual(['gap 1-2']);
    push(6);
    expect(await rest()).toEqual(['gap 3-3', '4', '5', '6']);
  });

  it('is full at its size, not before', async () => {
    const { push, rest } = opened({ buffer: 1 });
    push(1);
    expect(await rest()).toEqual(['1']);
  });

  it('with overflow error frees the stream, gives what fits, and then fails with OVERLOADED, once', async () => {
    const { stream, push, releases } = opened({ overflow: 'error' });
    push(1, 2, 3);
    expect(releases()).toBe(0);
    push(4);
    expect(releases()).toBe(1);
    push(5);
    const read: SessionEvent[] = [];
    const loop = async () => {
      for await (const each of stream) read.push(each);
    };
    await expect(loop()).rejects.toMatchObject({ code: 'OVERLOADED', details: { buffer: 3 } });
    expect(words(read)).toEqual(['1', '2', '3']);
    expect(await stream.next()).toEqual({ value: undefined, done: true });
  });

  it('with overflow error fails nobody who left before', async () => {
    const { stream, push } = opened({ overflow: 'error', buffer: 1 });
    push(1, 2);
    await stream.return();
    expect(await drain(stream)).toEqual([]);
  });
});

describe('the end', () => {
  it('comes after what is buffered, releases once, and takes no more events', async () => {
    const { stream, push, releases } = opened();
    push(1, 2);
    stream.end();
    stream.end();
    push(3);
    expect(words(await drain(stream))).toEqual(['1', '2']);
    expect(await stream.next()).toEqual({ value: undefined, done: true });
    expect(releases()).toBe(1);
  });

  it('reaches every reader that waits', async () => {
    const { stream } = opened();
    const asked = [stream.next(), stream.next()];
    stream.end();
    expect(await Promise.all(asked)).toEqual([
      { value: undefined, done: true },
      { value: undefined, done: true },
    ]);
  });

  it('comes with the session_terminated of its session, even where that type is not wanted', async () => {
    const { stream, releases } = opened({ sessionId: 'a', types: new Set(['file_added']) });
    stream.push(event(1));
    stream.push(ending(2));
    expect(releases()).toBe(1);
    stream.push(event(3));
    expect(words(await drain(stream))).toEqual(['1']);
  });

  it('comes after the session_terminated is read, where it is wanted', async () => {
    const { stream } = opened({ sessionId: 'a' });
    const next = stream.next();
    stream.push(ending(1));
    expect(await next).toMatchObject({ value: { type: 'session_terminated' }, done: false });
    expect(await stream.next()).toEqual({ value: undefined, done: true });
  });

  it('does not come with the end of a session when the stream is of all', async () => {
    const { stream, rest, releases } = opened();
    stream.push(ending(1));
    stream.push(event(2));
    expect(releases()).toBe(0);
    expect(await rest()).toEqual(['1', '2']);
  });

  it('by leaving the loop forgets what is buffered and what was dropped, and frees the stream', async () => {
    const { stream, push, releases } = opened();
    push(1, 2, 3, 4);
    for await (const each of stream) {
      expect(each.type).toBe('gap');
      break;
    }
    expect(releases()).toBe(1);
    expect(await stream.next()).toEqual({ value: undefined, done: true });

    const unread = opened();
    unread.push(1, 2, 3, 4);
    expect(await unread.stream.return()).toEqual({ value: undefined, done: true });
    expect(await drain(unread.stream)).toEqual([]);
  });
});

describe('a replay', () => {
  async function* past(...seqs: number[]) {
    for (const seq of seqs) yield event(seq);
  }

  it('that is left while its store reads gives nothing more, even to who asked before', async () => {
    const store = gate();
    async function* slow() {
      await store.promise;
      yield event(1);
    }
    const { stream } = opened({ replay: slow() });
    const asked = stream.next();
    await stream.return();
    store.open();
    expect(await asked).toEqual({ value: undefined, done: true });
  });

  it('is read before what has come live meanwhile', async () => {
    const { push, stream, rest } = opened({ replay: past(1, 2) });
    expect(await stream.next()).toMatchObject({ value: { seq: 1 } });
    push(3);
    expect(await stream.next()).toMatchObject({ value: { seq: 2 } });
    expect(await stream.next()).toMatchObject({ value: { seq: 3 } });
    push(4);
    expect(await rest()).toEqual(['4']);
  });

  it('is not bounded by the buffer', async () => {
    const { stream, push } = opened({ replay: past(1, 2, 3, 4, 5), buffer: 1 });
    const read = drain(stream, 6);
    expect(await stateOf(read)).toBe('pending');
    push(6);
    expect(words(await read)).toEqual(['1', '2', '3', '4', '5', '6']);
  });

  it('brings the types that are wanted', async () => {
    async function* mixed() {
      yield event(1);
      yield toEvent(factOf({ seq: 2 }, 'conversation_cleared', {}));
      yield ending(3);
    }
    const types = new Set(['conversation_cleared']);
    expect(words(await drain(opened({ replay: mixed(), types, sessionId: 'a' }).stream))).toEqual(['2']);
  });

  it('that comes to the end of its session ends the stream', async () => {
    async function* life() {
      yield event(1);
      yield ending(2);
      yield event(3);
    }
    const { stream, releases } = opened({ replay: life(), sessionId: 'a' });
    expect(words(await drain(stream))).toEqual(['1', '2']);
    expect(releases()).toBe(1);
  });

  it('breaks off where the stream is ended', async () => {
    const { stream } = opened({ replay: past(1, 2, 3) });
    await stream.next();
    stream.end();
    expect(await stream.next()).toEqual({ value: undefined, done: true });
  });

  it('that is ended while it is waited for ends for its reader too', async () => {
    const { promise, open } = gate();
    async function* slow() {
      await promise;
      yield* [];
    }
    const { stream } = opened({ replay: slow() });
    const next = stream.next();
    stream.end();
    open();
    expect(await next).toEqual({ value: undefined, done: true });
  });

  it.each([
    ['with an error of ours as it is', new SessionError('STORE_CORRUPT', 'torn'), { code: 'STORE_CORRUPT' }],
    ['as STORE_FAILED', new Error('EIO'), { code: 'STORE_FAILED', cause: new Error('EIO') }],
  ])('that fails ends the stream, %s, and frees it', async (_how, error, expected) => {
    async function* broken(): AsyncGenerator<SessionEvent, void> {
      yield event(1);
      throw error;
    }
    const { stream, releases } = opened({ replay: broken() });
    await stream.next();
    await expect(stream.next()).rejects.toMatchObject(expected);
    expect(releases()).toBe(1);
    expect(await stream.next()).toEqual({ value: undefined, done: true });
  });
});
