import { equal } from './assertions.ts';
import { collect, ending, fact, factSeqs, life, plain, seqs, snapshotAt } from './facts.ts';
import { rules } from './rules.ts';
import { close, kept, type Scenario, scenario } from './stage.ts';

const MANY = 3000;

/** Facts of `a` and `b` in turn, with something in each. */
const mixed = Array.from({ length: 20 }, (_, n) =>
  fact(n + 1, n % 2 === 0 ? 'a' : 'b', 1 + Math.floor(n / 2), { type: `type ${n % 3}`, payload: { n } }),
);

export const cursorCases: readonly Scenario[] = [
  ...kept(
    rules.cursors,
    'facts are those after a cursor, as they were appended and in order',
    async (lease) => {
      await lease.append(mixed.slice(0, 7));
      await lease.append(mixed.slice(7));
    },
    async (lease) => {
      equal((await collect(lease, { from: 0 })).map(plain), mixed, 'facts');
      equal((await collect(lease, { from: 12 })).map(plain), mixed.slice(12), 'facts after 12');
      equal(await factSeqs(lease, { from: 20 }), [], 'after the newest');
      equal(await factSeqs(lease, { from: 99 }), [], 'after what is to come');
    },
  ),

  ...kept(
    rules.cursors,
    'facts can be those of one session, and few',
    (lease) => lease.append(mixed),
    async (lease) => {
      const even = [2, 4, 6, 8, 10, 12, 14, 16, 18, 20];
      equal(await factSeqs(lease, { from: 0, sessionId: 'b' }), even, 'those of b');
      equal(await factSeqs(lease, { from: 6, sessionId: 'b', limit: 2 }), [8, 10], 'two of b after 6');
      equal(await factSeqs(lease, { from: 7, sessionId: 'b', limit: 2 }), [8, 10], 'two of b after 7');
      equal(await factSeqs(lease, { from: 3, limit: 2 }), [4, 5], 'two after 3');
      equal(await factSeqs(lease, { from: 0, limit: 0 }), [], 'limit 0');
      equal(await factSeqs(lease, { from: 0, sessionId: 'c' }), [], 'a session that never was');
    },
  ),

  ...kept(
    rules.cursors,
    'facts of an id are those of all its lives',
    (lease) =>
      lease.append([
        fact(1, 'a', 1),
        fact(2, 'b', 1),
        ending(3, 'a', 2),
        fact(4, 'a', 1),
        ending(5, 'a', 2),
        fact(6, 'b', 2),
        fact(7, 'a', 1),
      ]),
    async (lease) => {
      const found = await collect(lease, { from: 0, sessionId: 'a' });
      equal(
        [seqs(found), found.map(({ sessionSeq }) => sessionSeq)],
        [
          [1, 3, 4, 5, 7],
          [1, 2, 1, 2, 1],
        ],
        'seq and sessionSeq of the facts of a',
      );
      equal(await factSeqs(lease, { from: 3, sessionId: 'a', limit: 2 }), [4, 5], 'two of a after 3');
      equal(await factSeqs(lease, { from: 5, sessionId: 'a' }), [7], 'those of a after 5');
    },
  ),

  ...kept(
    rules.cursors,
    'facts can be read page by page, each once, of all sessions and of one',
    (lease) => lease.append(mixed),
    async (lease) => {
      for (const sessionId of [undefined, 'a']) {
        const found: number[] = [];
        // A store that gives the same again would have no last page.
        for (let from = 0, pages = 0; pages < mixed.length; pages += 1) {
          const page = await factSeqs(lease, { from, limit: 3, ...(sessionId && { sessionId }) });
          found.push(...page);
          const last = page.at(-1);
          if (last === undefined) break;
          from = last;
        }
        const wanted = mixed.filter((each) => sessionId === undefined || each.sessionId === sessionId);
        equal(found, seqs(wanted), `the pages of ${sessionId ?? 'all'}`);
      }
    },
  ),

  ...kept(
    rules.cursors,
    `${MANY} facts come whole and in order, of all sessions and of one`,
    async (lease) => {
      await lease.append(
        Array.from({ length: MANY }, (_, n) => fact(n + 1, `s${n % 2}`, 1 + Math.floor(n / 2))),
      );
    },
    async (lease) => {
      const all = Array.from({ length: MANY }, (_, n) => n + 1);
      equal(await factSeqs(lease, { from: 0 }), all, 'facts');
      equal(await factSeqs(lease, { from: 0, limit: MANY - 1 }), all.slice(0, -1), 'all but one');
      equal(
        await factSeqs(lease, { from: 10, sessionId: 's1' }),
        all.filter((seq) => seq > 10 && seq % 2 === 0),
        'those of one after 10',
      );
    },
  ),

  scenario(
    rules.moment,
    'facts are those there were when they were asked for, whatever comes meanwhile',
    async (lease) => {
      await lease.append(life(3));
      const read = lease.facts({ from: 0 });
      await lease.append(life(5, 4));
      const found: number[] = [];
      for await (const { seq } of read) {
        found.push(seq);
        const next = lease.lastSeq + 1;
        await lease.append([fact(next, 'a', next)]);
      }
      equal(found, [1, 2, 3], 'facts');
      equal(lease.lastSeq, 8, 'lastSeq');
    },
  ),

  scenario(rules.moment, 'facts may be read in part; the rest of the store goes on', async (lease) => {
    await lease.append(life(2000));
    let read = 0;
    for await (const { seq } of lease.facts({ from: 0 })) {
      read = seq;
      if (seq === 3) break;
    }
    equal(read, 3, 'read');
    await lease.append(life(2001, 2001));
    await lease.putSnapshot('a', snapshotAt(2001));
    equal((await factSeqs(lease, { from: 1998 })).length, 3, 'the newest facts');
    await close(lease);
  }),

  scenario(rules.moment, 'two readers at the same time do not disturb each other', async (lease) => {
    await lease.append(mixed);
    const [all, one, late] = await Promise.all([
      factSeqs(lease, { from: 0 }),
      factSeqs(lease, { from: 0, sessionId: 'a' }),
      factSeqs(lease, { from: 15 }),
    ]);
    equal([all.length, one.length, late], [20, 10, [16, 17, 18, 19, 20]], 'what the readers got');
  }),

  scenario(rules.retention, 'cutSeq is 0 as long as facts can give all', async (lease, { reopen }) => {
    await lease.append(life(50));
    await lease.putSnapshot('a', snapshotAt(50));
    await lease.append([ending(51, 'a', 51)]);
    equal([lease.cutSeq, (await reopen(lease)).cutSeq], [0, 0], 'cutSeq');
  }),
];
