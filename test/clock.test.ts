import { describe, expect, it } from 'vitest';
import { SimulatedClock } from 'xstate';
import { type Clock, systemClock, Timekeeper } from '../src/clock.ts';
import { loggedGuard } from './support/log.ts';

/** A timekeeper over a simulated clock, parts of which may be broken. */
function keeper(broken: Partial<Clock> = {}) {
  const clock = new SimulatedClock();
  clock.set(1000);
  const { guard, lines } = loggedGuard();
  const healthy: Clock = {
    now: () => clock.now(),
    setTimeout: (fn, ms) => clock.setTimeout(fn, ms),
    clearTimeout: (handle) => clock.clearTimeout(handle as number),
  };
  return { clock, lines, time: new Timekeeper({ ...healthy, ...broken }, guard) };
}
const error = new Error('stopped');
const refuse = () => {
  throw error;
};

describe('Timekeeper.now', () => {
  it("is the clock's", () => {
    const { clock, time, lines } = keeper();
    expect(time.now()).toBe(1000);
    clock.increment(5.5);
    expect(time.now()).toBe(1005.5);
    expect(lines).toEqual([]);
  });

  it('goes back with the clock', () => {
    let now = 1000;
    const { time } = keeper({ now: () => now });
    time.now();
    now = -5;
    expect(time.now()).toBe(-5);
  });

  it.each([
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['a time that no Date can hold', 8.64e15 + 1],
    ['undefined', undefined],
    ['a text', '1500'],
    ['null', null],
    ['a Date', new Date(1500)],
  ])('stays at the last good time, and says so, when the clock gives %s', (_what, given) => {
    let now: unknown = 1000;
    const { time, lines } = keeper({ now: () => now as number });
    time.now();
    now = given;
    expect(time.now()).toBe(1000);
    expect(lines).toEqual([['error', expect.stringContaining('the last good time stands')]]);
    now = 2000;
    expect(time.now()).toBe(2000);
  });

  it('stays at the last good time, and says so, when the clock throws', () => {
    const { time, lines } = keeper({ now: refuse });
    expect(time.now()).toBe(0);
    expect(lines).toEqual([['error', expect.stringContaining('clock.now() threw'), error]]);
  });

  it('takes the first and the last millisecond that a Date can hold', () => {
    for (const edge of [-8.64e15, 8.64e15]) {
      const { time, lines } = keeper({ now: () => edge });
      expect(time.iso()).toBe(new Date(edge).toISOString());
      expect(lines).toEqual([]);
    }
  });
});

describe('Timekeeper.iso', () => {
  it('is now, or the time that was asked for, in ISO 8601', () => {
    const { clock, time } = keeper();
    expect(time.iso()).toBe('1970-01-01T00:00:01.000Z');
    expect(time.iso()).toBe('1970-01-01T00:00:01.000Z');
    expect(time.iso(0)).toBe('1970-01-01T00:00:00.000Z');
    clock.increment(1);
    expect(time.iso()).toBe('1970-01-01T00:00:01.001Z');
  });
});

describe('Timekeeper timers', () => {
  it('run on the clock, and can be cleared', () => {
    const { clock, time } = keeper();
    const fired: string[] = [];
    time.setTimeout(() => fired.push('kept'), 10);
    time.clearTimeout(time.setTimeout(() => fired.push('cleared'), 10));
    clock.increment(9);
    expect(fired).toEqual([]);
    clock.increment(1);
    expect(fired).toEqual(['kept']);
  });

  it('run on the clock of the system where the given one refuses, and are cleared there', async () => {
    const cleared: unknown[] = [];
    const { time, lines } = keeper({
      setTimeout: refuse,
      clearTimeout: (handle) => cleared.push(handle),
    });
    const fired: string[] = [];
    time.clearTimeout(time.setTimeout(() => fired.push('cleared'), 0));
    await new Promise<void>((resolve) => {
      time.setTimeout(() => {
        fired.push('kept');
        resolve();
      }, 0);
    });
    expect(fired).toEqual(['kept']);
    expect(cleared).toEqual([]);
    expect(lines).toEqual([
      ['error', expect.stringContaining('the system clock stands in'), error],
      ['error', expect.stringContaining('the system clock stands in'), error],
    ]);
  });

  it('that cannot be cleared are reported and harm nobody', () => {
    const { time, lines } = keeper({ clearTimeout: refuse });
    time.clearTimeout(time.setTimeout(() => {}, 10));
    expect(lines).toEqual([['error', 'chartroom: clock.clearTimeout threw.', error]]);
  });
});

describe('systemClock', () => {
  it('counts milliseconds since the epoch', () => {
    const before = Date.now();
    const now = systemClock.now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });

  it('sets timers that can be cleared', async () => {
    const fired: string[] = [];
    systemClock.clearTimeout(systemClock.setTimeout(() => fired.push('cleared'), 0));
    await new Promise<void>((resolve) => {
      systemClock.setTimeout(() => resolve(), 0);
    });
    expect(fired).toEqual([]);
  });
});
