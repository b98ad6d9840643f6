import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject, Message } from '../../src/data.ts';
import type { Fact } from '../../src/session/facts.ts';
import { applyFact, type SessionState } from '../../src/session/state.ts';
import { contentsOf, factWriter, lives } from './facts.ts';

function fold(facts: readonly Fact[]): SessionState {
  const [first, ...rest] = facts;
  if (!first) throw new Error('a life has a first fact');
  return rest.reduce<SessionState>(applyFact, applyFact(undefined, first));
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}

describe('the first fact', () => {
  it('makes the state, and none of the containers that most sessions never need', () => {
    const created = factWriter('s').created();
    expect(applyFact(undefined, created)).toStrictEqual({
      id: 's',
      seq: created.seq,
      metadata: { made: 'by hand' },
      llmConfig: { model: 'none' },
      config: expect.objectContaining({ maxMessages: 1000 }),
      createdAt: created.at,
      sessionSeq: 1,
      status: 'initializing',
      updatedAt: created.at,
      lastActivityAt: created.at,
      messageNumber: 0,
      restarts: 0,
      error: undefined,
      reason: undefined,
      restarting: false,
      restartTimes: [],
      agent: undefined,
      conversation: undefined,
      files: undefined,
      fileIndex: undefined,
      workingContext: undefined,
      keyed: undefined,
    });
  });

  it('is session_created and nothing else', () => {
    expect(() => applyFact(undefined, factWriter('s').message())).toThrow(
      'The journal of session "s" starts with conversation_added.',
    );
  });

  it('comes once', () => {
    const writer = factWriter('s');
    const state = fold([writer.created()]);
    expect(() => applyFact(state, writer.created())).toThrow('Session "s" was created twice in its journal.');
  });
});

describe('the lifecycle', () => {
  it('moves the status and keeps the reason of the end that is under way', () => {
    const writer = factWriter();
    const state = fold([writer.created(), writer.status('active', 'initializing')]);
    expect(state).toMatchObject({ status: 'active', reason: undefined, restarts: 0 });
    applyFact(state, writer.status('terminating', 'active', 'killed'));
    expect(state).toMatchObject({ status: 'terminating', reason: 'killed' });
  });

  it('counts restarts by the way back to initializing, which ends the announcement of one', () => {
    const writer = factWriter();
    const error = { name: 'Error', message: 'boom' };
    const state = fold([
      writer.created(),
      writer.status('active', 'initializing'),
      writer.crashed({ error, restarting: true, restartTimes: [7] }),
    ]);
    expect(state).toMatchObject({ error, restarting: true, restartTimes: [7], restarts: 0 });
    applyFact(state, writer.status('terminating', 'active', 'crashed'));
    applyFact(state, writer.status('terminated', 'terminating', 'crashed'));
    expect(state).toMatchObject({ restarting: true, restarts: 0 });
    applyFact(state, writer.status('initializing', 'terminated'));
    expect(state).toMatchObject({ restarting: false, restartTimes: [7], restarts: 1, error });
  });

  it('keeps the error of the crash when the end brings none, and takes the one that it brings', () => {
    const error = { name: 'Error', message: 'boom' };
    const late = { name: 'Error', message: 'late' };
    const writer = factWriter();
    const state = fold([writer.created(), writer.crashed({ error })]);
    applyFact(state, writer.write('session_terminated', { reason: 'crashed' }));
    expect(state.error).toEqual(error);
    applyFact(state, writer.write('session_terminated', { reason: 'crashed', error: late }));
    expect(state.error).toEqual(late);
  });

  it('is activity when it reaches active, and at no other step', () => {
    const writer = factWriter();
    const created = writer.created();
    const state = fold([created]);
    const active = writer.status('active', 'initializing');
    applyFact(state, active);
    expect(state.lastActivityAt).toBe(active.at);
    const idle = writer.status('idle', 'active');
    applyFact(state, idle);
    expect(state).toMatchObject({ lastActivityAt: active.at, updatedAt: idle.at });
    const said = writer.write('llm_response', { turnId: 't', content: 'x' });
    applyFact(state, said);
    expect(state.lastActivityAt).toBe(said.at);
  });
});

describe('a message', () => {
  it('moves the number of the next, so that a cleared or bounded history gives no id twice', () => {
    const writer = factWriter('s', { maxMessages: 1 });
    const state = fold([writer.created(), writer.message(), writer.message()]);
    expect(state.messageNumber).toBe(2);
    applyFact(state, writer.write('conversation_cleared', {}));
    expect(state.messageNumber).toBe(2);
    expect(state.conversation?.count).toBe(0);
  });

  it('stays known by its key when it has been pushed out or cleared away', () => {
    const writer = factWriter('s', { maxMessages: 1 });
    const keyed = writer.message('first', { idempotencyKey: 'k' });
    const state = fold([writer.created(), keyed, writer.message('second')]);
    applyFact(state, writer.write('conversation_cleared', {}));
    expect(state.keyed?.get('k')?.content).toBe('first');
  });
});

