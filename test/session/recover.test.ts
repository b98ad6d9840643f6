import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SessionError } from '../../src/errors.ts';
import type { Fact } from '../../src/session/facts.ts';
import { isRevivable, recoverState, revivable } from '../../src/session/recover.ts';
import { FORMAT_VERSION, snapshotData } from '../../src/session/snapshot.ts';
import { applyFact, type SessionState } from '../../src/session/state.ts';
import type { StoredSession, StoredSnapshot } from '../../src/store/port.ts';
import { codeThrown } from '../support/errors.ts';
import { contentsOf, factWriter, lives } from './facts.ts';

function fold(facts: readonly Fact[]): SessionState {
  let state: SessionState | undefined;
  for (const fact of facts) state = applyFact(state, fact);
  if (!state) throw new Error('a life has a first fact');
  return state;
}

function snapshotOf(state: SessionState): StoredSnapshot {
  // A store hands out what it has read, not what it was given.
  const data = JSON.parse(JSON.stringify(snapshotData(state)));
  return { sessionSeq: state.sessionSeq, version: FORMAT_VERSION, data };
}

function refusalOf(stored: StoredSession): SessionError {
  try {
    recoverState('s', stored);
  } catch (error) {
    return error as SessionError;
  }
  throw new Error('It was recovered.');
}

describe('recovering a session', () => {
  it('without a snapshot folds its facts', () => {
    const writer = factWriter('s');
    const facts = [writer.created(), writer.status('active', 'initializing'), writer.message('hello')];
    expect(contentsOf(recoverState('s', { records: facts }))).toEqual(contentsOf(fold(facts)));
  });

  it('from a snapshot alone gives the state at which it was made', () => {
    const writer = factWriter('s');
    const error = { name: 'Error', message: 'boom', code: 'E' };
    const state = fold([
      writer.created(),
      writer.message('hello', { idempotencyKey: 'k' }),
      writer.crashed({ error, restarting: true, restartTimes: [5, 9] }),
      writer.status('terminating', 'active', 'crashed'),
    ]);
    const recovered = recoverState('s', { snapshot: snapshotOf(state), records: [] });
    expect(contentsOf(recovered)).toEqual(contentsOf(state));
    expect(recovered).toMatchObject({
      status: 'terminating',
      reason: 'crashed',
      restarting: true,
      restartTimes: [5, 9],
      error,
    });
  });

  it('from a snapshot at any point of any life, and the facts after it, is the whole fold', () => {
    fc.assert(
      fc.property(lives, fc.nat(), (facts, n) => {
        const cut = 1 + (n % facts.length);
        const snapshot = snapshotOf(fold(facts.slice(0, cut)));
        const recovered = recoverState('s', { snapshot, records: facts.slice(cut) });
        expect(contentsOf(recovered)).toEqual(contentsOf(fold(facts)));
      }),
    );
  });

  it('twice is the same as once, and leaves what was stored as it was', () => {
    fc.assert(
      fc.property(lives, fc.nat(), (facts, n) => {
        const cut = 1 + (n % facts.length);
        const stored = { snapshot: snapshotOf(fold(facts.slice(0, cut))), records: facts.slice(cut) };
        const before = structuredClone(stored);
        const first = recoverState('s', stored);
        expect(stored).toEqual(before);
        expect(contentsOf(recoverState('s', stored))).toEqual(contentsOf(first));
      }),
    );
  });

  it('gives a state that lives on: the next fact is applied to it as to any other', () => {
    const writer = factWriter('s', { maxMessages: 2 });
    const facts = [writer.created(), writer.message('1'), writer.message('2')];
    const recovered = recoverState('s', { snapshot: snapshotOf(fold(facts)), records: [] });
    const next = writer.message('3');
    applyFact(recovered, next);
    expect(contentsOf(recovered)).toEqual(contentsOf(fold([...facts, next])));
  });
});

describe('what cannot be recovered', () => {
  const facts = () => {
    const writer = factWriter('s');
    return [writer.created(), writer.message(), writer.message(), writer.message()] as const;
  };

  it.each([0, 2, 999])('a snapshot of format %i is refused, and says which one is read', (version) => {
    const [created] = facts();
    const error = refusalOf({ snapshot: { ...snapshotOf(fold([created])), version }, records: [] });
    expect(error).toMatchObject({ code: 'STORE_VERSION', sessionId: 's' });
    expect(error.message).toBe(
      `The snapshot of session "s" has format ${version}; this version reads ${FORMAT_VERSION}.`,
    );
  });

  it('a hole, a repeat, a wrong order or a missing beginning is corruption, named by its place', () => {
    const [first, second, third, fourth] = facts();
    const corrupt: Array<[StoredSession, found: number, expected: number]> = [
      [{ records: [first, third] }, 3, 2],
      [{ records: [first, second, second] }, 2, 3],
      [{ records: [second, first] }, 2, 1],
      [{ snapshot: snapshotOf(fold([first, second])), records: [fourth] }, 4, 3],
      [{ snapshot: snapshotOf(fold([first, second])), records: [second, third] }, 2, 3],
    ];
    for (const [stored, found, expected] of corrupt) {
      const error = refusalOf(stored);
      expect(error).toMatchObject({ code: 'STORE_CORRUPT', sessionId: 's' });
      expect(error.message).toContain(`has fact ${found} where ${expected} was expected`);
    }
  });

  it('a session without a single fact is corruption too', () => {
    expect(refusalOf({ records: [] })).toMatchObject({
      code: 'STORE_CORRUPT',
      sessionId: 's',
      message: 'Session "s" is stored without a single fact.',
    });
  });

  it('a journal that starts in the middle of a life says so', () => {
    expect(() => recoverState('s', { records: [factWriter('s').message()] })).toThrow(
      'The journal of session "s" starts with conversation_added.',
    );
  });
});

describe('a session', () => {
  const state = fold([factWriter('s').created()]);

  it('goes on from where it was, whatever it was doing', () => {
    for (const status of ['initializing', 'active', 'idle', 'terminating'] as const)
      expect(revivable({ ...state, status })).toEqual({ ...state, status });
  });

  it.each(['terminated', 'hibernating', '', 'constructor'])('does not go on from %j', (status) => {
    const goOn = () => revivable({ ...state, status: status as never });
    expect(goOn).toThrow(`the string ${JSON.stringify(status)} as its status`);
    expect([isRevivable(status), codeThrown(goOn)]).toEqual([false, 'STORE_CORRUPT']);
  });
});
