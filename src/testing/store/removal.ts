import { equal } from './assertions.ts';
import {
  contentsOf,
  countsOf,
  documentOf,
  fact,
  headIds,
  life,
  loadedSeqs,
  snapshotAt,
  statusFact,
} from './facts.ts';
import { rules } from './rules.ts';
import { kept, type Scenario, scenario } from './stage.ts';

export const removalCases: readonly Scenario[] = [
  ...kept(
    rules.removal,
    'a session that is removed is gone: its head, its facts, its snapshot, its time to wake',
    async (lease) => {
      await lease.append([statusFact(1, 'a', 1, 'active', { wakeAt: 5 }), fact(2, 'a', 2), fact(3, 'b', 1)]);
      await lease.putSnapshot('a', snapshotAt(1));
      await lease.remove('a');
    },
    async (lease) => {
      equal(await lease.head('a'), undefined, 'its head');
      equal(await headIds(lease), ['b'], 'heads');
      equal(await lease.load('a'), { records: [] }, 'what load gives');
      equal(await countsOf(lease), { initializing: 1 }, 'counts');
      equal(await headIds(lease, { wakeAfter: 0, wakeBy: 10 }), [], 'those to wake');
    },
  ),

  ...kept(
    rules.removal,
    'removing a session leaves the others and the saved ones alone',
    async (lease) => {
      await lease.append([...life(2), fact(3, 'b', 1), fact(4, 'b', 2)]);
      await lease.putSnapshot('b', snapshotAt(1));
      await lease.saved.put(documentOf('a'));
      await lease.remove('a');
    },
    async (lease) => {
      equal(await lease.load('b'), { snapshot: snapshotAt(1), records: [fact(4, 'b', 2)] }, 'the other');
      equal(await lease.saved.get('a'), documentOf('a'), 'the saved one');
      equal(lease.lastSeq, 4, 'lastSeq');
    },
  ),

  scenario(rules.removal, 'removing one that is not there does nothing', async (lease) => {
    await lease.append(life(2));
    const before = await contentsOf(lease);
    await lease.remove('b');
    equal(await contentsOf(lease), before, 'the contents');
  }),

  ...kept(
    rules.removal,
    'an id that was removed may begin again, with nothing of what was before',
    async (lease) => {
      await lease.append([statusFact(1, 'a', 1, 'active', { wakeAt: 5 }), fact(2, 'a', 2)]);
      await lease.putSnapshot('a', snapshotAt(1));
      await lease.remove('a');
      await lease.append([fact(3, 'a', 1)]);
    },
    async (lease) => {
      const head = { id: 'a', seq: 3, sessionSeq: 1, status: 'initializing', wakeAt: null };
      equal(await lease.head('a'), head, 'its head');
      equal(await headIds(lease, { wakeAfter: 0, wakeBy: 10 }), [], 'those to wake');
      equal(await lease.load('a'), { records: [fact(3, 'a', 1)] }, 'what load gives');
      await lease.append([fact(4, 'a', 2)]);
      equal(await loadedSeqs(lease, 'a'), [3, 4], 'the facts when it went on');
    },
  ),
];
