import { describe, expect, it } from 'vitest';
import type { AgentSnapshot } from '../../src/session/agent-snapshot.ts';
import { agentWakeTime, inactivityLimits, wakeTime } from '../../src/session/wake-time.ts';
import { defaults } from '../../src/settings.ts';

const config = (limits: object) => ({ ...defaults.sessionDefaults, ...limits });
const ALL = config({ idleAfterMs: 10, sleepAfterMs: 20, terminateAfterMs: 30 });

describe('the limits of inactivity', () => {
  it('are never, each, unless the session says otherwise', () => {
    const never = Number.POSITIVE_INFINITY;
    expect(inactivityLimits(config({}))).toEqual({ idle: never, sleep: never, end: never });
    expect(inactivityLimits(ALL)).toEqual({ idle: 10, sleep: 20, end: 30 });
  });
});

describe('a session that is away comes back', () => {
  it.each(['initializing', 'terminating'] as const)('at once when it is %s: that is half done', (status) => {
    expect(wakeTime(config({}), status, 1000)).toBe(0);
  });

  it('when it is active, for whatever is due first', () => {
    expect(wakeTime(ALL, 'active', 1000)).toBe(1010);
    expect(wakeTime(config({ idleAfterMs: 40, terminateAfterMs: 30 }), 'active', 1000)).toBe(1030);
  });

  it('when it is idle, to end', () => {
    expect(wakeTime(ALL, 'idle', 1000)).toBe(1030);
  });

  it('never by itself, when nothing is due', () => {
    expect(wakeTime(config({}), 'active', 1000)).toBeNull();
    expect(wakeTime(config({ idleAfterMs: 10, sleepAfterMs: 20 }), 'idle', 1000)).toBeNull();
  });

  it('at a time that counts from its last activity, also when that is written', () => {
    expect(wakeTime(ALL, 'active', '1970-01-01T00:00:02.000Z')).toBe(2010);
  });
});

describe('an agent that is away comes back', () => {
  const agent = (atWork: boolean, ...dueAt: number[]): AgentSnapshot => ({
    snapshot: {},
    timers: dueAt.map((at) => ({ source: [], event: { type: 'tick' }, id: 'x', dueAt: at })),
    lostTimers: [],
    atWork,
  });

  it('at once when it was at work, whatever else it waits for', () => {
    expect(agentWakeTime(agent(true, 500))).toBe(0);
  });

  it('for the first of the events that it waits for, or never', () => {
    expect(agentWakeTime(agent(false, 500, 700))).toBe(500);
    expect(agentWakeTime(agent(false))).toBeNull();
  });
});
