import { describe, expect, it } from 'vitest';
import { SessionError } from '../../src/errors.ts';
import { Dormant } from '../../src/session/dormant.ts';
import { SessionEntry } from '../../src/session/entry.ts';
import { recoverState } from '../../src/session/recover.ts';
import { Registry } from '../../src/session/registry.ts';
import type { HeadQuery, SessionHead, StoredSession, StoreLease } from '../../src/store/port.ts';
import { codeOf } from '../support/errors.ts';
import { createdFact, statusFact } from '../support/facts.ts';
import { type Gate, gate } from '../support/gate.ts';
import { bareLease, readingLease } from '../support/lease.ts';
import { stateOf, turns } from '../support/turns.ts';

const alive = (id: string, seq = 1): StoredSession => ({
  records: [
    createdFact({ seq, sessionId: id, sessionSeq: 1 }),
    statusFact({ seq: seq + 1, sessionId: id, sessionSeq: 2 }, 'active', 'initializing'),
  ],
});

/** What is dormant in a store, and the order in which sessions came back. */
async function asleep(stored: Record<string, StoredSession>, parts: Partial<StoreLease> = {}) {
  const registry = new Registry();
  const revived: string[] = [];
  const dormant = new Dormant(registry, (state) => {
    const entry = new SessionEntry(state, 0);
    registry.add(entry);
    revived.push(state.id);
    return entry;
  });
  await dormant.open(bareLease({ ...readingLease(stored), ...parts }));
  return { registry, dormant, revived };
}

/** A `load` that a test answers by hand. */
function slowLoad() {
  const loads: Array<Gate<StoredSession> & { readonly id: string }> = [];
  const load = (id: string) => {
    const next = { ...gate<StoredSession>(), id };
    loads.push(next);
    return next.promise;
  };
  return { load, loads };
}

const call = async <R>(run: () => R | Promise<R>): Promise<R> => run();

describe('a session that is in the store only', () => {
  it('is counted, and comes back when it is touched', async () => {
    const { dormant, registry, revived } = await asleep({ a: alive('a'), b: alive('b', 10) });
    expect([dormant.size, dormant.counts]).toEqual([2, { active: 2 }]);
    expect(await dormant.with('a', ({ state }) => state.status)).toBe('active');
    expect([revived, registry.size, dormant.size, dormant.counts]).toEqual([['a'], 1, 1, { active: 1 }]);
  });

  it('that is in memory is used at once, and not read', async () => {
    const { dormant, revived } = await asleep({ a: alive('a') });
    await dormant.with('a', () => {});
    expect(dormant.with('a', ({ state }) => state.id)).toBe('a');
    expect(revived).toEqual(['a']);
  });

  it('is read once for all who touch it meanwhile, and they go on in the order of their calls', async () => {
    const { load, loads } = slowLoad();
    const { dormant, revived } = await asleep({ a: alive('a') }, { load });
    const order: string[] = [];
    const calls = ['first', 'second', 'third'].map((name) => dormant.with('a', () => void order.push(name)));
    loads[0]?.open(alive('a'));
    await Promise.all(calls);
    expect([order, loads.length, revived]).toEqual([['first', 'second', 'third'], 1, ['a']]);
  });

  it('lets those who waited go on before whoever calls while they do', async () => {
    const { load, loads } = slowLoad();
    const { dormant } = await asleep({ a: alive('a') }, { load });
    const order: string[] = [];
    const first = dormant.with('a', () => {
      order.push('first');
      void dormant.with('a', () => void order.push('from within the first'));
    });
    const second = dormant.with('a', () => void order.push('second'));
    loads[0]?.open(alive('a'));
    await Promise.all([first, second]);
    await turns();
    expect(order).toEqual(['first', 'second', 'from within the first']);
    expect([dormant.waiting, dormant.with('a', () => 'at once')]).toEqual([0, 'at once']);
  });

  it('that is touched goes on with what was asked, and what that throws is its own', async () => {
    const { dormant } = await asleep({ a: alive('a') });
    const failing = dormant.with('a', () => {
      throw new SessionError('ABORTED', 'no');
    });
    expect(await codeOf(Promise.resolve(failing))).toBe('ABORTED');
    expect(await dormant.with('a', ({ state }) => state.id)).toBe('a');
  });

  it('that is not there is SESSION_NOT_FOUND; without any in the store that is so at once', async () => {
    const { dormant } = await asleep({ a: alive('a') });
    expect(await codeOf(call(() => dormant.with('b', () => {})))).toBe('SESSION_NOT_FOUND');
    expect(await dormant.find('b')).toBeUndefined();
    const empty = await asleep({});
    expect(() => empty.dormant.with('b', () => {})).toThrow('There is no session "b"');
  });

  it('whose id no session could have is refused before the store is asked', async () => {
    const { dormant } = await asleep({ a: alive('a') }, { load: () => Promise.reject(new Error('asked')) });
    expect(await codeOf(call(() => dormant.with('../x', () => {})))).toBe('INVALID_SESSION_ID');
  });

  it('is known to be there without being woken', async () => {
    const { dormant, revived } = await asleep({ a: alive('a') });
    expect([await dormant.isAway('a'), await dormant.isAway('b'), revived]).toEqual([true, false, []]);
    await dormant.with('a', () => {});
    expect(await dormant.isAway('a')).toBe(false);
  });
});

