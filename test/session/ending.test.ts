import { describe, expect, it } from 'vitest';
import { Batch } from '../../src/batch.ts';
import {
  beginEnd,
  completeEnd,
  type Ending,
  endAtStart,
  reincarnate,
  setEnding,
} from '../../src/session/ending.ts';
import { SessionEntry } from '../../src/session/entry.ts';
import { applyFact } from '../../src/session/state.ts';
import { factWriter } from './facts.ts';

function entryWith(status: 'initializing' | 'active' | 'idle' | 'terminating') {
  const entry = new SessionEntry(applyFact(undefined, factWriter('s').created()), 0);
  entry.state.status = status;
  return entry;
}

/** What a decision would commit, and the commit itself. */
function decided(decide: (batch: Batch) => void) {
  const batch = new Batch(10, '2026-02-02T00:00:00.000Z');
  decide(batch);
  return {
    facts: batch.facts.map(({ type, sessionSeq, payload }) => ({ type, sessionSeq, ...payload })),
    commit: () => {
      for (const effect of batch.effects) effect();
    },
  };
}

const error = { name: 'Error', message: 'boom' };

describe('the end of a session', () => {
  it.each(['active', 'idle'] as const)('begins with terminating, from %s, for its reason', (status) => {
    const entry = entryWith(status);
    const ending: Ending = { reason: 'crashed', crashed: true, error, timeoutMs: 9 };
    const { facts, commit } = decided((batch) => beginEnd(entry, batch, ending));
    expect(facts).toEqual([
      {
        type: 'session_status',
        sessionSeq: 2,
        status: 'terminating',
        previousStatus: status,
        reason: 'crashed',
      },
    ]);
    expect(entry.ending).toBeUndefined();
    commit();
    expect(entry.ending).toBe(ending);
  });

  it('is remembered when it is committed, and not before', () => {
    const entry = entryWith('terminating');
    entry.ending = { reason: 'normal', restart: true };
    const { facts, commit } = decided((batch) => setEnding(entry, batch, { reason: 'killed' }));
    expect([facts, entry.ending]).toEqual([[], { reason: 'normal', restart: true }]);
    commit();
    expect(entry.ending).toEqual({ reason: 'killed' });
  });

  it('is complete with terminated and session_terminated, the error with it where there is one', () => {
    const status = {
      type: 'session_status',
      sessionSeq: 2,
      status: 'terminated',
      previousStatus: 'terminating',
    };
    const last = { type: 'session_terminated', sessionSeq: 3 };
    const entry = entryWith('terminating');
    const plain = decided((batch) => completeEnd(entry, batch, { reason: 'normal' }));
    expect(plain.facts).toStrictEqual([
      { ...status, reason: 'normal' },
      { ...last, reason: 'normal' },
    ]);
    const crashed = decided((batch) => completeEnd(entry, batch, { reason: 'crashed', error }));
    expect(crashed.facts).toStrictEqual([
      { ...status, reason: 'crashed' },
      { ...last, reason: 'crashed', error },
    ]);
  });

  it('of one that was never active skips terminating', () => {
    const entry = entryWith('initializing');
    const status = {
      type: 'session_status',
      sessionSeq: 2,
      status: 'terminated',
      previousStatus: 'initializing',
    };
    const last = { type: 'session_terminated', sessionSeq: 3 };
    expect(decided((batch) => endAtStart(entry, batch, 'killed')).facts).toStrictEqual([
      { ...status, reason: 'killed' },
      { ...last, reason: 'killed' },
    ]);
    expect(decided((batch) => endAtStart(entry, batch, 'init_failed', error)).facts).toStrictEqual([
      { ...status, reason: 'init_failed' },
      { ...last, reason: 'init_failed', error },
    ]);
  });
});

describe('a new incarnation', () => {
  it.each(['terminating', 'initializing'] as const)(
    'goes from %s through terminated to initializing, without session_terminated',
    (previousStatus) => {
      const entry = entryWith(previousStatus);
      const { facts } = decided((batch) => reincarnate(entry, batch, { reason: 'crashed' }));
      expect(facts).toStrictEqual([
        {
          type: 'session_status',
          sessionSeq: 2,
          status: 'terminated',
          previousStatus,
          reason: 'crashed',
        },
        { type: 'session_status', sessionSeq: 3, status: 'initializing', previousStatus: 'terminated' },
      ]);
    },
  );
});
