import type { StoreLease } from '../../store/port.ts';
import { equal } from './assertions.ts';
import { ending, fact, factSeqs, life, loadedSeqs, plain, seqs, snapshotAt } from './facts.ts';
import { rules } from './rules.ts';
import { kept, type Scenario, scenario } from './stage.ts';

/** A scenario on a store that keeps so many `facts` for cursors. */
export interface RetentionScenario extends Scenario {
  readonly facts: number;
}

const keeping = (facts: number, scenarios: readonly Scenario[]): RetentionScenario[] =>
  scenarios.map((each) => ({ ...each, facts }));

/** Facts of `b`, one by one, from `seq` on, as the sessions beside a quiet one would have them. */
async function traffic(lease: StoreLease, from: number, to: number, sessionSeq = 1): Promise<void> {
  for (let seq = from; seq <= to; seq += 1) await lease.append([fact(seq, 'b', sessionSeq + seq - from)]);
}

export const retentionCases: readonly RetentionScenario[] = [
  ...[1, 3, 4].flatMap((facts) =>
    keeping(facts, [
      scenario(
        rules.retention,
        `retaining ${facts}, cursors get the newest ${facts}; cutSeq is the newest that is gone`,
        async (lease) => {
          for (let seq = 1; seq <= 10; seq += 1) {
            await lease.append(life(seq, seq));
            equal(lease.cutSeq, Math.max(0, seq - facts), 'cutSeq');
            const oldest = Math.max(1, seq - facts + 1);
            equal(await factSeqs(lease, { from: 0 }), seqs(life(seq, oldest)), `facts after ${seq}`);
          }
        },
      ),
    ]),
  ),

  ...keeping(
    3,
    kept(
      rules.retention,
      'a batch longer than what is retained leaves its newest',
      (lease) => lease.append(life(10)),
      async (lease) => {
        equal([lease.cutSeq, lease.lastSeq], [7, 10], 'cutSeq and lastSeq');
        equal(await factSeqs(lease, { from: 0 }), [8, 9, 10], 'facts');
        equal(await factSeqs(lease, { from: 8 }), [9, 10], 'facts after 8');
        equal(await factSeqs(lease, { from: 0, sessionId: 'a', limit: 2 }), [8, 9], 'two of a');
      },
    ),
  ),

  ...keeping(
    2,
    kept(
      rules.retainedLoad,
      'a live session is loaded whole, however few facts are retained',
      async (lease) => {
        await lease.append(life(4));
        await traffic(lease, 5, 60);
      },
      async (lease) => {
        equal(await loadedSeqs(lease, 'a'), [1, 2, 3, 4], 'the facts loaded');
        equal((await loadedSeqs(lease, 'b')).length, 56, 'the facts of the other');
        equal(await factSeqs(lease, { from: 0 }), [59, 60], 'facts');
        equal(await factSeqs(lease, { from: 0, sessionId: 'a' }), [], 'for cursors');
      },
    ),
  ),

  ...keeping(
    2,
    kept(
      rules.retainedLoad,
      'a session with a snapshot is loaded whole, before and after its facts are cut',
      async (lease) => {
        await lease.append(life(4));
        await lease.putSnapshot('a', snapshotAt(2));
        await traffic(lease, 5, 60);
        await lease.append([fact(61, 'a', 5)]);
        await lease.putSnapshot('a', snapshotAt(4));
        await traffic(lease, 62, 130, 57);
      },
      async (lease) => {
        const session = { snapshot: snapshotAt(4), records: [fact(61, 'a', 5)] };
        equal(await lease.load('a'), session, 'what load gives');
      },
    ),
  ),

  ...keeping(
    3,
    kept(
      rules.retention,
      'the facts of a session that has ended are cut like all others',
      async (lease) => {
        await lease.append([fact(1, 'a', 1), ending(2, 'a', 2)]);
        await traffic(lease, 3, 4);
      },
      async (lease) => {
        equal(await factSeqs(lease, { from: 0 }), [2, 3, 4], 'facts');
        equal(await factSeqs(lease, { from: 0, sessionId: 'a' }), [2], 'facts of the one that ended');
        await lease.append([fact(5, 'b', 3)]);
        equal(await factSeqs(lease, { from: 0, sessionId: 'a' }), [], 'its facts after one more');
      },
    ),
  ),

  ...keeping(
    0,
    kept(
      rules.retainedLoad,
      'retaining none, cursors get nothing, and sessions are all there',
      async (lease) => {
        await lease.append(life(3));
        await lease.append([fact(4, 'b', 1), ending(5, 'b', 2)]);
      },
      async (lease) => {
        equal([lease.cutSeq, lease.lastSeq], [5, 5], 'cutSeq and lastSeq');
        equal(await factSeqs(lease, { from: 0 }), [], 'facts');
        equal(await loadedSeqs(lease, 'a'), [1, 2, 3], 'the facts loaded');
      },
    ),
  ),

  ...keeping(2, [
    scenario(rules.answers, 'facts that were read stay what they were when others are cut', async (lease) => {
      await lease.append(life(2));
      const read = [];
      for await (const each of lease.facts({ from: 0 })) read.push(each);
      await lease.append(life(6, 3));
      equal(read.map(plain), life(2), 'what was read before');
    }),
  ]),
];
