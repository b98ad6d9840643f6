import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FactSource, gapEvent, replay } from '../../src/events/cursor.ts';
import type { SessionEvent } from '../../src/events/types.ts';
import type { FactQuery, JournalRecord } from '../../src/store/port.ts';
import { AT, anyFact, factOf } from '../support/facts.ts';

const PAGE = 256;
const everything = { sessionId: undefined, types: undefined };

/** A source that keeps the newest `retain` of what it is told, and a listener that goes live at a cursor. */
function sourceOf(retain = Number.POSITIVE_INFINITY) {
  let kept: JournalRecord[] = [];
  let [published, cut] = [0, 0];
  const queries: FactQuery[] = [];
  const live: number[] = [];
  let liveFrom = Number.POSITIVE_INFINITY;
  const source: FactSource = {
    get publishedSeq() {
      return published;
    },
    get cutSeq() {
      return cut;
    },
    iso: () => AT,
    facts(query) {
      queries.push(query);
      return kept
        .filter(({ seq, sessionId }) => seq > query.from && (query.sessionId ?? sessionId) === sessionId)
        .slice(0, query.limit);
    },
  };
  return {
    source,
    queries,
    /** What the listener heard itself, after going live. */
    live,
    goLive(cursor: number) {
      expect(liveFrom).toBe(Number.POSITIVE_INFINITY);
      liveFrom = cursor;
    },
    liveFrom: () => liveFrom,
    append(fact: JournalRecord, { publish = true } = {}) {
      kept.push(fact);
      if (kept.length > retain) cut = kept[kept.length - retain - 1]?.seq ?? cut;
      kept = kept.slice(-retain);
      if (publish) this.publish(fact.seq);
    },
    publish(seq: number) {
      published = seq;
      if (seq > liveFrom) live.push(seq);
    },
    /** Facts 1 to `count`. */
    fill(count: number) {
      for (let seq = 1; seq <= count; seq++) this.append(anyFact(seq));
      return this;
    },
  };
}

async function all(events: AsyncIterable<SessionEvent>): Promise<SessionEvent[]> {
  const read: SessionEvent[] = [];
  for await (const event of events) read.push(event);
  return read;
}
const seqs = (events: readonly SessionEvent[]) => events.map(({ seq }) => seq);

it('a gap is a frozen event that says what is missing, and stands at its end', () => {
  const gap = gapEvent(3, 9, AT);
  expect(gap).toEqual({ type: 'gap', seq: 9, at: AT, from: 3, to: 9 });
  expect(Object.isFrozen(gap)).toBe(true);
});

