import type { JournalRecord } from '../../store/port.ts';
import { equal, holds, refused } from './assertions.ts';
import {
  contentsOf,
  countsOf,
  ending,
  fact,
  factSeqs,
  headIds,
  life,
  loadedSeqs,
  plain,
  seqs,
  statusFact,
} from './facts.ts';
import { rules } from './rules.ts';
import { kept, type Scenario, scenario } from './stage.ts';

/** After the facts 1 and 2 of session `a`: batches that break the order, and what is wrong with them. */
const wrong: ReadonlyArray<readonly [string, readonly JournalRecord[]]> = [
  ['leaves a fact of its session out', [fact(3, 'a', 4)]],
  ['repeats a fact of its session', [fact(3, 'a', 2)]],
  ['goes back to the first fact of its session', [fact(3, 'a', 1)]],
  ['begins a session with its second fact', [fact(3, 'new', 2)]],
  ['begins a session with fact 0', [fact(3, 'new', 0)]],
  ['is right at first and wrong then', [fact(3, 'a', 3), fact(4, 'a', 5)]],
  ['is wrong at first and right then', [fact(3, 'a', 4), fact(4, 'a', 3)]],
  ['is right for one session and wrong for another', [fact(3, 'a', 3), fact(4, 'b', 2)]],
  ['has a fact of a session after its end', [ending(3, 'a', 3), fact(4, 'a', 4)]],
  ['uses the newest seq again', [fact(2, 'a', 3)]],
  ['uses an older seq again', [fact(1, 'b', 1)]],
  ['does not rise in seq', [fact(4, 'a', 3), fact(3, 'b', 1)]],
  ['has one seq twice', [fact(3, 'a', 3), fact(3, 'b', 1)]],
];

/** Facts with something in every field. */
const rich: readonly JournalRecord[] = [
  fact(1, 'a', 1, {
    type: 'session_created',
    payload: { metadata: { a: 1 }, config: { n: null, list: [1, 'two'] } },
  }),
  statusFact(2, 'a', 2, 'active', { at: '2026-01-01T00:00:00.001Z', wakeAt: 1000 }),
  fact(3, 'b', 1, { type: 'session_created' }),
  fact(4, 'a', 3, { type: 'an agent: said "so"', payload: { n: 0.1, deep: { er: [[], {}] } }, wakeAt: null }),
];

