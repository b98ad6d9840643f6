import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../src/data.ts';
import { Conversation } from '../../src/session/conversation.ts';
import { held } from '../support/heap.ts';

const message = (n: number): Message => ({
  id: `s:${n}`,
  seq: n,
  role: 'user',
  content: String(n),
  createdAt: '2026-01-01T00:00:00.000Z',
});
const contents = (messages: readonly (Message | undefined)[]) =>
  messages.map((each) => Number(each?.content));

/** Messages `1…count`, of one token each unless said otherwise. */
function conversation(count: number, { maxMessages = 1000, maxTokens = 1e9, tokens = 1 } = {}) {
  const talk = new Conversation();
  for (let n = 1; n <= count; n += 1) talk.add(message(n), tokens, maxMessages, maxTokens);
  return talk;
}

describe('a conversation', () => {
  it('is empty at first', () => {
    const talk = new Conversation();
    expect([talk.count, talk.tokens, talk.slice(10), talk.at(0), talk.tokensAt(0)]).toEqual([
      0,
      0,
      [],
      undefined,
      0,
    ]);
  });

  it('over maxMessages drops the oldest, and no sooner', () => {
    expect(contents(conversation(3, { maxMessages: 3 }).slice(9))).toEqual([1, 2, 3]);
    expect(contents(conversation(5, { maxMessages: 3 }).slice(9))).toEqual([3, 4, 5]);
  });

  it('over maxTokens drops as many of the oldest as it must, and no sooner', () => {
    const talk = conversation(4, { maxTokens: 4 });
    expect(talk.count).toBe(4);
    talk.add(message(5), 3, 1000, 4);
    expect(contents(talk.slice(9))).toEqual([4, 5]);
    expect([talk.tokensAt(0), talk.tokensAt(1), talk.tokens]).toEqual([1, 3, 4]);
  });

  it('keeps a single message that is over maxTokens by itself', () => {
    const talk = conversation(2);
    talk.add(message(3), 50, 1000, 10);
    expect(contents(talk.slice(9))).toEqual([3]);
    expect(talk.tokens).toBe(50);
  });

  it('gives the newest of those before a position, oldest first, and clips what is out of range', () => {
    const talk = conversation(5);
    expect(contents(talk.slice(2))).toEqual([4, 5]);
    expect(contents(talk.slice(2, 3))).toEqual([2, 3]);
    expect(contents(talk.slice(9, 2))).toEqual([1, 2]);
    expect(contents(talk.slice(2, 99))).toEqual([4, 5]);
    expect(talk.slice(2, 0)).toEqual([]);
    expect(talk.slice(2, -3)).toEqual([]);
    expect(talk.slice(0)).toEqual([]);
    expect(talk.slice(Number.POSITIVE_INFINITY)).toHaveLength(5);
  });

  it('gives a list of its own: what comes later does not show in it', () => {
    const talk = conversation(2);
    const before = talk.slice(9);
    talk.add(message(3), 1, 1000, 1e9);
    talk.clear();
    expect(contents(before)).toEqual([1, 2]);
  });

  it('starts over when it is cleared, also after it has dropped some', () => {
    const talk = conversation(8, { maxMessages: 3 });
    talk.clear();
    expect([talk.count, talk.tokens, talk.at(0)]).toEqual([0, 0, undefined]);
    talk.add(message(9), 2, 3, 1e9);
    expect([contents(talk.slice(9)), talk.tokens, talk.tokensAt(0)]).toEqual([[9], 2, 2]);
  });
});

describe('giving dropped slots back', () => {
  it.each([
    ['few are live', 3, 2000],
    ['many are live, so that it comes late', 700, 2000],
    ['exactly as many are live as were dropped', 256, 513],
  ])('changes nothing that can be seen: %s', (_title, maxMessages, count) => {
    const talk = new Conversation();
    for (let n = 1; n <= count; n += 1) {
      talk.add(message(n), n, maxMessages, 1e9);
      const first = Math.max(1, n - maxMessages + 1);
      const seen = [talk.count, talk.at(0)?.content, talk.tokensAt(0), talk.at(talk.count - 1)?.content];
      expect(seen).toEqual([n - first + 1, String(first), first, String(n)]);
    }
    const first = count - maxMessages + 1;
    expect(contents(talk.slice(9999))).toEqual(Array.from({ length: maxMessages }, (_, n) => first + n));
    expect(talk.tokens).toBe(((first + count) * maxMessages) / 2);
  });
});

