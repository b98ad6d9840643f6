import { describe, expect, it } from 'vitest';
import { Timekeeper } from '../../src/clock.ts';
import { DeadlineQueue } from '../../src/deadlines.ts';
import { Guard } from '../../src/guard.ts';
import { SessionEntry } from '../../src/session/entry.ts';
import { applyFact } from '../../src/session/state.ts';
import { testClock } from '../support/clock.ts';
import { factWriter } from './facts.ts';

const stateOf = (id: string) => applyFact(undefined, factWriter(id).created());

describe('an entry', () => {
  it('begins registered, with its state, the time of its last activity, and nothing alive', () => {
    const state = stateOf('s');
    const entry = new SessionEntry(state, 42);
    const { registered, activityMs, wokenMs, agentCompleted, dispatching, unsnapshotted, ...rest } = entry;
    expect({ registered, activityMs, wokenMs, agentCompleted, dispatching, unsnapshotted }).toEqual({
      registered: true,
      agentCompleted: false,
      activityMs: 42,
      wokenMs: 0,
      dispatching: 0,
      unsnapshotted: 0,
    });
    const { state: kept, dueAt, slot, ...alive } = rest;
    expect(kept).toBe(state);
    expect({ dueAt, slot }).toEqual({ dueAt: 0, slot: -1 });
    expect(new Set(Object.values(alive))).toEqual(new Set([undefined]));
  });

  it('has the same shape whatever becomes of it, so that a hundred thousand stay cheap to read', () => {
    const entry = new SessionEntry(stateOf('s'), 0);
    const keys = Object.keys(entry);
    Object.assign(entry, { parked: [], gone: [], due: 'cleanup', chart: {}, ending: {}, failure: {} });
    expect(Object.keys(entry)).toEqual(keys);
  });

  it('is its own deadline: it can be armed, moved, and comes due once', async () => {
    const clock = testClock();
    const due: string[] = [];
    const queue = new DeadlineQueue<SessionEntry>(new Timekeeper(clock, new Guard(undefined)), ({ state }) =>
      due.push(state.id),
    );
    const [a, b] = [new SessionEntry(stateOf('a'), 0), new SessionEntry(stateOf('b'), 0)];
    queue.arm(a, 10);
    queue.arm(b, 20);
    queue.arm(a, 30);
    expect(queue.size).toBe(2);
    await clock.advance(20);
    expect(due).toEqual(['b']);
    await clock.advance(10);
    expect(due).toEqual(['b', 'a']);
    expect([a.slot, b.slot]).toEqual([-1, -1]);
  });
});