export const appendCases: readonly Scenario[] = [
  ...kept(
    rules.appended,
    'a session has its facts, as they were appended and in order',
    async (lease) => {
      await lease.append(rich.slice(0, 2));
      await lease.append(rich.slice(2));
    },
    async (lease) => {
      const { snapshot, records } = await lease.load('a');
      equal(snapshot, undefined, 'the snapshot');
      equal(
        records.map(plain),
        rich.filter(({ sessionId }) => sessionId === 'a').map(plain),
        'the facts of a',
      );
      equal(await loadedSeqs(lease, 'b'), [3], 'the facts of b');
    },
  ),

  ...kept(
    rules.appended,
    'sessions may alternate within a batch',
    (lease) => lease.append([fact(1, 'a', 1), fact(2, 'b', 1), fact(3, 'a', 2), fact(4, 'b', 2)]),
    async (lease) => {
      equal(
        [await loadedSeqs(lease, 'a'), await loadedSeqs(lease, 'b')],
        [
          [1, 3],
          [2, 4],
        ],
        'the facts of a and of b',
      );
      equal(await factSeqs(lease, { from: 0 }), [1, 2, 3, 4], 'facts');
    },
  ),

  ...kept(
    rules.appended,
    'a seq may leave numbers out, between batches and within',
    async (lease) => {
      await lease.append([fact(5, 'a', 1)]);
      await lease.append([fact(7, 'a', 2), fact(20, 'b', 1)]);
    },
    async (lease) => {
      equal(lease.lastSeq, 20, 'lastSeq');
      equal(await factSeqs(lease, { from: 0 }), [5, 7, 20], 'facts');
      equal(await factSeqs(lease, { from: 5 }), [7, 20], 'facts after 5');
    },
  ),

  scenario(rules.appended, 'what an append has brought is there when it resolves', async (lease) => {
    for (let n = 1; n <= 5; n += 1) {
      await lease.append([fact(n, 'a', n)]);
      equal(lease.lastSeq, n, 'lastSeq');
      equal((await lease.head('a'))?.sessionSeq, n, 'the head');
      equal((await loadedSeqs(lease, 'a')).length, n, 'the facts loaded');
      equal(await factSeqs(lease, { from: n - 1 }), [n], 'the newest fact');
    }
  }),

  ...wrong.map(([what, batch]) =>
    scenario(
      rules.wholeOrNot,
      `a batch that ${what} is STORE_FAILED, and nothing of it is kept`,
      async (lease, { reopen }) => {
        await lease.append(life(2));
        const before = await contentsOf(lease);
        await refused('STORE_FAILED', () => lease.append(batch), 'append');
        equal(await contentsOf(lease), before, 'the contents');
        const next = await reopen(lease);
        equal(await contentsOf(next), before, 'the contents for the next owner');
        await next.append([fact(3, 'a', 3), fact(4, 'b', 1)]);
        equal(await factSeqs(next, { from: 0 }), [1, 2, 3, 4], 'facts after the next append');
      },
    ),
  ),

  scenario(rules.appended, 'an append of nothing changes nothing', async (lease) => {
    await lease.append(life(2));
    const before = await contentsOf(lease);
    await lease.append([]);
    equal(await contentsOf(lease), before, 'the contents');
  }),

  scenario(
    rules.order,
    'appends that nobody waits for in between are kept in the order of the calls',
    async (lease) => {
      const calls = Array.from({ length: 20 }, (_, n) => lease.append([fact(n + 1, 'a', n + 1)]));
      await Promise.all(calls);
      equal(await loadedSeqs(lease, 'a'), seqs(life(20)), 'the facts loaded');
    },
  ),

  scenario(rules.order, 'a refused append takes none of those around it with it', async (lease) => {
    const calls = [
      () => lease.append(life(2)),
      () => lease.append([fact(3, 'a', 7)]),
      () => lease.append([fact(3, 'a', 3)]),
    ].map((call) => (async () => call())());
    const outcomes = await Promise.allSettled(calls);
    equal(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
      'what became of the three appends',
    );
    equal(await loadedSeqs(lease, 'a'), [1, 2, 3], 'the facts loaded');
  }),

  scenario(rules.arguments, 'the list that was appended may change after the call', async (lease) => {
    const batch = life(2);
    const appended = lease.append(batch);
    batch.length = 0;
    batch.push(fact(9, 'b', 1));
    await appended;
    equal([lease.lastSeq, await headIds(lease)], [2, ['a']], 'lastSeq and heads');
    equal(await loadedSeqs(lease, 'a'), [1, 2], 'the facts loaded');
  }),

  scenario(rules.arguments, 'frozen facts are taken, and stay as they are', async (lease) => {
    const batch = Object.freeze(
      life(2).map((each) => Object.freeze({ ...each, payload: Object.freeze({ a: Object.freeze([1]) }) })),
    );
    await lease.append(batch);
    equal(await factSeqs(lease, { from: 0 }), [1, 2], 'facts');
    equal(batch[0], fact(1, 'a', 1, { payload: { a: [1] } }), 'the fact that was given');
  }),

  ...kept(
    rules.ending,
    'a session_terminated removes its session; others stay',
    async (lease) => {
      await lease.append([statusFact(1, 'b', 1, 'active'), statusFact(2, 'a', 1, 'active', { wakeAt: 5 })]);
      await lease.append([ending(3, 'a', 2)]);
    },
    async (lease) => {
      equal(await headIds(lease), ['b'], 'heads');
      equal(await lease.head('a'), undefined, 'its head');
      equal(await lease.load('a'), { records: [] }, 'what load gives');
      equal(await countsOf(lease), { active: 1 }, 'counts');
      equal(await headIds(lease, { wakeAfter: 0, wakeBy: 10 }), [], 'those to wake');
      equal(await loadedSeqs(lease, 'b'), [1], 'the facts of the other');
    },
  ),

  ...kept(
    rules.ending,
    'the facts of a session that has ended stay for cursors',
    (lease) => lease.append([fact(1, 'b', 1), fact(2, 'a', 1), ending(3, 'a', 2)]),
    async (lease) => {
      equal(await factSeqs(lease, { from: 0 }), [1, 2, 3], 'facts');
      equal(await factSeqs(lease, { from: 0, sessionId: 'a' }), [2, 3], 'facts of the one that ended');
    },
  ),

  ...kept(
    rules.ending,
    'an id that has ended may begin again, with nothing of what was before',
    async (lease) => {
      await lease.append([
        statusFact(1, 'a', 1, 'active', { wakeAt: 5 }),
        fact(2, 'a', 2),
        ending(3, 'a', 3),
      ]);
      await lease.append([fact(4, 'a', 1)]);
    },
    async (lease) => {
      const head = { id: 'a', seq: 4, sessionSeq: 1, status: 'initializing', wakeAt: null };
      equal(await lease.heads(), [head], 'heads');
      equal(await headIds(lease, { wakeAfter: 0, wakeBy: 10 }), [], 'those to wake');
      equal(await loadedSeqs(lease, 'a'), [4], 'the facts of the new one');
      await lease.append([fact(5, 'a', 2)]);
      equal(await loadedSeqs(lease, 'a'), [4, 5], 'the facts when it went on');
    },
  ),

  ...kept(
    rules.ending,
    'an id may end and begin again within one batch, more than once',
    async (lease) => {
      await lease.append(life(1));
      await lease.append([
        ending(2, 'a', 2),
        fact(3, 'a', 1),
        ending(4, 'a', 2),
        statusFact(5, 'a', 1, 'active'),
      ]);
    },
    async (lease) => {
      equal(
        await lease.head('a'),
        { id: 'a', seq: 5, sessionSeq: 1, status: 'active', wakeAt: null },
        'its head',
      );
      equal(await loadedSeqs(lease, 'a'), [5], 'the facts loaded');
      equal(await factSeqs(lease, { from: 0, sessionId: 'a' }), [1, 2, 3, 4, 5], 'facts');
    },
  ),

  ...kept(
    rules.ending,
    'a session whose whole life is one batch leaves nothing but facts for cursors',
    (lease) => lease.append([fact(1, 'a', 1), statusFact(2, 'a', 2, 'active'), ending(3, 'a', 3)]),
    async (lease) => {
      equal([await headIds(lease), await countsOf(lease)], [[], {}], 'heads and counts');
      equal(await lease.load('a'), { records: [] }, 'what load gives');
      equal(await factSeqs(lease, { from: 0 }), [1, 2, 3], 'facts');
    },
  ),

  scenario(
    rules.wholeOrNot,
    'a fact that goes on with a session after its end is STORE_FAILED',
    async (lease) => {
      await lease.append([fact(1, 'a', 1), ending(2, 'a', 2)]);
      await refused('STORE_FAILED', () => lease.append([fact(3, 'a', 3)]), 'append');
      equal([lease.lastSeq, await headIds(lease)], [2, []], 'lastSeq and heads');
    },
  ),

  ...kept(
    rules.appended,
    'a batch of 2,000 facts over 50 sessions is kept whole',
    (lease) =>
      lease.append(Array.from({ length: 2000 }, (_, n) => fact(n + 1, `s${n % 50}`, 1 + Math.floor(n / 50)))),
    async (lease) => {
      equal((await headIds(lease)).length, 50, 'sessions');
      for (const n of [0, 7, 49]) {
        const expected = Array.from({ length: 40 }, (_, k) => k * 50 + n + 1);
        equal(await loadedSeqs(lease, `s${n}`), expected, `session ${n}`);
      }
      equal((await factSeqs(lease, { from: 0 })).length, 2000, 'facts');
    },
  ),

  scenario(rules.load, 'loads asked for in one turn each get their own session', async (lease) => {
    await lease.append(
      Array.from({ length: 600 }, (_, n) => fact(n + 1, `s${n % 300}`, 1 + Math.floor(n / 300))),
    );
    const names = Array.from({ length: 301 }, (_, n) => `s${300 - n}`);
    const loaded = await Promise.all(names.map((id) => lease.load(id)));
    for (const [index, { records }] of loaded.entries()) {
      const n = 300 - index;
      equal(seqs(records), n === 300 ? [] : [n + 1, n + 301], `session ${n}`);
    }
    const [twice, again] = await Promise.all([lease.load('s1'), lease.load('s1')]);
    holds(twice.records.length === 2 && again.records.length === 2, 'that a session can be asked for twice');
  }),
];
