import { describe, expect, it } from 'vitest';
import { SimulatedClock } from 'xstate';
import { Timekeeper } from '../src/clock.ts';
import { DeadlineQueue } from '../src/deadlines.ts';
import { arm, disarm, type Engine } from '../src/engine.ts';
import { SessionEntry } from '../src/session/entry.ts';
import { applyFact } from '../src/session/state.ts';
import { createdFact } from './support/facts.ts';
import { loggedGuard } from './support/log.ts';

function setUp() {
  const clock = new SimulatedClock();
  const time = new Timekeeper(clock, loggedGuard().guard);
  const fired: unknown[] = [];
  const deadlines = new DeadlineQueue<SessionEntry>(time, ({ due }) => fired.push(due));
  const engine = { time, deadlines } as unknown as Engine;
  const entry = new SessionEntry(applyFact(undefined, createdFact({ seq: 1 })), 0);
  return { clock, engine, entry, fired };
}

describe('arm', () => {
  it("sets the session's deadline so long from now", () => {
    const { clock, engine, entry, fired } = setUp();
    clock.set(100);
    arm(engine, entry, 'cleanup', 50);
    expect([entry.due, entry.dueAt, engine.deadlines.size]).toEqual(['cleanup', 150, 1]);
    clock.increment(50);
    expect(fired).toEqual(['cleanup']);
  });

  it('leaves a session with one deadline, the last', () => {
    const { clock, engine, entry, fired } = setUp();
    arm(engine, entry, 'initialize', 50);
    arm(engine, entry, 'inactivity', 70);
    expect(engine.deadlines.size).toBe(1);
    clock.increment(100);
    expect(fired).toEqual(['inactivity']);
  });

  it('takes something to ask for again too', () => {
    const { clock, engine, entry, fired } = setUp();
    const retry = () => {};
    arm(engine, entry, 'inactivity', 50);
    arm(engine, entry, retry, 70);
    clock.increment(100);
    expect(fired).toEqual([retry]);
  });

  it('with an endless wait takes the deadline away', () => {
    const { clock, engine, entry, fired } = setUp();
    arm(engine, entry, 'initialize', 50);
    arm(engine, entry, 'cleanup', Number.POSITIVE_INFINITY);
    expect([entry.due, engine.deadlines.size]).toEqual([undefined, 0]);
    clock.increment(100);
    expect(fired).toEqual([]);
  });
});

it('disarm takes the deadline away, and needs none', () => {
  const { clock, engine, entry, fired } = setUp();
  disarm(engine, entry);
  arm(engine, entry, 'restart', 50);
  disarm(engine, entry);
  expect([entry.due, engine.deadlines.size]).toEqual([undefined, 0]);
  clock.increment(100);
  expect(fired).toEqual([]);
});
