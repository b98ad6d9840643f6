import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/session/facts.ts';
import { fillFrom, type SessionData, sessionData, snapshotData } from '../../src/session/snapshot.ts';
import { applyFact, type SessionState } from '../../src/session/state.ts';
import { contentsOf, factWriter, lives } from './facts.ts';

function fold(facts: readonly Fact[]): SessionState {
  let state: SessionState | undefined;
  for (const fact of facts) state = applyFact(state, fact);
  if (!state) throw new Error('a life has a first fact');
  return state;
}

/** A session with something of everything. */
function furnished() {
  const writer = factWriter('s');
  return fold([
    writer.created(),
    writer.status('active', 'initializing'),
    writer.message('first', { idempotencyKey: 'k' }, 3),
    writer.message('second', {}, 4),
    writer.write('file_added', { path: 'a.ts' }),
    writer.write('context_updated', { filesChanged: ['a.ts'], metadata: { lines: 9 } }),
    writer.write('working_context_updated', { key: 'plan', value: ['x', null] }),
  ]);
}

describe('what a session holds', () => {
  it('is lists of pairs, in order, each message with its tokens', () => {
    const state = furnished();
    const [first, second] = state.conversation?.slice(9) ?? [];
    expect(sessionData(state)).toEqual({
      metadata: state.metadata,
      llmConfig: state.llmConfig,
      config: state.config,
      conversation: [
        [first, 3],
        [second, 4],
      ],
      messageNumber: 2,
      files: [['a.ts', '2026-01-01T00:00:05.000Z']],
      fileIndex: [['a.ts', { lines: 9 }]],
      workingContext: [['plan', ['x', null]]],
      keyed: [['k', first]],
    });
  });

  it('is empty lists where nothing ever was', () => {
    expect(sessionData(fold([factWriter().created()]))).toMatchObject({
      conversation: [],
      messageNumber: 0,
      files: [],
      fileIndex: [],
      workingContext: [],
      keyed: [],
    });
  });

  it('is a copy: the session goes on without it', () => {
    const state = furnished();
    const data = sessionData(state);
    const before = structuredClone(data);
    const writer = factWriter('s');
    for (let n = 0; n < 9; n += 1) writer.created();
    for (const fact of [
      writer.message('third'),
      writer.write('file_removed', { path: 'a.ts' }),
      writer.write('working_context_updated', { key: 'plan' }),
      writer.write('conversation_cleared', {}),
    ])
      applyFact(state, fact);
    expect(data).toEqual(before);
  });
});

describe('a snapshot', () => {
  it('adds where the session stands', () => {
    const state = furnished();
    expect(snapshotData(state)).toEqual({
      ...sessionData(state),
      id: 's',
      seq: 3,
      sessionSeq: state.sessionSeq,
      status: 'active',
      createdAt: '2026-01-01T00:00:01.000Z',
      updatedAt: '2026-01-01T00:00:07.000Z',
      lastActivityAt: '2026-01-01T00:00:07.000Z',
      restarts: 0,
      restarting: false,
      restartTimes: [],
    });
  });

  it('tells how an end came about', () => {
    const writer = factWriter();
    const error = { name: 'Error', message: 'boom' };
    const state = fold([
      writer.created(),
      writer.crashed({ error, restarting: true, restartTimes: [5, 9] }),
      writer.status('terminating', 'active', 'crashed'),
    ]);
    expect(snapshotData(state)).toMatchObject({
      error,
      reason: 'crashed',
      restarting: true,
      restartTimes: [5, 9],
    });
  });

  it('of any life is JSON: a store may write it down and read it back', () => {
    fc.assert(
      fc.property(lives, (facts) => {
        const data = snapshotData(fold(facts));
        expect(JSON.parse(JSON.stringify(data))).toEqual(data);
      }),
    );
  });
});

describe('filling an empty state', () => {
  const emptyState = (config = {}) => applyFact(undefined, factWriter('s', config).created());

  it('gives it all that the other held', () => {
    const held = furnished();
    const state = emptyState();
    fillFrom(state, sessionData(held));
    expect(sessionData(state)).toEqual(sessionData(held));
  });

  it('drops nothing that the other kept, however fractions of tokens add up', () => {
    const writer = factWriter('s', { maxTokens: 10 });
    const sizes = [2.7, 0.9, 8.8, 0.3];
    const held = fold([writer.created(), ...sizes.map((tokens) => writer.message('x', {}, tokens))]);
    expect(held.conversation?.count).toBe(3);
    const state = emptyState({ maxTokens: 10 });
    fillFrom(state, sessionData(held));
    expect(state.conversation?.count).toBe(3);
  });

  it('with nothing makes no container', () => {
    const state = emptyState();
    fillFrom(state, sessionData(emptyState()));
    expect(contentsOf(state)).toEqual(contentsOf(emptyState()));
    expect([state.conversation, state.files, state.fileIndex, state.workingContext, state.keyed]).toEqual(
      Array(5).fill(undefined),
    );
  });

  it('is what session_created does when it continues a saved session', () => {
    const restored: SessionData = sessionData(furnished());
    const state = applyFact(undefined, factWriter('s').created({ restored }));
    expect(sessionData(state)).toEqual({ ...restored, config: state.config });
    expect(state).toMatchObject({ status: 'initializing', messageNumber: 2, restarts: 0 });
  });
});
