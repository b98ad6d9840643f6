import { expect, it } from 'vitest';
import { Batch } from '../../src/batch.ts';
import type { SessionStatus } from '../../src/data.ts';
import { SessionEntry } from '../../src/session/entry.ts';
import { applyFact } from '../../src/session/state.ts';
import { addStatus, isEnding, isRunning, isStarting, withAgent } from '../../src/session/status.ts';
import { AT, createdFact } from '../support/facts.ts';

const config = {
  maxMessages: 1,
  maxTokens: 1,
  maxFiles: 1,
  features: [],
  idleAfterMs: 10,
  terminateAfterMs: 30,
};
const entry = () => {
  const payload = { metadata: {}, llmConfig: {}, config };
  const state = applyFact(undefined, {
    ...createdFact({ seq: 1, sessionId: 'a', sessionSeq: 1 }),
    payload,
  } as never);
  return new SessionEntry(state, Date.parse(AT) - 5);
};

it('says what the status was, and the reason only where there is one', () => {
  const batch = new Batch(1, AT);
  addStatus(entry(), batch, 'active');
  addStatus(entry(), batch, 'terminating', 'normal');
  expect(batch.facts.map(({ payload }) => payload)).toStrictEqual([
    { status: 'active', previousStatus: 'initializing' },
    { status: 'terminating', previousStatus: 'initializing', reason: 'normal' },
  ]);
});

it('says when the session must come back: becoming active is activity, becoming idle is not', () => {
  const batch = new Batch(1, AT);
  for (const status of ['active', 'idle', 'terminating'] as const) addStatus(entry(), batch, status);
  expect(batch.facts.map(({ wakeAt }) => wakeAt)).toEqual([Date.parse(AT) + 10, Date.parse(AT) + 25, 0]);
});

const stored = (dueAt?: number, atWork = false) => {
  const timers = dueAt === undefined ? [] : [{ source: [], event: {}, id: 't', dueAt }];
  return { agent: { snapshot: {}, timers, lostTimers: [], atWork } };
};

it('has a session come back when the first of the two is due: it, or its agent', () => {
  expect(withAgent(7, stored(5))).toBe(5);
  expect(withAgent(3, stored(5))).toBe(3);
  expect(withAgent(null, stored(5))).toBe(5);
  expect(withAgent(3, stored())).toBe(3);
  expect(withAgent(null, stored())).toBeNull();
  // One that has completed is never due.
  expect(withAgent(3, { agent: null })).toBe(3);
  expect(withAgent(null, { agent: null })).toBeNull();
});

it('has a session come back at once whose agent is at work, or of whose agent nothing is stored', () => {
  for (const own of [3, null])
    for (const agent of [stored(undefined, true), undefined, { lost: 'It holds a function.' }])
      expect(withAgent(own, agent)).toBe(0);
});

it('asks when its agent is due where there is one, or one starts', () => {
  const wakeAtOf = (parts: Partial<SessionEntry>, agentStarts: boolean) => {
    const session = Object.assign(entry(), parts);
    session.state.agent = stored(5);
    const batch = new Batch(1, AT);
    addStatus(session, batch, 'active', undefined, agentStarts);
    return batch.facts[0]?.wakeAt;
  };
  const agent = {} as NonNullable<SessionEntry['agent']>;
  expect(wakeAtOf({}, false)).toBe(Date.parse(AT) + 10);
  expect(wakeAtOf({}, true)).toBe(5);
  expect(wakeAtOf({ agent }, false)).toBe(5);
});

it('tells who is starting, running or ending, and that whoever is gone is none of these', () => {
  const does = (status: SessionStatus, parts: Partial<SessionEntry> = {}) => {
    const session = Object.assign(entry(), parts);
    session.state.status = status;
    return [isStarting(session), isRunning(session), isEnding(session)];
  };
  expect(does('initializing')).toEqual([true, false, false]);
  expect(does('active')).toEqual([false, true, false]);
  expect(does('idle')).toEqual([false, true, false]);
  expect(does('terminating')).toEqual([false, false, true]);
  expect(does('terminated')).toEqual([false, false, false]);
  // The pause before the next start.
  expect(does('initializing', { ending: { reason: 'init_failed' } })).toEqual([false, false, false]);
  for (const status of ['initializing', 'active', 'idle', 'terminating'] as const)
    expect(does(status, { registered: false })).toEqual([false, false, false]);
});