describe('a replay', () => {
  it('brings what comes after its cursor, as events, and goes live where that ends', async () => {
    const past = sourceOf().fill(5);
    const events = await all(replay(past.source, { ...everything, from: 2 }, past.goLive));
    expect(events).toEqual([3, 4, 5].map((seq) => expect.objectContaining({ type: 'file_added', seq })));
    expect(past.liveFrom()).toBe(5);
  });

  it.each([5, 9])('at a cursor of %d, with 5 published, goes live there at once', async (from) => {
    const past = sourceOf().fill(5);
    expect(await all(replay(past.source, { ...everything, from }, past.goLive))).toEqual([]);
    expect([past.liveFrom(), past.queries]).toEqual([from, []]);
  });

  it('brings one session only, or some types only, and goes live behind all that it has passed by', async () => {
    const past = sourceOf();
    past.append(anyFact(1, 'a'));
    past.append(anyFact(2, 'b'));
    past.append(factOf({ seq: 3, sessionId: 'a' }, 'conversation_cleared', {}));
    past.append(anyFact(4, 'b'));
    const types = new Set(['file_added']);
    const ofOne = replay(past.source, { from: 0, sessionId: 'a', types: undefined }, past.goLive);
    expect(seqs(await all(ofOne))).toEqual([1, 3]);
    expect(past.liveFrom()).toBe(4);
    const ofTypes = replay(past.source, { from: 0, sessionId: undefined, types }, () => {});
    expect(seqs(await all(ofTypes))).toEqual([1, 2, 4]);
    expect(past.queries[0]).toEqual({ from: 0, limit: PAGE, sessionId: 'a' });
    expect(past.queries[1]).toEqual({ from: 0, limit: PAGE });
  });

  it('says first what has been cut, whatever the types', async () => {
    const past = sourceOf(2).fill(5);
    const types = new Set(['session_created']);
    const events = await all(replay(past.source, { from: 1, sessionId: undefined, types }, past.goLive));
    expect(events).toEqual([gapEvent(2, 3, AT)]);
    expect(past.liveFrom()).toBe(5);
  });

  it('says nothing of what was cut before its cursor', async () => {
    const past = sourceOf(2).fill(5);
    expect(seqs(await all(replay(past.source, { ...everything, from: 3 }, past.goLive)))).toEqual([4, 5]);
  });

  it('of a store that retains nothing is one gap', async () => {
    const past = sourceOf(0).fill(0);
    past.source.facts = () => [];
    const cut = { ...past.source, publishedSeq: 7, cutSeq: 7, iso: () => AT };
    expect(await all(replay(cut, { ...everything, from: 0 }, past.goLive))).toEqual([gapEvent(1, 7, AT)]);
    expect(past.liveFrom()).toBe(7);
  });

  it('leaves what is committed and not yet published to the live events', async () => {
    const past = sourceOf().fill(2);
    past.append(anyFact(3), { publish: false });
    expect(seqs(await all(replay(past.source, { ...everything, from: 0 }, past.goLive)))).toEqual([1, 2]);
    past.publish(3);
    expect([past.liveFrom(), past.live]).toEqual([2, [3]]);
  });

  it.each([PAGE - 1, PAGE, PAGE + 1, 3 * PAGE])('reads %d events page by page, each once', async (count) => {
    const past = sourceOf().fill(count);
    const events = await all(replay(past.source, { ...everything, from: 0 }, past.goLive));
    expect(seqs(events)).toEqual(Array.from({ length: count }, (_, n) => n + 1));
    expect(past.queries.every(({ limit }) => limit === PAGE)).toBe(true);
    expect(past.liveFrom()).toBe(count);
  });

  it('keeps a page that it holds, whatever is cut under a slow reader, and says what it then lacks', async () => {
    const past = sourceOf(3).fill(3);
    const reading = replay(past.source, { ...everything, from: 0 }, past.goLive);
    const first = await reading.next();
    for (let seq = 4; seq <= 8; seq++) past.append(anyFact(seq));
    const rest = await all(reading);
    expect([first.value?.seq, ...seqs(rest)]).toEqual([1, 2, 3, 5, 6, 7, 8]);
    expect(rest[2]).toEqual(gapEvent(4, 5, AT));
  });

  it('says what is cut while a slow store reads', async () => {
    const past = sourceOf(3).fill(3);
    const slow: FactSource = {
      get publishedSeq() {
        return past.source.publishedSeq;
      },
      get cutSeq() {
        return past.source.cutSeq;
      },
      iso: () => AT,
      async *facts(query) {
        if (past.queries.length === 0) for (const seq of [4, 5]) past.append(anyFact(seq));
        yield* past.source.facts(query);
      },
    };
    const events = await all(replay(slow, { ...everything, from: 0 }, past.goLive));
    expect(events[0]).toEqual(gapEvent(1, 2, AT));
    expect(seqs(events)).toEqual([2, 3, 4, 5]);
  });

  it('goes live in the turn in which it has nothing left to read', async () => {
    const past = sourceOf().fill(2);
    const reading = replay(past.source, { ...everything, from: 0 }, past.goLive);
    await reading.next();
    await reading.next();
    past.append(anyFact(3));
    expect((await reading.next()).value?.seq).toBe(3);
    const end = reading.next();
    past.append(anyFact(4));
    expect(await end).toEqual({ value: undefined, done: true });
    expect(past.live).toEqual([4]);
  });
});

it('with a tiny retention and a slow reader, every seq is had once: as an event, within a gap, or live', () =>
  fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 6 }),
      fc.nat(12),
      fc.array(fc.oneof(fc.constant('read' as const), fc.nat(8)), { maxLength: 40 }),
      async (retain, from, steps) => {
        const past = sourceOf(retain).fill(8);
        let newest = 8;
        const reading = replay(past.source, { ...everything, from }, past.goLive);
        const had: SessionEvent[] = [];
        const read = async () => {
          const { value, done } = await reading.next();
          if (value) had.push(value);
          return done;
        };
        for (const step of steps)
          if (step === 'read') await read();
          else for (let n = 0; n < step; n++) past.append(anyFact(++newest));
        while (!(await read()));
        past.append(anyFact(++newest));
        past.append(anyFact(++newest));
        const covered = had.flatMap((event) =>
          event.type === 'gap'
            ? Array.from({ length: event.to - event.from + 1 }, (_, n) => event.from + n)
            : [event.seq],
        );
        const wanted = Array.from({ length: Math.max(0, newest - from) }, (_, n) => from + 1 + n);
        expect([...covered, ...past.live]).toEqual(wanted);
      },
    ),
    { numRuns: 300, seed: 20260103 },
  ));
