import { equal } from './assertions.ts';
import {
  countsOf,
  ending,
  fact,
  factSeqs,
  headIds,
  life,
  loadedSeqs,
  seqs,
  snapshotAt,
  statusFact,
} from './facts.ts';
import { rules } from './rules.ts';
import { kept, type Scenario, scenario } from './stage.ts';

/** Whether it is refused or not. */
async function settled(call: () => unknown): Promise<void> {
  await Promise.allSettled([(async () => call())()]);
}

export const snapshotCases: readonly Scenario[] = [
  ...kept(
    rules.load,
    'a session that is not there has no records, and no snapshot',
    (lease) => lease.append([fact(1, 'other', 1)]),
    async (lease) => equal(await lease.load('a'), { records: [] }, 'what load gives'),
  ),

  ...kept(
    rules.snapshot,
    'a snapshot stands for the facts up to it, which load gives no more',
    async (lease) => {
      await lease.append(life(5));
      await lease.putSnapshot('a', snapshotAt(3));
    },
    async (lease) =>
      equal(await lease.load('a'), { snapshot: snapshotAt(3), records: life(5, 4) }, 'what load gives'),
  ),

  ...kept(
    rules.snapshot,
    'a snapshot of all facts leaves none to load, and the session goes on after it',
    async (lease) => {
      await lease.append(life(3));
      await lease.putSnapshot('a', snapshotAt(3));
    },
    async (lease) => {
      equal(await lease.load('a'), { snapshot: snapshotAt(3), records: [] }, 'what load gives');
      await lease.append(life(5, 4));
      const session = { snapshot: snapshotAt(3), records: life(5, 4) };
      equal(await lease.load('a'), session, 'what load gives when it went on');
    },
  ),

  scenario(
    rules.wakeAt,
    'a snapshot behind which a fact has come leaves the wake time to that',
    async (lease) => {
      await lease.append([...life(2), { ...fact(3, 'a', 3), wakeAt: 50 }]);
      await lease.putSnapshot('a', snapshotAt(2, { wakeAt: null }));
      equal((await lease.head('a'))?.wakeAt, 50, 'the wake time of the fact');
      await lease.putSnapshot('a', snapshotAt(3, { wakeAt: 70 }));
      equal((await lease.head('a'))?.wakeAt, 70, 'the wake time of the newest snapshot');
    },
  ),

  ...kept(
    rules.snapshot,
    'a later snapshot takes the place of an earlier one',
    async (lease) => {
      await lease.append(life(4));
      await lease.putSnapshot('a', snapshotAt(2, { version: 1, data: { old: true } }));
      await lease.append(life(6, 5));
      await lease.putSnapshot('a', snapshotAt(5, { version: 2, data: { new: true } }));
      await lease.append(life(7, 7));
    },
    async (lease) => {
      const snapshot = { sessionSeq: 5, version: 2, data: { new: true } };
      equal(await lease.load('a'), { snapshot, records: life(7, 6) }, 'what load gives');
    },
  ),

  ...kept(
    rules.snapshot,
    'a snapshot that is older than the one there is refused or not, and takes no fact from load',
    async (lease) => {
      await lease.append(life(5));
      await lease.putSnapshot('a', snapshotAt(4));
      await settled(() => lease.putSnapshot('a', snapshotAt(2)));
    },
    async (lease) => {
      const { snapshot, records } = await lease.load('a');
      equal(seqs(records), seqs(life(5, (snapshot?.sessionSeq ?? 0) + 1)), 'the facts after the snapshot');
    },
  ),

  ...kept(
    rules.snapshot,
    'a snapshot may be put again, with other data',
    async (lease) => {
      await lease.append(life(2));
      await lease.putSnapshot('a', snapshotAt(2));
      await lease.putSnapshot('a', snapshotAt(2, { data: { again: 1 } }));
    },
    async (lease) => {
      const snapshot = snapshotAt(2, { data: { again: 1 } });
      equal(await lease.load('a'), { snapshot, records: [] }, 'what load gives');
    },
  ),

  ...kept(
    rules.snapshot,
    'a snapshot takes no fact from cursors',
    async (lease) => {
      await lease.append([...life(3), fact(4, 'b', 1)]);
      await lease.putSnapshot('a', snapshotAt(3));
    },
    async (lease) => {
      equal(await factSeqs(lease, { from: 0 }), [1, 2, 3, 4], 'facts');
      equal(await factSeqs(lease, { from: 1, sessionId: 'a' }), [2, 3], 'facts of a after 1');
    },
  ),

  ...kept(
    rules.wakeAt,
    'a snapshot changes of a head nothing but wakeAt, and that only when it says so',
    async (lease) => {
      await lease.append([
        statusFact(1, 'a', 1, 'idle', { wakeAt: 5 }),
        statusFact(2, 'b', 1, 'idle', { wakeAt: 5 }),
      ]);
      await lease.append([statusFact(3, 'c', 1, 'idle', { wakeAt: 5 }), statusFact(4, 'd', 1, 'idle')]);
      await lease.putSnapshot('a', snapshotAt(1));
      await lease.putSnapshot('b', snapshotAt(1, { wakeAt: 9 }));
      await lease.putSnapshot('c', snapshotAt(1, { wakeAt: null }));
      await lease.putSnapshot('d', snapshotAt(1, { wakeAt: 0 }));
    },
    async (lease) => {
      const head = (id: string, seq: number, wakeAt: number | null) => ({
        id,
        seq,
        sessionSeq: 1,
        status: 'idle',
        wakeAt,
      });
      const heads = [head('a', 1, 5), head('b', 2, 9), head('c', 3, null), head('d', 4, 0)];
      equal(await lease.heads(), heads, 'heads');
      equal([lease.lastSeq, await countsOf(lease)], [4, { idle: 4 }], 'lastSeq and counts');
    },
  ),

  ...kept(
    rules.straySnapshot,
    'a snapshot of a session that is not there is dropped: one never seen, one ended, one removed',
    async (lease) => {
      await lease.append([fact(1, 'ended', 1), ending(2, 'ended', 2), fact(3, 'removed', 1)]);
      await lease.remove('removed');
      for (const id of ['never', 'ended', 'removed'])
        await lease.putSnapshot(id, snapshotAt(1, { wakeAt: 1 }));
    },
    async (lease) => {
      equal(await headIds(lease), [], 'heads');
      for (const id of ['never', 'ended', 'removed'])
        equal(await lease.load(id), { records: [] }, `the one ${id}`);
      await lease.append([fact(10, 'ended', 1), fact(11, 'removed', 1)]);
      equal(await lease.load('ended'), { records: [fact(10, 'ended', 1)] }, 'one that began again');
      equal(await lease.load('removed'), { records: [fact(11, 'removed', 1)] }, 'the other');
    },
  ),

  ...kept(
    rules.ending,
    'a session that begins again has no snapshot of the one before',
    async (lease) => {
      await lease.append(life(3));
      await lease.putSnapshot('a', snapshotAt(3));
      await lease.append([ending(4, 'a', 4), fact(5, 'a', 1)]);
    },
    async (lease) => equal(await lease.load('a'), { records: [fact(5, 'a', 1)] }, 'what load gives'),
  ),

  ...kept(
    rules.snapshot,
    'snapshots put in one turn each go to their own session',
    async (lease) => {
      await lease.append(Array.from({ length: 30 }, (_, n) => fact(n + 1, `s${n}`, 1)));
      await Promise.all(
        Array.from({ length: 30 }, (_, n) => lease.putSnapshot(`s${n}`, snapshotAt(1, { data: { n } }))),
      );
    },
    async (lease) => {
      for (let n = 0; n < 30; n += 1)
        equal(
          await lease.load(`s${n}`),
          { snapshot: snapshotAt(1, { data: { n } }), records: [] },
          `session ${n}`,
        );
    },
  ),

  scenario(rules.order, 'what was asked for in one turn happens in the order of the calls', async (lease) => {
    const [, one, , two, , three] = await Promise.all([
      lease.append(life(2)),
      lease.load('a'),
      lease.putSnapshot('a', snapshotAt(1)),
      lease.load('a'),
      lease.append([ending(3, 'a', 3)]),
      lease.load('a'),
    ]);
    equal(
      [one, two, three],
      [{ records: life(2) }, { snapshot: snapshotAt(1), records: life(2, 2) }, { records: [] }],
      'what the three loads gave',
    );
  }),

  scenario(rules.answers, 'what load gave does not change with the store', async (lease) => {
    await lease.append(life(2));
    const loaded = await lease.load('a');
    await lease.append(life(3, 3));
    await lease.putSnapshot('a', snapshotAt(3));
    equal(loaded, { records: life(2) }, 'what load gave before');
    equal(await loadedSeqs(lease, 'a'), [], 'the facts loaded now');
  }),
];