describe('messages that were dropped', () => {
  /** A conversation to which `count` were added, and how many of these are held by it. */
  const holding = async (count: number, maxMessages: number) => {
    const talk = new Conversation();
    const refs = Array.from({ length: count }, (_, n) => {
      const added = message(n + 1);
      talk.add(added, 1, maxMessages, 1e9);
      return new WeakRef(added);
    });
    const holds = await held(refs);
    return { talk, holds };
  };

  it.each([
    ['not while they are few', 255, 1, 255],
    ['once they are 256', 257, 1, 1],
    ['and again after that', 257 + 255, 1, 256],
    ['and again once they are 256 more', 257 + 256, 1, 1],
    ['not while they are less than half of all', 1399, 700, 1399],
    ['once they are half of all', 1400, 700, 700],
  ])('are let go: %s', async (_when, count, maxMessages, holds) => {
    const found = await holding(count, maxMessages);
    expect(found.holds).toBe(holds);
    expect(found.talk.count).toBe(Math.min(count, maxMessages));
  });

  it('are let go when it is cleared', async () => {
    const talk = new Conversation();
    const add = () => {
      const added = message(1);
      talk.add(added, 1, 10, 10);
      return new WeakRef(added);
    };
    const refs = [add(), add()];
    talk.clear();
    expect(await held(refs)).toBe(0);
    expect(talk.count).toBe(0);
  });
});

describe('any course of a conversation', () => {
  const size = fc.integer({ min: 0, max: 12 });
  const turn = fc.oneof(
    { weight: 30, arbitrary: fc.record({ op: fc.constant('add' as const), size }) },
    // Many at once, so that slots are given back within one course.
    { weight: 3, arbitrary: fc.record({ op: fc.constant('flood' as const), size }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('clear' as const), size }) },
  );
  const bounds = fc.record({
    maxMessages: fc.constantFrom(1, 2, 7, 300),
    maxTokens: fc.constantFrom(12, 40, 2000),
  });

  it('shows what a plain array would show: count, tokens, each place and each slice', () => {
    fc.assert(
      fc.property(
        bounds,
        fc.array(turn, { maxLength: 30 }),
        fc.nat(20),
        fc.nat(320),
        ({ maxMessages, maxTokens }, course, limit, end) => {
          const talk = new Conversation();
          let model: Array<{ n: number; size: number }> = [];
          let said = 0;
          const add = (size: number) => {
            said += 1;
            talk.add(message(said), size, maxMessages, maxTokens);
            model.push({ n: said, size });
            const total = () => model.reduce((sum, each) => sum + each.size, 0);
            while (model.length > maxMessages || total() > maxTokens) model = model.slice(1);
          };
          for (const { op, size } of course) {
            if (op === 'clear') {
              talk.clear();
              model = [];
            } else for (let n = 0; n < (op === 'add' ? 1 : 130); n += 1) add(size);
            expect(talk.count).toBe(model.length);
          }
          const numbers = model.map(({ n }) => n);
          expect(talk.tokens).toBe(model.reduce((sum, each) => sum + each.size, 0));
          expect(contents(talk.slice(1e9))).toEqual(numbers);
          expect(contents(talk.slice(limit, end))).toEqual(
            numbers.slice(0, end).slice(limit === 0 ? Infinity : -limit),
          );
          expect(model.map((_, n) => talk.tokensAt(n))).toEqual(model.map((each) => each.size));
          expect(contents(model.map((_, n) => talk.at(n)))).toEqual(numbers);
        },
      ),
      { numRuns: 60 },
    );
  });
});