describe('a file', () => {
  it('that is removed leaves the index too; one that is only forgotten stays active', () => {
    const writer = factWriter();
    const index = (path: string, metadata: JsonObject | null) =>
      writer.write('context_updated', { filesChanged: [path], metadata });
    const state = fold([writer.created(), writer.write('file_added', { path: 'a' }), index('a', { n: 1 })]);
    applyFact(state, index('a', { m: 2 }));
    expect(state.fileIndex?.get('a')).toEqual({ n: 1, m: 2 });
    expect(Object.isFrozen(state.fileIndex?.get('a'))).toBe(true);
    applyFact(state, index('a', null));
    expect(state.fileIndex?.has('a')).toBe(false);
    expect(state.files?.has('a')).toBe(true);
    applyFact(state, index('a', { n: 3 }));
    applyFact(state, writer.write('file_removed', { path: 'a' }));
    expect([state.files?.size, state.fileIndex?.size]).toEqual([0, 0]);
  });

  it('that nobody knows can be forgotten without making room for any', () => {
    const writer = factWriter();
    const state = fold([
      writer.created(),
      writer.write('file_removed', { path: 'a' }),
      writer.write('context_updated', { filesChanged: ['a'], metadata: null }),
      writer.write('working_context_updated', { key: 'k' }),
      writer.write('conversation_cleared', {}),
    ]);
    expect([state.files, state.fileIndex, state.workingContext, state.conversation]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('any life', () => {
  it('folds to one state however often it is told, and the facts stay as they were', () => {
    fc.assert(
      fc.property(lives, (facts) => {
        deepFreeze(facts);
        expect(contentsOf(fold(facts))).toEqual(contentsOf(fold(facts)));
      }),
    );
  });

  it('folds to what a reader who keeps plain lists and records has noted', () => {
    fc.assert(
      fc.property(lives, (facts) => {
        expect(contentsOf(fold(facts))).toMatchObject(noted(facts));
      }),
    );
  });

  it('leaves the state at the last fact: its number, its time', () => {
    fc.assert(
      fc.property(lives, (facts) => {
        const { sessionSeq, updatedAt, seq, createdAt } = fold(facts);
        expect({ sessionSeq, updatedAt }).toEqual({
          sessionSeq: facts.length,
          updatedAt: facts.at(-1)?.at,
        });
        expect({ seq, createdAt }).toEqual({ seq: facts[0]?.seq, createdAt: facts[0]?.at });
      }),
    );
  });
});

/** The same life, read in the plainest way: no code of the fold's, no bound but by counting. */
function noted(facts: readonly Fact[]) {
  let history: Array<{ message: Message; tokens: number }> = [];
  let files: Array<[string, string]> = [];
  const index: Record<string, JsonObject> = Object.create(null);
  const values = new Map<string, Json>();
  const keyed = new Map<string, Message>();
  let restarts = 0;
  let status = 'initializing';
  const total = () => history.reduce((sum, { tokens }) => sum + tokens, 0);
  for (const { type, payload, at } of facts) {
    if (type === 'conversation_added') {
      history.push(payload);
      while (history.length > 4 || total() > 12) history.shift();
      if (payload.message.idempotencyKey) keyed.set(payload.message.idempotencyKey, payload.message);
    } else if (type === 'conversation_cleared') history = [];
    else if (type === 'file_added') {
      const held = files.find(([path]) => path === payload.path);
      if (held) held[1] = at;
      else files.push([payload.path, at]);
    } else if (type === 'file_removed') {
      files = files.filter(([path]) => path !== payload.path);
      delete index[payload.path];
    } else if (type === 'context_updated') {
      const [path = ''] = payload.filesChanged;
      if (payload.metadata) index[path] = { ...index[path], ...payload.metadata };
      else delete index[path];
    } else if (type === 'working_context_updated') {
      if ('value' in payload) values.set(payload.key, payload.value as Json);
      else values.delete(payload.key);
    } else if (type === 'session_status') {
      status = payload.status;
      if (status === 'initializing') restarts += 1;
    }
  }
  return {
    messages: history.map(({ message }) => message),
    sizes: history.map(({ tokens }) => tokens),
    tokens: total(),
    files,
    fileIndex: Object.entries(index),
    workingContext: [...values],
    keyed: [...keyed],
    restarts,
    status,
  };
}

describe('an agent that is written down', () => {
  it('is kept until the next incarnation, and is no change that anybody is told of', () => {
    const writer = factWriter('s');
    const state = fold([writer.created(), writer.status('active', 'initializing')]);
    const { updatedAt, lastActivityAt } = state;
    const agent = { agent: null };
    applyFact(state, writer.write('agent_saved', agent));
    expect(state).toMatchObject({ agent, updatedAt, lastActivityAt, sessionSeq: 3, status: 'active' });
    applyFact(state, writer.status('initializing', 'terminated'));
    expect(state.agent).toBeUndefined();
    expect(state.updatedAt > updatedAt).toBe(true);
  });

  it('brings the time of the activity that led to it, if that is the newest', () => {
    const writer = factWriter('s');
    const state = fold([writer.created(), writer.status('active', 'initializing')]);
    const { lastActivityAt } = state;
    applyFact(state, writer.write('agent_saved', { agent: null, activeAt: '2001-01-01T00:00:00.000Z' }));
    expect(state).toMatchObject({ lastActivityAt, agent: { agent: null } });
    expect(state.agent).not.toHaveProperty('activeAt');
    const activeAt = '2999-01-01T00:00:00.000Z';
    applyFact(state, writer.write('agent_saved', { agent: null, activeAt }));
    expect(state.lastActivityAt).toBe(activeAt);
  });
});
