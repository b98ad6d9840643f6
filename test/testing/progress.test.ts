import { describe, expect, it } from 'vitest';
import { ProgressClock } from '../../src/testing/progress.ts';
import type { VerificationProgress } from '../../src/testing/report.ts';

function setUp(of = 10) {
  const told: VerificationProgress[] = [];
  const clock = { ms: 1000 };
  const progress = new ProgressClock(
    of,
    (each) => told.push(each),
    () => clock.ms,
  );
  return { told, clock, progress };
}
const coverage = { states: ['a', 'b'], transitions: ['a → b'] };

describe('the progress of a verification', () => {
  it('counts runs, whether or not somebody listens', () => {
    const progress = new ProgressClock(10, undefined);
    progress.ran(() => coverage);
    progress.ran(() => coverage);
    expect(progress.runs).toBe(2);
  });

  it('is told four times a second at most', () => {
    const { told, clock, progress } = setUp();
    for (const ms of [100, 249, 250, 300, 499, 500]) {
      clock.ms = 1000 + ms;
      progress.ran(() => coverage);
    }
    expect(told.map(({ runs }) => runs)).toEqual([3, 6]);
  });

  it('says how many of how many, what they covered, and how fast they were', () => {
    const { told, clock, progress } = setUp(40);
    progress.ran(() => coverage);
    clock.ms += 500;
    progress.ran(() => coverage);
    expect(told).toEqual([
      { runs: 2, of: 40, states: 2, transitions: 1, runsPerSecond: 4, shrinking: false },
    ]);
  });

  it('says that a failure is being made smaller', () => {
    const { told, clock, progress } = setUp();
    progress.shrinking();
    clock.ms += 250;
    progress.shrinking();
    expect(told.map(({ shrinking }) => shrinking)).toEqual([true]);
  });

  it('is told once more at the end', () => {
    const { told, progress } = setUp();
    progress.ran(() => coverage);
    progress.end(() => coverage);
    expect(told).toMatchObject([{ runs: 1, states: 2 }]);
  });

  it('does not count the coverage for nobody', () => {
    const progress = new ProgressClock(1, undefined);
    const never = (): never => {
      throw new Error('asked');
    };
    progress.ran(never);
    progress.end(never);
    expect(progress.runs).toBe(1);
  });
});
