import type { StoreLease } from '../../store/port.ts';
import { equal, refused } from './assertions.ts';
import { countsOf, ending, fact, headIds, ids, snapshotAt, statusFact } from './facts.ts';
import { rules } from './rules.ts';
import { kept, type Scenario, scenario } from './stage.ts';

/** Created in the order e, d, c, b, a; the status and the time to wake as the table says. */
const five = [
  statusFact(1, 'e', 1, 'active', { wakeAt: 30 }),
  statusFact(2, 'd', 1, 'idle', { wakeAt: 10 }),
  statusFact(3, 'c', 1, 'active'),
  statusFact(4, 'b', 1, 'idle', { wakeAt: 20 }),
  statusFact(5, 'a', 1, 'active', { wakeAt: 10 }),
];

async function wakeAt(lease: StoreLease, id: string): Promise<number | null | undefined> {
  return (await lease.head(id))?.wakeAt;
}

export const headCases: readonly Scenario[] = [
  scenario(rules.head, 'there is no head for an id that is not there', async (lease) => {
    equal(await lease.head('a'), undefined, 'the head in an empty store');
    await lease.append([fact(1, 'ab', 1)]);
    equal(await lease.head('a'), undefined, 'the head beside another');
  }),

  ...kept(
    rules.head,
    'a head says when its session was created, how many facts it has, its status and when it wakes',
    (lease) => lease.append([fact(3, 'a', 1), fact(4, 'b', 1), fact(6, 'a', 2)]),
    async (lease) => {
      const head = { id: 'a', seq: 3, sessionSeq: 2, status: 'initializing', wakeAt: null };
      equal(await lease.head('a'), head, 'the head');
      equal(await lease.heads(), [head, { ...head, id: 'b', seq: 4, sessionSeq: 1 }], 'heads');
    },
  ),

  ...kept(
    rules.head,
    'the status of a head is that of the newest session_status',
    async (lease) => {
      await lease.append([statusFact(1, 'a', 1, 'active'), fact(2, 'a', 2), fact(3, 'b', 1)]);
      await lease.append([statusFact(4, 'a', 3, 'idle'), statusFact(5, 'a', 4, 'terminating')]);
      await lease.append([fact(6, 'a', 5, { type: 'agent', payload: { status: 'not this' } })]);
    },
    async (lease) => {
      equal(
        (await lease.heads()).map(({ status }) => status),
        ['terminating', 'initializing'],
        'the statuses',
      );
    },
  ),

  ...kept(
    rules.wakeAt,
    'wakeAt is that of the newest fact that says something about it',
    (lease) =>
      lease.append([
        fact(1, 'set', 1, { wakeAt: 7 }),
        fact(2, 'set', 2),
        fact(3, 'changed', 1, { wakeAt: 7 }),
        fact(4, 'changed', 2, { wakeAt: 1_767_225_600_000 }),
        fact(5, 'cleared', 1, { wakeAt: 7 }),
        fact(6, 'cleared', 2, { wakeAt: null }),
        fact(7, 'at-once', 1, { wakeAt: 0 }),
        fact(8, 'never', 1),
      ]),
    async (lease) => {
      const found = [];
      for (const id of ['set', 'changed', 'cleared', 'at-once', 'never']) found.push(await wakeAt(lease, id));
      equal(found, [7, 1_767_225_600_000, null, 0, null], 'wakeAt');
    },
  ),

  ...kept(
    rules.heads,
    'heads come in the order of creation, whatever happened since',
    async (lease) => {
      await lease.append(five);
      await lease.append([fact(6, 'c', 2), ending(7, 'd', 2), fact(8, 'd', 1)]);
    },
    async (lease) => equal(await headIds(lease), ['e', 'c', 'b', 'a', 'd'], 'heads'),
  ),

  ...kept(
    rules.heads,
    'heads can be read page by page, each session once',
    async (lease) => {
      await lease.append(Array.from({ length: 25 }, (_, n) => fact(2 * n + 1, `s${n}`, 1)));
    },
    async (lease) => {
      const found: string[] = [];
      // A store that gives the same again would have no last page.
      for (let after = 0, pages = 0; pages < 10; pages += 1) {
        const page = await lease.heads({ after, limit: 10 });
        found.push(...ids(page));
        const last = page.at(-1);
        if (!last) break;
        after = last.seq;
      }
      equal(
        found,
        Array.from({ length: 25 }, (_, n) => `s${n}`),
        'the pages',
      );
    },
  ),

  ...kept(
    rules.heads,
    'heads can be those after a seq, of some statuses, and few',
    (lease) => lease.append(five),
    async (lease) => {
      const expected: ReadonlyArray<readonly [Parameters<StoreLease['heads']>[0], readonly string[]]> = [
        [{}, ['e', 'd', 'c', 'b', 'a']],
        [{ after: 2 }, ['c', 'b', 'a']],
        [{ after: 5 }, []],
        [{ limit: 2 }, ['e', 'd']],
        [{ limit: 0 }, []],
        [{ status: ['active'] }, ['e', 'c', 'a']],
        [{ status: ['idle', 'active'] }, ['e', 'd', 'c', 'b', 'a']],
        [{ status: ['idle', 'idle'] }, ['d', 'b']],
        [{ status: ['none'] }, []],
        [{ status: [] }, []],
        [{ status: ['active', 'none'], after: 1, limit: 1 }, ['c']],
        [{ status: ['active', 'idle'], after: 1, limit: 3 }, ['d', 'c', 'b']],
      ];
      for (const [query, found] of expected)
        equal(await headIds(lease, query), found, `heads(${JSON.stringify(query)})`);
    },
  ),

  ...kept(
    rules.due,
    'heads to be woken are those with wakeAfter < wakeAt ≤ wakeBy, the earliest first',
    (lease) => lease.append(five),
    async (lease) => {
      const expected: ReadonlyArray<readonly [number, number, readonly string[]]> = [
        [0, 100, ['d', 'a', 'b', 'e']],
        [Number.NEGATIVE_INFINITY, 100, ['d', 'a', 'b', 'e']],
        [9, 10, ['d', 'a']],
        [10, 20, ['b']],
        [10, 19, []],
        [10, 30, ['b', 'e']],
        [30, 1000, []],
      ];
      for (const [wakeAfter, wakeBy, found] of expected)
        equal(await headIds(lease, { wakeAfter, wakeBy }), found, `those from ${wakeAfter} to ${wakeBy}`);
    },
  ),

  ...kept(
    rules.due,
    'heads to be woken can be few, of some statuses, and those after a seq',
    (lease) => lease.append(five),
    async (lease) => {
      const all = { wakeAfter: 0, wakeBy: 100 };
      equal(await headIds(lease, { ...all, limit: 3 }), ['d', 'a', 'b'], 'limit 3');
      equal(await headIds(lease, { ...all, limit: 0 }), [], 'limit 0');
      equal(await headIds(lease, { ...all, status: ['idle'] }), ['d', 'b'], 'those that are idle');
      equal(await headIds(lease, { ...all, status: ['active'], limit: 1 }), ['a'], 'the first active one');
      equal(await headIds(lease, { ...all, after: 2 }), ['a', 'b'], 'after 2');
    },
  ),

  ...kept(
    rules.due,
    'a session is among those to be woken by its newest wakeAt alone',
    async (lease) => {
      await lease.append([fact(1, 'later', 1, { wakeAt: 5 }), fact(2, 'never', 1, { wakeAt: 5 })]);
      await lease.append([fact(3, 'asleep', 1, { wakeAt: 5 }), fact(4, 'now', 1)]);
      await lease.append([fact(5, 'later', 2, { wakeAt: 50 }), fact(6, 'never', 2, { wakeAt: null })]);
      await lease.append([fact(7, 'now', 2, { wakeAt: 0 })]);
      await lease.putSnapshot('asleep', snapshotAt(1, { wakeAt: 60 }));
    },
    async (lease) => {
      equal(await headIds(lease, { wakeAfter: -1, wakeBy: 10 }), ['now'], 'those up to 10');
      equal(await headIds(lease, { wakeAfter: 0, wakeBy: 100 }), ['later', 'asleep'], 'those up to 100');
    },
  ),

  scenario(rules.counts, 'counts follow every kind of change', async (first, { reopen }) => {
    let lease = first;
    const steps: ReadonlyArray<readonly [() => unknown, Record<string, number>]> = [
      [
        () => lease.append([fact(1, 'a', 1), fact(2, 'b', 1), statusFact(3, 'c', 1, 'active')]),
        { initializing: 2, active: 1 },
      ],
      [() => lease.append([statusFact(4, 'a', 2, 'active')]), { initializing: 1, active: 2 }],
      [
        () => lease.append([statusFact(5, 'a', 3, 'idle'), statusFact(6, 'b', 2, 'idle')]),
        { idle: 2, active: 1 },
      ],
      [() => lease.append([fact(7, 'a', 4)]), { idle: 2, active: 1 }],
      [() => lease.putSnapshot('a', snapshotAt(4)), { idle: 2, active: 1 }],
      [
        () => refused('STORE_FAILED', () => lease.append([statusFact(8, 'a', 9, 'active')]), 'append'),
        { idle: 2, active: 1 },
      ],
      [() => lease.append([ending(8, 'a', 5)]), { idle: 1, active: 1 }],
      [() => lease.remove('b'), { active: 1 }],
      [() => lease.append([ending(9, 'c', 2), fact(10, 'c', 1)]), { initializing: 1 }],
      [() => lease.remove('not-there'), { initializing: 1 }],
      [() => lease.remove('c'), {}],
    ];
    for (const [index, [change, counts]] of steps.entries()) {
      await change();
      equal(await countsOf(lease), counts, `counts after step ${index}`);
      lease = await reopen(lease);
      equal(await countsOf(lease), counts, `counts after step ${index}, for the next owner`);
    }
  }),

  scenario(rules.answers, 'heads that were given do not change with the store', async (lease) => {
    await lease.append([statusFact(1, 'a', 1, 'active')]);
    const [head, heads] = [await lease.head('a'), await lease.heads()];
    await lease.append([statusFact(2, 'a', 2, 'idle', { wakeAt: 5 }), fact(3, 'b', 1)]);
    const before = { id: 'a', seq: 1, sessionSeq: 1, status: 'active', wakeAt: null };
    equal([head, heads], [before, [before]], 'the head and the heads given before');
  }),
];
