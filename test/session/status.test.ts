import { expect, it } from 'vitest';
import { Batch } from '../../src/batch.ts';
import type { SessionStatus } from '../../src/data.ts';
import { SessionEntry } from '../../src/session/entry.ts';
import { applyFact } from '../../src/session/state.ts';
import { addStatus, isEnding, isRunning, isStarting } from '../../src/session/status.ts';
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
  expect(batch.facts.map(({ payload }) => payload)).toEqual([
    { status: 'active', previousStatus: 'initializing' },
    { status: 'terminating', previousStatus: 'initializing', reason: 'normal' },
  ]);
});

it('says when the session must come back: becoming active is activity, becoming idle is not', () => {
  const batch = new Batch(1, AT);
  for (const status of ['active', 'idle', 'terminating'] as const) addStatus(entry(), batch, status);
  expect(batch.facts.map(({ wakeAt }) => wakeAt)).toEqual([Date.parse(AT) + 10, Date.parse(AT) + 25, 0]);
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
