import { describe, expect, it } from 'vitest';
import { SessionError } from '../../src/errors.ts';
import { SessionEntry } from '../../src/session/entry.ts';
import { recoverState } from '../../src/session/recover.ts';
import type { HeadQuery, SessionHead, StoredSession } from '../../src/store/port.ts';
import { codeOf } from '../support/errors.ts';
import { readingLease } from '../support/lease.ts';
import { turns } from '../support/turns.ts';
import { alive, asleep, call, slowLoad } from './asleep.ts';

describe('a session that cannot be read', () => {
  it('is put in quarantine with its reason; the next call is told so without asking the store', async () => {
    const { dormant, registry, sessions } = await asleep({
      a: { records: alive('a').records.slice(1) },
      b: alive('b', 9),
    });
    expect(await codeOf(call(() => dormant.with('a', () => {})))).toBe('STORE_CORRUPT');
    expect(registry.quarantined.get('a')).toContain('has fact 2 where 1 was expected');
    expect(await codeOf(call(() => dormant.with('a', () => {})))).toBe('STORE_CORRUPT');
    await turns();
    expect([dormant.size, await sessions.list({}).then((all) => all.map(({ id }) => id))]).toEqual([
      1,
      ['b'],
    ]);
  });

  it.each([
    ['STORE_FAILED', new SessionError('STORE_FAILED', 'not now')],
    ['STORE_LOCKED', new SessionError('STORE_LOCKED', 'not now')],
    ['STORE_FAILED', new Error('ETIMEDOUT, which says nothing about a session')],
  ] as const)(
    'for trouble of the store (%s) is only refused: it may be read another time',
    async (code, trouble) => {
      let broken = true;
      const load = (id: string) => {
        if (broken) throw trouble;
        return alive(id);
      };
      const { dormant, registry, sessions } = await asleep({ a: alive('a') }, { load });
      expect(await codeOf(call(() => dormant.with('a', () => {})))).toBe(code);
      expect(await codeOf(sessions.list({}))).toBe(code);
      expect([registry.quarantined.size, dormant.size]).toEqual([0, 1]);
      broken = false;
      expect(await dormant.with('a', ({ state }) => state.id)).toBe('a');
    },
  );

  it('is found by a list, which leaves it out', async () => {
    const { registry, sessions } = await asleep({ a: { records: [] }, b: alive('b', 5) }, {});
    const torn = { ...alive('a'), records: alive('a').records.slice(1) };
    const other = await asleep({ a: torn, b: alive('b', 5) });
    expect((await other.sessions.list({})).map(({ id }) => id)).toEqual(['b']);
    expect([...other.registry.quarantined.keys(), other.dormant.size]).toEqual(['a', 1]);
    // One that has just gone is no damage.
    expect((await sessions.list({})).map(({ id }) => id)).toEqual(['b']);
    expect(registry.quarantined.size).toBe(0);
  });

  it('by a list and by a call at the same time is counted off once', async () => {
    const torn = { ...alive('a'), records: alive('a').records.slice(1) };
    const { dormant, sessions } = await asleep(
      { a: torn, b: alive('b', 5) },
      { load: async (id) => (id === 'a' ? torn : alive('b', 5)) },
    );
    const list = sessions.list({});
    const touched = codeOf(call(() => dormant.with('a', () => {})));
    expect([(await list).map(({ id }) => id), await touched]).toEqual([['b'], 'STORE_CORRUPT']);
    await turns();
    expect([dormant.size, dormant.counts]).toEqual([1, { active: 1 }]);
  });
});

describe('the sessions that are due', () => {
  const stored = Object.fromEntries(
    Array.from({ length: 1000 }, (_, n): [string, StoredSession] => [`s${n}`, alive(`s${n}`, n * 2 + 1)]),
  );

  /** Brings back who is due at 100 by the clock, and notes how many heads the store has given at once. */
  async function dueAt100(wakeAt: (n: number) => number) {
    const heads = Object.fromEntries(Object.keys(stored).map((id, n) => [id, { wakeAt: wakeAt(n) }]));
    const reading = readingLease(stored, heads);
    const given: number[] = [];
    const parts = {
      heads: (query: HeadQuery) => {
        const found = reading.heads(query) as SessionHead[];
        given.push(found.length);
        return found;
      },
    };
    const { sessions, revived } = await asleep(stored, parts);
    for await (const _ of sessions.due(-1, 100));
    return { revived, most: Math.max(...given) };
  }

  it('come back in the order of their times, and the store gives a page of them at a time', async () => {
    const { revived, most } = await dueAt100((n) => (1000 - n) / 5);
    expect(revived).toEqual(Array.from({ length: 500 }, (_, n) => `s${999 - n}`));
    expect(most).toBe(256);
  });

  it('all come back when they are due at the same time, or many of them', async () => {
    for (const at of [() => 0, () => 100, (n: number) => n % 3]) {
      const { revived } = await dueAt100(at);
      expect(new Set(revived).size).toBe(1000);
    }
  });
});

describe('a list', () => {
  const stored = Object.fromEntries(
    Array.from({ length: 600 }, (_, n): [string, StoredSession] => [`s${n}`, alive(`s${n}`, n * 2 + 1)]),
  );

  it('has them all in the order of creation, wherever they are, and wakes nobody', async () => {
    const { dormant, sessions, revived } = await asleep(stored);
    for (const id of ['s5', 's3']) await dormant.with(id, () => {});
    const infos = await sessions.list({});
    expect(infos.map(({ id }) => id)).toEqual(Object.keys(stored));
    expect(revived).toEqual(['s5', 's3']);
  });

  it('is read a page at a time: a limit, and where the page before it ended', async () => {
    const { sessions } = await asleep(stored);
    const first = await sessions.list({ limit: 2 });
    expect(first.map(({ id }) => id)).toEqual(['s0', 's1']);
    const after = first.at(-1)?.seq ?? 0;
    expect((await sessions.list({ limit: 300, after })).map(({ id }) => id).slice(0, 2)).toEqual([
      's2',
      's3',
    ]);
    expect(await sessions.list({ limit: 0 })).toEqual([]);
    expect(await sessions.list({ after: 1e6 })).toEqual([]);
  });

  it('has one that began again meanwhile where it belongs now', async () => {
    const { load, loads } = slowLoad();
    const { registry, sessions } = await asleep({ a: alive('a'), b: alive('b', 5) }, { load });
    const listing = sessions.list({});
    await turns();
    registry.add(new SessionEntry(recoverState('a', alive('a', 9)), 0));
    for (const { id, open } of loads) open(id === 'a' ? alive('a') : alive('b', 5));
    expect((await listing).map(({ id, seq }) => `${id} ${seq}`)).toEqual(['b 5', 'a 9']);
  });

  it('by status has what is so in memory, whatever the store last heard', async () => {
    const { dormant, sessions } = await asleep({ a: alive('a'), b: alive('b', 5) });
    await dormant.with('a', ({ state }) => {
      state.status = 'idle';
    });
    expect((await sessions.list({ status: 'active' })).map(({ id }) => id)).toEqual(['b']);
  });
});