describe('a session that cannot be read', () => {
  it('is put in quarantine with its reason; the next call is told so without asking the store', async () => {
    const { dormant, registry } = await asleep({
      a: { records: alive('a').records.slice(1) },
      b: alive('b', 9),
    });
    expect(await codeOf(call(() => dormant.with('a', () => {})))).toBe('STORE_CORRUPT');
    expect(registry.quarantined.get('a')).toContain('has fact 2 where 1 was expected');
    expect(await codeOf(call(() => dormant.with('a', () => {})))).toBe('STORE_CORRUPT');
    await turns();
    expect([dormant.size, await dormant.list({}).then((all) => all.map(({ id }) => id))]).toEqual([1, ['b']]);
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
      const { dormant, registry } = await asleep({ a: alive('a') }, { load });
      expect(await codeOf(call(() => dormant.with('a', () => {})))).toBe(code);
      expect(await codeOf(dormant.list({}))).toBe(code);
      expect([registry.quarantined.size, dormant.size]).toEqual([0, 1]);
      broken = false;
      expect(await dormant.with('a', ({ state }) => state.id)).toBe('a');
    },
  );

  it('is found by a list, which leaves it out', async () => {
    const { dormant, registry } = await asleep({ a: { records: [] }, b: alive('b', 5) }, {});
    const torn = { ...alive('a'), records: alive('a').records.slice(1) };
    const other = await asleep({ a: torn, b: alive('b', 5) });
    expect((await other.dormant.list({})).map(({ id }) => id)).toEqual(['b']);
    expect([...other.registry.quarantined.keys(), other.dormant.size]).toEqual(['a', 1]);
    // One that has just gone is no damage.
    expect((await dormant.list({})).map(({ id }) => id)).toEqual(['b']);
    expect(registry.quarantined.size).toBe(0);
  });

  it('by a list and by a call at the same time is counted off once', async () => {
    const torn = { ...alive('a'), records: alive('a').records.slice(1) };
    const { dormant } = await asleep(
      { a: torn, b: alive('b', 5) },
      { load: async (id) => (id === 'a' ? torn : alive('b', 5)) },
    );
    const list = dormant.list({});
    const touched = codeOf(call(() => dormant.with('a', () => {})));
    expect([(await list).map(({ id }) => id), await touched]).toEqual([['b'], 'STORE_CORRUPT']);
    await turns();
    expect([dormant.size, dormant.counts]).toEqual([1, { active: 1 }]);
  });
});

