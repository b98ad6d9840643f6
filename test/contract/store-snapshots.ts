import {
  countsOf,
  ending,
  equal,
  fact,
  factSeqs,
  headIds,
  kept,
  life,
  loadedSeqs,
  type Scenario,
  scenario,
  snapshotAt,
  statusFact,
} from './store-stage.ts';

export const snapshotCases: readonly Scenario[] = [
  ...kept(
    'a session that is not there has no records, and no snapshot',
    (lease) => lease.append([fact(1, 'other', 1)]),
    async (lease) => equal(await lease.load('a'), { records: [] }),
  ),

  ...kept(
    'a snapshot stands for the facts up to it, which load gives no more',
    async (lease) => {
      await lease.append(life(5));
      await lease.putSnapshot('a', snapshotAt(3));
    },
    async (lease) => equal(await lease.load('a'), { snapshot: snapshotAt(3), records: life(5, 4) }),
  ),

  ...kept(
    'a snapshot of all facts leaves none to load, and the session goes on after it',
    async (lease) => {
      await lease.append(life(3));
      await lease.putSnapshot('a', snapshotAt(3));
    },
    async (lease) => {
      equal(await lease.load('a'), { snapshot: snapshotAt(3), records: [] });
      await lease.append(life(5, 4));
      equal(await lease.load('a'), { snapshot: snapshotAt(3), records: life(5, 4) });
    },
  ),

  scenario('a snapshot behind which a fact has come leaves the wake time to that', async (lease) => {
    await lease.append([...life(2), { ...fact(3, 'a', 3), wakeAt: 50 }]);
    await lease.putSnapshot('a', snapshotAt(2, { wakeAt: null }));
    equal((await lease.head('a'))?.wakeAt, 50, 'the wake time of the fact');
    await lease.putSnapshot('a', snapshotAt(3, { wakeAt: 70 }));
    equal((await lease.head('a'))?.wakeAt, 70, 'the wake time of the newest snapshot');
  }),

  ...kept(
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
      equal(await lease.load('a'), { snapshot, records: life(7, 6) });
    },
  ),

  ...kept(
    'a snapshot may be put again, with other data',
    async (lease) => {
      await lease.append(life(2));
      await lease.putSnapshot('a', snapshotAt(2));
      await lease.putSnapshot('a', snapshotAt(2, { data: { again: 1 } }));
    },
    async (lease) =>
      equal(await lease.load('a'), { snapshot: snapshotAt(2, { data: { again: 1 } }), records: [] }),
  ),

  ...kept(
    'a snapshot takes no fact from cursors',
    async (lease) => {
      await lease.append([...life(3), fact(4, 'b', 1)]);
      await lease.putSnapshot('a', snapshotAt(3));
    },
    async (lease) => {
      equal(await factSeqs(lease, { from: 0 }), [1, 2, 3, 4]);
      equal(await factSeqs(lease, { from: 1, sessionId: 'a' }), [2, 3]);
    },
  ),

  ...kept(
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
      equal(await lease.heads(), [head('a', 1, 5), head('b', 2, 9), head('c', 3, null), head('d', 4, 0)]);
      equal([lease.lastSeq, await countsOf(lease)], [4, { idle: 4 }]);
    },
  ),

  ...kept(
    'a snapshot of a session that is not there is dropped: one never seen, one ended, one removed',
    async (lease) => {
      await lease.append([fact(1, 'ended', 1), ending(2, 'ended', 2), fact(3, 'removed', 1)]);
      await lease.remove('removed');
      for (const id of ['never', 'ended', 'removed'])
        await lease.putSnapshot(id, snapshotAt(1, { wakeAt: 1 }));
    },
    async (lease) => {
      equal(await headIds(lease), []);
      for (const id of ['never', 'ended', 'removed']) equal(await lease.load(id), { records: [] }, id);
      await lease.append([fact(10, 'ended', 1), fact(11, 'removed', 1)]);
      equal(await lease.load('ended'), { records: [fact(10, 'ended', 1)] });
      equal(await lease.load('removed'), { records: [fact(11, 'removed', 1)] });
    },
  ),

  ...kept(
    'a session that begins again has no snapshot of the one before',
    async (lease) => {
      await lease.append(life(3));
      await lease.putSnapshot('a', snapshotAt(3));
      await lease.append([ending(4, 'a', 4), fact(5, 'a', 1)]);
    },
    async (lease) => equal(await lease.load('a'), { records: [fact(5, 'a', 1)] }),
  ),

  ...kept(
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

  scenario('what was asked for in one turn happens in the order of the calls', async (lease) => {
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
    );
  }),

  scenario('what load gave does not change with the store', async (lease) => {
    await lease.append(life(2));
    const loaded = await lease.load('a');
    await lease.append(life(3, 3));
    await lease.putSnapshot('a', snapshotAt(3));
    equal(loaded, { records: life(2) });
    equal(await loadedSeqs(lease, 'a'), []);
  }),
];
