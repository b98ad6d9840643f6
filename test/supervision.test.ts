import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SupervisionOptions } from '../src/options.ts';
import { decideRestart, type SupervisedFailure } from '../src/supervision.ts';

const FAILURES = ['crashed', 'killed', 'completed', 'restart_failed'] as const satisfies SupervisedFailure[];

function policy(options: Partial<SupervisionOptions> = {}): SupervisionOptions {
  return { restart: 'transient', maxRestarts: 3, withinMs: 5000, backoffMs: 0, ...options };
}

/** Failure after failure, until one is not answered by a restart. */
function restartTimes(options: SupervisionOptions, failures: readonly number[]): number[] {
  let history: readonly number[] = [];
  const times: number[] = [];
  for (const now of failures) {
    const decision = decideRestart(options, history, 'crashed', now);
    if (!decision.restart) break;
    history = decision.history;
    times.push(now);
  }
  return times;
}

describe('which failures are answered by a restart', () => {
  const answers: Record<SupervisionOptions['restart'], SupervisedFailure[]> = {
    temporary: [],
    transient: ['crashed', 'killed', 'restart_failed'],
    permanent: ['crashed', 'killed', 'completed', 'restart_failed'],
  };
  for (const [restart, restarted] of Object.entries(answers)) {
    it.each(FAILURES)(`${restart}, %s`, (failure) => {
      const decision = decideRestart(policy({ restart: restart as never }), [], failure, 0);
      expect(decision).toEqual(
        restarted.includes(failure)
          ? { restart: true, delayMs: 0, history: [0] }
          : { restart: false, escalate: false },
      );
    });
  }
});

describe('restart intensity', () => {
  it('allows maxRestarts within withinMs and escalates at one more', () => {
    const full = [1000, 2000, 3000];
    expect(decideRestart(policy(), full.slice(1), 'crashed', 4000)).toMatchObject({ restart: true });
    expect(decideRestart(policy(), full, 'crashed', 4000)).toEqual({ restart: false, escalate: true });
  });

  it('slides: a restart is forgotten when it is older than withinMs, not when it is just as old', () => {
    const full = [1000, 2000, 3000];
    expect(decideRestart(policy(), full, 'killed', 6000)).toEqual({ restart: false, escalate: true });
    expect(decideRestart(policy(), full, 'killed', 6001)).toEqual({
      restart: true,
      delayMs: 0,
      history: [2000, 3000, 6001],
    });
  });

  it('counts a restart that failed like any other', () => {
    const decision = decideRestart(policy({ maxRestarts: 1 }), [10], 'restart_failed', 11);
    expect(decision).toEqual({ restart: false, escalate: true });
  });

  it('escalates at the first failure when maxRestarts is 0', () => {
    expect(decideRestart(policy({ maxRestarts: 0 }), [], 'crashed', 0)).toEqual({
      restart: false,
      escalate: true,
    });
  });

  it('does not escalate where the policy asks for no restart, whatever the history', () => {
    const full = [1, 2, 3];
    expect(decideRestart(policy({ restart: 'temporary' }), full, 'crashed', 3)).toMatchObject({
      escalate: false,
    });
    expect(decideRestart(policy(), full, 'completed', 3)).toMatchObject({ escalate: false });
  });

  it('waits backoffMs each time', () => {
    expect(decideRestart(policy({ backoffMs: 250 }), [1, 2], 'crashed', 3)).toMatchObject({ delayMs: 250 });
  });

  it('changes no history that it was given', () => {
    const history = Object.freeze([9000, 1]);
    expect(decideRestart(policy(), history, 'crashed', 100)).toMatchObject({ history: [100, 1, 100] });
    expect(history).toEqual([9000, 1]);
  });

  it('never lets more than maxRestarts into any window, and keeps no longer a history than that', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 0, max: 50 }),
        fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 60 }),
        (maxRestarts, withinMs, pauses) => {
          const options = policy({ maxRestarts, withinMs });
          let now = 0;
          let history: readonly number[] = [];
          const restarts: number[] = [];
          for (const pause of pauses) {
            now += pause;
            const decision = decideRestart(options, history, 'crashed', now);
            const recent = restarts.filter((time) => now - time <= withinMs);
            expect(decision.restart).toBe(recent.length < maxRestarts);
            if (!decision.restart) continue;
            restarts.push(now);
            history = decision.history;
            expect(history.length).toBeLessThanOrEqual(maxRestarts);
          }
          for (const start of restarts) {
            const window = restarts.filter((time) => time >= start && time <= start + withinMs);
            expect(window.length).toBeLessThanOrEqual(maxRestarts);
          }
        },
      ),
    );
  });
});

describe('a clock that is set', () => {
  it('back: earlier restarts count as of now, and leave the window in due course', () => {
    const options = policy({ maxRestarts: 2, withinMs: 100 });
    const back = decideRestart(options, [1_000_000], 'crashed', 50);
    expect(back).toMatchObject({ restart: true, history: [50, 50] });
    expect(decideRestart(options, [50, 50], 'crashed', 150)).toEqual({ restart: false, escalate: true });
    expect(decideRestart(options, [50, 50], 'crashed', 151)).toMatchObject({ restart: true, history: [151] });
  });

  it('forward: earlier restarts are forgotten', () => {
    expect(restartTimes(policy({ maxRestarts: 1 }), [0, 1_000_000, 1_000_001])).toEqual([0, 1_000_000]);
  });
});
