import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SimulatedClock } from 'xstate';
import { Timekeeper } from '../src/clock.ts';
import { type Deadline, DeadlineQueue } from '../src/deadlines.ts';
import { loggedGuard } from './support/log.ts';

const LONGEST_TIMER = 2 ** 31 - 1;

interface Named extends Deadline {
  readonly name: string;
}
const named = (name: string): Named => ({ name, dueAt: 0, slot: -1 });

/** A queue on a clock whose time can be set apart from the passing of its timers. */
function setUp(onDue: (deadline: Named) => void = () => {}) {
  const timers = new SimulatedClock();
  let setBy = 0;
  const waits: number[] = [];
  const running = new Set<unknown>();
  const { guard } = loggedGuard();
  const time = new Timekeeper(
    {
      now: () => timers.now() + setBy,
      setTimeout: (fn, ms) => {
        waits.push(ms);
        const handle = timers.setTimeout(() => {
          running.delete(handle);
          fn();
        }, ms);
        running.add(handle);
        return handle;
      },
      clearTimeout: (handle) => {
        expect(running.delete(handle)).toBe(true);
        timers.clearTimeout(handle as number);
      },
    },
    guard,
  );
  const fired: string[] = [];
  const queue = new DeadlineQueue<Named>(time, (deadline) => {
    fired.push(deadline.name);
    onDue(deadline);
  });
  return {
    queue,
    fired,
    waits,
    timers: () => running.size,
    pass: (ms: number) => timers.increment(ms),
    setClock: (ms: number) => {
      setBy += ms;
    },
    now: () => time.now(),
  };
}

describe('a deadline', () => {
  it('is due once, at its time, and is not armed then', () => {
    const { queue, fired, pass } = setUp(({ slot }) => expect(slot).toBe(-1));
    queue.arm(named('a'), 10);
    pass(9);
    expect([fired, queue.size]).toEqual([[], 1]);
    pass(1);
    expect([fired, queue.size]).toEqual([['a'], 0]);
    pass(100);
    expect(fired).toEqual(['a']);
  });

  it('in the past is due on the next turn of the clock, not within arm', () => {
    const { queue, fired, pass, waits } = setUp();
    pass(50);
    queue.arm(named('a'), 10);
    expect([fired, waits]).toEqual([[], [0]]);
    pass(0);
    expect(fired).toEqual(['a']);
  });

  it('that is armed again counts at its new time only, sooner or later', () => {
    const { queue, fired, pass } = setUp();
    const [a, b] = [named('a'), named('b')];
    queue.arm(a, 10);
    queue.arm(b, 20);
    queue.arm(a, 30);
    queue.arm(b, 5);
    expect(queue.size).toBe(2);
    pass(5);
    expect(fired).toEqual(['b']);
    pass(24);
    expect(fired).toEqual(['b']);
    pass(1);
    expect(fired).toEqual(['b', 'a']);
  });

  it('that is disarmed never comes, and may be disarmed again', () => {
    const { queue, fired, pass, timers } = setUp();
    const a = named('a');
    queue.arm(a, 10);
    queue.disarm(a);
    queue.disarm(a);
    expect([queue.size, timers()]).toEqual([0, 0]);
    pass(100);
    expect(fired).toEqual([]);
  });

  it('that is disarmed among many leaves the order of the others as it was', () => {
    const { queue, fired, pass } = setUp();
    const all = new Map([1, 10, 2, 11, 12, 3, 4].map((ms) => [ms, named(`${ms}`)]));
    for (const [ms, each] of all) queue.arm(each, ms);
    queue.disarm(all.get(11) as Named);
    for (const ms of [20, 21, 22]) queue.arm(named(`${ms}`), ms);
    pass(4);
    expect(fired).toEqual(['1', '2', '3', '4']);
  });

  it('can be armed anew while it is due', () => {
    let again = 3;
    const { queue, fired, pass, now } = setUp((deadline) => {
      again -= 1;
      if (again > 0) queue.arm(deadline, now() + 10);
    });
    queue.arm(named('a'), 10);
    for (let n = 0; n < 5; n++) pass(10);
    expect(fired).toEqual(['a', 'a', 'a']);
  });

  it('that another one postpones in the same turn comes at its later time only', () => {
    const b = named('b');
    const { queue, fired, pass } = setUp(({ name }) => {
      if (name === 'a') queue.arm(b, 100);
    });
    queue.arm(named('a'), 10);
    queue.arm(b, 20);
    pass(50);
    expect(fired).toEqual(['a']);
    pass(50);
    expect(fired).toEqual(['a', 'b']);
  });

  it('that is armed for a time past while others are due comes in the same turn', () => {
    const late = named('late');
    const { queue, fired, pass, timers } = setUp(({ name }) => {
      if (name === 'a') queue.arm(late, 15);
    });
    queue.arm(named('a'), 10);
    queue.arm(named('b'), 20);
    pass(50);
    expect(fired).toEqual(['a', 'b', 'late']);
    expect(timers()).toBe(0);
  });
});

