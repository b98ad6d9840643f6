import { describe, expect, it } from 'vitest';
import type { PublishedEvent, SessionEvent } from '../../src/events/types.ts';
import { Feed } from '../../src/wire/feed.ts';
import type { PastPage } from '../../src/wire/protocol.ts';
import { loggedGuard } from '../support/log.ts';
import { turns } from '../support/turns.ts';

const event = (seq: number, sessionId = 'a'): PublishedEvent => ({
  type: 'file_added',
  sessionId,
  seq,
  at: '2030-01-01T00:00:00.000Z',
  path: `${seq}`,
});

function setUp(pages: Record<number, PastPage> = {}) {
  const { guard, lines } = loggedGuard();
  const asked: unknown[] = [];
  const feed = new Feed({
    guard,
    iso: () => 'now',
    past: async (query) => {
      asked.push(query);
      return pages[query.from] ?? { cutSeq: 0, events: [] };
    },
  });
  const heard: SessionEvent[] = [];
  const listen = (options: { from?: number; session?: string } = {}) => {
    const { session, ...rest } = options;
    return feed.subscriptions.subscribe(session, (each) => heard.push(each), rest);
  };
  const listening = (from: number, journal = 'one', cutSeq = 0) =>
    feed.listening({ type: 'listening', from, journal, cutSeq });
  return { feed, asked, heard, listen, listening, lines, seqs: () => heard.map(({ seq }) => seq) };
}

describe('a feed', () => {
  it('asks for the events from now on, and after a break from where it was', () => {
    const { feed, listening } = setUp();
    expect(feed.wish()).toEqual({ type: 'listen' });
    listening(5);
    feed.events([event(6), event(7)]);
    expect(feed.wish()).toEqual({ type: 'listen', journal: 'one', from: 7 });
  });

  it('spreads each event once, as it was and frozen, to those of all and of its session', () => {
    const { feed, listen, listening, heard } = setUp();
    listen();
    listen({ session: 'a' });
    listen({ session: 'b' });
    listening(0);
    feed.events([event(1)]);
    expect(heard).toEqual([event(1), event(1)]);
    expect(Object.isFrozen(heard[0])).toBe(true);
  });

  it('drops what it has had', () => {
    const { feed, listen, listening, seqs } = setUp();
    listen();
    listening(4);
    feed.events([event(3), event(5), event(5), event(6)]);
    expect(seqs()).toEqual([5, 6]);
  });
});

describe('a replay', () => {
  it('reads pages of the far end, which has what has come meanwhile, then goes on live', async () => {
    const { feed, listen, listening, seqs, asked } = setUp({
      0: { cutSeq: 0, events: [event(1), 2, event(3), event(4)] },
    });
    listen({ from: 0 });
    await turns();
    expect(asked).toEqual([]);
    listening(3);
    feed.events([event(4)]);
    await turns();
    feed.events([event(5)]);
    expect(seqs()).toEqual([1, 3, 4, 5]);
    expect(asked).toEqual([{ from: 0, limit: 256 }]);
  });

  it('tells of what the far end no longer has', async () => {
    const { listen, listening, heard } = setUp({ 2: { cutSeq: 2, events: [event(3)] } });
    listening(3, 'one', 2);
    listen({ from: 0 });
    await turns();
    expect(heard).toEqual([{ type: 'gap', seq: 2, at: 'now', from: 1, to: 2 }, event(3)]);
  });

  it('learns from a page that there has been a cut', async () => {
    const { listen, listening, heard } = setUp({
      0: { cutSeq: 2, events: [] },
      2: { cutSeq: 2, events: [event(3)] },
    });
    listening(3);
    listen({ from: 0 });
    await turns();
    expect(heard.map(({ type, seq }) => [type, seq])).toEqual([
      ['gap', 2],
      ['file_added', 3],
    ]);
  });
});

describe('after a break', () => {
  it('a gap that the far end tells of is told to everybody', () => {
    const { feed, listen, listening, heard } = setUp();
    listen();
    listen({ session: 'b' });
    listening(1);
    listening(1);
    const gap: SessionEvent = { type: 'gap', seq: 8, at: 'then', from: 2, to: 8 };
    feed.events([gap, event(9, 'b')]);
    expect(heard).toEqual([gap, gap, event(9, 'b'), event(9, 'b')]);
    expect(feed.cutSeq).toBe(8);
  });

  it.each([
    ['another journal', 9, 'two'],
    ['a journal that has forgotten', 1, 'one'],
  ])(
    '%s is told as a gap and in the log, and its events are heard from the start',
    async (_title, from, journal) => {
      const { feed, listen, listening, heard, lines } = setUp();
      listening(5);
      listen();
      listen({ from: 5 });
      await turns();
      listening(from, journal);
      expect(heard).toEqual(Array(2).fill({ type: 'gap', seq: from, at: 'now', from: 0, to: from }));
      expect(lines).toEqual([['warn', expect.stringContaining('in memory only')]]);
      heard.length = 0;
      feed.events([event(from + 1)]);
      expect(heard.map(({ seq }) => seq)).toEqual([from + 1, from + 1]);
    },
  );
});

it('who is being given the past of a journal that goes is told of the gap, and hears what comes', async () => {
  const { feed, listen, listening, heard } = setUp();
  listening(50);
  listen({ from: 49 });
  listening(2, 'two');
  feed.events([event(3)]);
  await turns();
  feed.events([event(4), event(5)]);
  expect(heard).toEqual([{ type: 'gap', seq: 3, at: 'now', from: 0, to: 3 }, event(4), event(5)]);
});

it('that closes ends its streams and lets nobody wait', async () => {
  const { feed } = setUp();
  const [live, past] = [feed.subscriptions.stream({}), feed.subscriptions.stream({ from: 0 })];
  const ends = [live.next(), past.next()];
  feed.close();
  expect(await Promise.all(ends)).toEqual(Array(2).fill({ done: true, value: undefined }));
});
