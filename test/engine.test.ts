import { describe, expect, it } from 'vitest';
import { SimulatedClock } from 'xstate';
import { Timekeeper } from '../src/clock.ts';
import { DeadlineQueue } from '../src/deadlines.ts';
import { arm, disarm, type Engine, insist } from '../src/engine.ts';
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

describe('insist', () => {
  /** A journal that takes a decision, or refuses it, when the test says so. */
  function insisting() {
    const { clock, engine, entry } = setUp();
    const asked: Array<{ take(): void; refuse(): void }> = [];
    const post: Engine['post'] = (_session, decide, refused) => {
      asked.push({ take: () => decide({} as never), refuse: () => refused?.(new Error('full')) });
    };
    const queue = new DeadlineQueue<SessionEntry>(new Timekeeper(clock, loggedGuard().guard), ({ due }) =>
      (due as () => void)(),
    );
    return { clock, entry, asked, engine: { ...engine, post, deadlines: queue } as Engine };
  }

  it('asks for a decision until the store takes it', () => {
    const { clock, engine, entry, asked } = insisting();
    let decided = 0;
    insist(
      engine,
      entry,
      () => true,
      () => {
        decided += 1;
      },
    );
    asked[0]?.refuse();
    clock.increment(999);
    expect(asked).toHaveLength(1);
    clock.increment(1);
    asked[1]?.refuse();
    clock.increment(1000);
    asked[2]?.take();
    clock.increment(10_000);
    expect([asked.length, decided]).toEqual([3, 1]);
  });

  it('asks no more once it is not wanted, and decides nothing then', () => {
    const { clock, engine, entry, asked } = insisting();
    let wanted = true;
    const never = () => {
      throw new Error('decided');
    };
    insist(engine, entry, () => wanted, never);
    asked[0]?.refuse();
    clock.increment(1000);
    wanted = false;
    asked[1]?.take();
    asked[1]?.refuse();
    clock.increment(10_000);
    expect([asked.length, engine.deadlines.size]).toEqual([2, 0]);
  });
});