describe('the queue', () => {
  it('holds one timer on the clock, however many deadlines there are', () => {
    const { queue, timers, waits } = setUp();
    for (const dueAt of [50, 40, 60, 70, 30]) queue.arm(named(`${dueAt}`), dueAt);
    expect(timers()).toBe(1);
    expect(waits).toEqual([50, 40, 30]);
    queue.clear();
    expect([queue.size, timers()]).toEqual([0, 0]);
  });

  it('waits in steps for what is further away than a timer can hold', () => {
    const { queue, fired, pass, waits } = setUp();
    queue.arm(named('a'), 2 * LONGEST_TIMER + 1000);
    pass(LONGEST_TIMER);
    pass(LONGEST_TIMER);
    expect(fired).toEqual([]);
    pass(999);
    expect(fired).toEqual([]);
    pass(1);
    expect(fired).toEqual(['a']);
    expect(waits).toEqual([LONGEST_TIMER, LONGEST_TIMER, 1000]);
  });

  it('is over when its wait is, though the clock has been set back meanwhile', () => {
    const { queue, fired, pass, setClock } = setUp();
    queue.arm(named('a'), 10);
    queue.arm(named('b'), 11);
    setClock(-100);
    pass(9);
    expect(fired).toEqual([]);
    pass(1);
    expect(fired).toEqual(['a']);
  });

  it('steps on when the clock has been set back on a long way', () => {
    const { queue, fired, pass, setClock } = setUp();
    queue.arm(named('a'), LONGEST_TIMER + 10);
    setClock(-100);
    pass(LONGEST_TIMER);
    expect(fired).toEqual([]);
    pass(110);
    expect(fired).toEqual(['a']);
  });

  it('is late by no more than one wait when the clock leaps, and then leaves nothing out', () => {
    const { queue, fired, pass, setClock, timers } = setUp();
    queue.arm(named('a'), 10);
    queue.arm(named('b'), 20);
    setClock(1000);
    pass(10);
    expect(fired).toEqual(['a', 'b']);
    expect(timers()).toBe(0);
  });

  it('goes on when what it calls arms, disarms and clears', () => {
    const { queue, fired, pass } = setUp(({ name }) => {
      if (name === 'a') queue.clear();
      if (name === 'b') queue.arm(named('c'), 30);
    });
    queue.arm(named('a'), 10);
    queue.arm(named('gone'), 25);
    pass(10);
    queue.arm(named('b'), 20);
    pass(10);
    pass(10);
    expect(fired).toEqual(['a', 'b', 'c']);
  });
});

type Step =
  | { readonly do: 'arm'; readonly which: number; readonly inMs: number }
  | { readonly do: 'disarm'; readonly which: number }
  | { readonly do: 'pass' | 'set'; readonly ms: number }
  | { readonly do: 'clear' };

const which = fc.nat(11);
const inMs = fc.oneof(fc.integer({ min: -5, max: 60 }), fc.constant(LONGEST_TIMER + 7));
const arm = fc.record({ do: fc.constant('arm' as const), which, inMs });
const disarm = fc.record({ do: fc.constant('disarm' as const), which });
const pass = fc.record({ do: fc.constant('pass' as const), ms: fc.nat(30) });
const set = fc.record({ do: fc.constant('set' as const), ms: fc.integer({ min: -40, max: 40 }) });
const clear = fc.record({ do: fc.constant('clear' as const) });

/** Runs the steps beside a plain set of what is armed, so that nothing comes twice or never. */
function run(
  steps: readonly Step[],
  check: (seen: { step: Step; turn: Named[]; left: Set<Named>; now: number }) => void,
) {
  const all = Array.from({ length: 12 }, (_, n) => named(`${n}`));
  const armed = new Set<Named>();
  let turn: Named[] = [];
  const { queue, pass, setClock, now } = setUp((deadline) => {
    expect(armed.delete(deadline)).toBe(true);
    turn.push(deadline);
  });
  const one = (n: number) => all[n] as Named;
  for (const step of steps) {
    turn = [];
    if (step.do === 'arm') {
      queue.arm(one(step.which), now() + step.inMs);
      armed.add(one(step.which));
    } else if (step.do === 'disarm') {
      queue.disarm(one(step.which));
      armed.delete(one(step.which));
    } else if (step.do === 'pass') pass(step.ms);
    else if (step.do === 'set') setClock(step.ms);
    else {
      queue.clear();
      armed.clear();
    }
    expect(queue.size).toBe(armed.size);
    for (const each of all) expect(each.slot >= 0).toBe(armed.has(each));
    check({ step, turn, left: armed, now: now() });
  }
  turn = [];
  // Whatever the clock did, waiting long enough brings every deadline that is left.
  for (let n = 0; n < 60; n++) pass(LONGEST_TIMER / 8);
  expect([armed.size, queue.size]).toEqual([0, 0]);
}

describe('beside a sorted list', () => {
  it('what has come due is the same, in order of time, after every step of time', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(arm, arm, disarm, pass, clear), { maxLength: 60 }), (steps) => {
        run(steps, ({ step, turn, left, now }) => {
          const times = turn.map(({ dueAt }) => dueAt);
          expect(Math.max(...times, Number.NEGATIVE_INFINITY)).toBeLessThanOrEqual(now);
          expect(times).toEqual(times.toSorted((a, b) => a - b));
          if (step.do === 'pass') for (const { dueAt } of left) expect(dueAt).toBeGreaterThan(now);
          else expect(turn).toEqual([]);
        });
      }),
      { numRuns: 200, seed: 20260101 },
    );
  });

  it('nothing comes twice or never, whichever way the clock is set', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(arm, disarm, pass, set), { maxLength: 60 }), (steps) => {
        run(steps, ({ step, turn }) => {
          if (step.do !== 'pass') expect(turn).toEqual([]);
        });
      }),
      { numRuns: 200, seed: 20260102 },
    );
  });
});