describe('a session that is being created', () => {
  it('is waited for: calls on it go on once it is there', async () => {
    const { dormant, registry } = await asleep({});
    const over = dormant.expect('a');
    const waiting = dormant.with('a', ({ state }) => state.id);
    expect(await stateOf(Promise.resolve(waiting))).toBe('pending');
    const [created] = alive('a').records;
    const entry = new SessionEntry({ id: 'a', seq: 1, status: 'initializing', made: created } as never, 0);
    registry.add(entry);
    dormant.created(entry);
    over();
    expect(await waiting).toBe('a');
  });

  it('is not what an earlier call asked for: that finds nothing', async () => {
    const { load, loads } = slowLoad();
    const { dormant, registry } = await asleep({ b: alive('b') }, { load });
    const early = codeOf(call(() => dormant.with('a', () => {})));
    dormant.expect('a');
    const late = dormant.with('a', ({ state }) => state.id);
    const entry = new SessionEntry({ id: 'a', seq: 1, status: 'initializing' } as never, 0);
    registry.add(entry);
    dormant.created(entry);
    expect([await early, await late]).toEqual(['SESSION_NOT_FOUND', 'a']);
    loads[0]?.open({ records: [] });
    await turns();
    expect(dormant.size).toBe(1);
  });

  it('is waited for also when the store has answered that it has none', async () => {
    const { load, loads } = slowLoad();
    const { dormant } = await asleep({ b: alive('b') }, { load });
    const early = codeOf(call(() => dormant.with('a', () => {})));
    const over = dormant.expect('a');
    const late = codeOf(call(() => dormant.with('a', () => {})));
    loads[0]?.open({ records: [] });
    expect([await early, await stateOf(late)]).toEqual(['SESSION_NOT_FOUND', 'pending']);
    over();
    expect(await late).toBe('SESSION_NOT_FOUND');
  });

  it('and is not, after all, is SESSION_NOT_FOUND, or whoever the store has of that id', async () => {
    const { dormant, revived } = await asleep({ a: alive('a') });
    const [overA, overB] = [dormant.expect('a'), dormant.expect('b')];
    const [a, b] = [
      dormant.with('a', ({ state }) => state.id),
      codeOf(call(() => dormant.with('b', () => {}))),
    ];
    overA();
    overA();
    overB();
    expect([await a, await b, revived]).toEqual(['a', 'SESSION_NOT_FOUND', ['a']]);
  });

  it('twice is waited for until neither can come any more', async () => {
    const { dormant } = await asleep({});
    const [first, second] = [dormant.expect('a'), dormant.expect('a')];
    const waiting = codeOf(call(() => dormant.with('a', () => {})));
    first();
    expect(await stateOf(waiting)).toBe('pending');
    second();
    expect(await waiting).toBe('SESSION_NOT_FOUND');
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
    const { dormant, revived } = await asleep(stored, parts);
    for await (const _ of dormant.due(-1, 100));
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
    const { dormant, revived } = await asleep(stored);
    for (const id of ['s5', 's3']) await dormant.with(id, () => {});
    const infos = await dormant.list({});
    expect(infos.map(({ id }) => id)).toEqual(Object.keys(stored));
    expect(revived).toEqual(['s5', 's3']);
  });

  it('is read a page at a time: a limit, and where the page before it ended', async () => {
    const { dormant } = await asleep(stored);
    const first = await dormant.list({ limit: 2 });
    expect(first.map(({ id }) => id)).toEqual(['s0', 's1']);
    const after = first.at(-1)?.seq ?? 0;
    expect((await dormant.list({ limit: 300, after })).map(({ id }) => id).slice(0, 2)).toEqual(['s2', 's3']);
    expect(await dormant.list({ limit: 0 })).toEqual([]);
    expect(await dormant.list({ after: 1e6 })).toEqual([]);
  });

  it('has one that began again meanwhile where it belongs now', async () => {
    const { load, loads } = slowLoad();
    const { dormant, registry } = await asleep({ a: alive('a'), b: alive('b', 5) }, { load });
    const listing = dormant.list({});
    await turns();
    registry.add(new SessionEntry(recoverState('a', alive('a', 9)), 0));
    for (const { id, open } of loads) open(id === 'a' ? alive('a') : alive('b', 5));
    expect((await listing).map(({ id, seq }) => `${id} ${seq}`)).toEqual(['b 5', 'a 9']);
  });

  it('by status has what is so in memory, whatever the store last heard', async () => {
    const { dormant } = await asleep({ a: alive('a'), b: alive('b', 5) });
    await dormant.with('a', ({ state }) => {
      state.status = 'idle';
    });
    expect((await dormant.list({ status: 'active' })).map(({ id }) => id)).toEqual(['b']);
  });
});

describe('closing', () => {
  it('refuses whoever waits, and forgets what it counted', async () => {
    const { load, loads } = slowLoad();
    const { dormant, revived } = await asleep({ a: alive('a') }, { load });
    const waiting = codeOf(call(() => dormant.with('a', () => {})));
    dormant.close(new SessionError('MANAGER_CLOSED', 'closed'));
    loads[0]?.open(alive('a'));
    expect(await waiting).toBe('MANAGER_CLOSED');
    await turns();
    expect([dormant.size, dormant.counts, revived]).toEqual([0, {}, []]);
  });
});
