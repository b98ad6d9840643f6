import { describe, expect, it } from 'vitest';
import { createActor, createMachine, fromCallback } from 'xstate';
import type { ContextPart } from '../../src/data.ts';
import { SessionEntry } from '../../src/session/entry.ts';
import type { Fact } from '../../src/session/facts.ts';
import { applyFact } from '../../src/session/state.ts';
import {
  activeFilesOf,
  activeTasks,
  buildContext,
  fileIndexOf,
  historyOf,
  infoOf,
} from '../../src/session/views.ts';
import { codeThrown } from '../support/errors.ts';
import { thawed } from '../support/frozen.ts';
import { type FactWriter, factWriter } from './facts.ts';

function stateAfter(tell: (writer: FactWriter) => readonly Fact[], config = {}, id = 's') {
  const writer = factWriter(id, config);
  const state = applyFact(undefined, writer.created());
  for (const fact of tell(writer)) applyFact(state, fact);
  return state;
}

/** Messages `1…count` of two tokens each, a file, an indexed file and a value. */
const furnished = (count: number, config = {}) =>
  stateAfter(
    (writer) => [
      writer.status('active', 'initializing'),
      ...Array.from({ length: count }, (_, n) => writer.message(String(n + 1), {}, 2)),
      ...['a.ts', 'b.ts', 'c.ts'].map((path) => writer.write('file_added', { path })),
      writer.write('context_updated', { filesChanged: ['z.ts'], metadata: { lines: 3 } }),
      writer.write('working_context_updated', { key: 'plan', value: { steps: [1] } }),
    ],
    config,
  );
const contents = (messages: readonly { content: unknown }[]) => messages.map(({ content }) => content);

describe('info', () => {
  it('tells of an empty session without counting anything into being', () => {
    const state = stateAfter(() => []);
    expect(infoOf(new SessionEntry(state, 0))).toEqual({
      id: 's',
      seq: 3,
      status: 'initializing',
      metadata: { made: 'by hand' },
      llmConfig: { model: 'none' },
      config: state.config,
      createdAt: state.createdAt,
      updatedAt: state.updatedAt,
      lastActivityAt: state.lastActivityAt,
      messageCount: 0,
      activeFileCount: 0,
      activeTasks: 0,
      restarts: 0,
    });
  });

  it('counts messages and files that are there now', () => {
    expect(infoOf(new SessionEntry(furnished(5, { maxMessages: 4 }), 0))).toMatchObject({
      messageCount: 4,
      activeFileCount: 3,
    });
  });

  it('shows activity that made no fact, and the error, where there are any', () => {
    const error = { name: 'Error', message: 'boom' };
    const state = stateAfter((writer) => [writer.crashed({ error })]);
    const entry = new SessionEntry(state, 0);
    entry.touchedAt = '2026-03-03T00:00:00.000Z';
    expect(infoOf(entry)).toMatchObject({ lastActivityAt: '2026-03-03T00:00:00.000Z', error });
  });

  it('is frozen, and no view of what comes later', () => {
    const state = furnished(1);
    const info = infoOf(new SessionEntry(state, 0));
    applyFact(state, { ...factWriter('s').message('late'), sessionSeq: 99 });
    expect(info.messageCount).toBe(1);
    expect(Object.isFrozen(info)).toBe(true);
  });
});

describe('active tasks', () => {
  it('are unsettled dispatches and the children of the agent that still run', () => {
    const machine = createMachine({
      invoke: [{ src: fromCallback(() => {}) }, { src: fromCallback(() => {}) }],
    });
    const agent = createActor(machine).start();
    const entry = new SessionEntry(
      stateAfter(() => []),
      0,
    );
    entry.dispatching = 3;
    expect(activeTasks(entry)).toBe(3);
    entry.agent = agent;
    expect(activeTasks(entry)).toBe(5);
    agent.stop();
    expect(activeTasks(entry)).toBe(3);
  });
});

describe('history', () => {
  it('is all there is, the newest of it, or what came before a message', () => {
    const state = furnished(5);
    expect(contents(historyOf(state, undefined))).toEqual(['1', '2', '3', '4', '5']);
    expect(contents(historyOf(state, { limit: 2 }))).toEqual(['4', '5']);
    expect(contents(historyOf(state, { limit: 2, before: 's:4' }))).toEqual(['2', '3']);
    expect(contents(historyOf(state, { before: 's:1' }))).toEqual([]);
    expect(historyOf(state, { limit: 0 })).toEqual([]);
  });

  it('finds the place of a message by its number, also after the first have gone', () => {
    const state = furnished(9, { maxMessages: 4 });
    expect(contents(historyOf(state, { before: 's:8' }))).toEqual(['6', '7']);
    expect(contents(historyOf(state, { before: 's:6' }))).toEqual([]);
    expect(contents(historyOf(state, { before: 's:2' }))).toEqual([]);
    expect(contents(historyOf(state, { before: 's:99' }))).toEqual(['6', '7', '8', '9']);
  });

  it('of a session that never had a message, or has none left, is empty before any message', () => {
    const nothing = stateAfter(() => []);
    expect(historyOf(nothing, { before: 's:1' })).toEqual([]);
    const cleared = stateAfter((writer) => [writer.message(), writer.write('conversation_cleared', {})]);
    expect(historyOf(cleared, { before: 's:2' })).toEqual([]);
    expect(historyOf(nothing, undefined)).toEqual([]);
  });

  it('is a frozen list', () => {
    expect(Object.isFrozen(historyOf(furnished(2), undefined))).toBe(true);
    expect(Object.isFrozen(historyOf(furnished(0), undefined))).toBe(true);
  });

  it.each([
    ['a limit below 0', { limit: -1 }, 'options.limit'],
    ['a limit that is no integer', { limit: 1.5 }, 'options.limit'],
    ['a message of another session', { before: 't:1' }, 'options.before must be the id of a message of'],
    ['a message id that is no text', { before: 1 }, 'options.before must be the id of a message of'],
    ['an option that there is not', { after: 's:1' }, 'options'],
    ['no object', null, 'options'],
  ])('refuses %s', (_what, options, said) => {
    const call = () => historyOf(furnished(2), options as never);
    expect(codeThrown(call)).toBe('INVALID_ARGUMENT');
    expect(call).toThrow(said);
  });
});

describe('files and index', () => {
  it('are copies, oldest first, frozen', () => {
    const state = furnished(0);
    expect(activeFilesOf(state)).toEqual([
      { path: 'a.ts', addedAt: '2026-01-01T00:00:03.000Z' },
      { path: 'b.ts', addedAt: '2026-01-01T00:00:04.000Z' },
      { path: 'c.ts', addedAt: '2026-01-01T00:00:05.000Z' },
    ]);
    expect(fileIndexOf(state)).toEqual({ 'z.ts': { lines: 3 } });
    expect(thawed(activeFilesOf(state))).toBeUndefined();
    expect(thawed(fileIndexOf(state))).toBeUndefined();
  });

  it('are empty where nothing ever was', () => {
    const state = stateAfter(() => []);
    expect([activeFilesOf(state), fileIndexOf(state)]).toEqual([[], {}]);
  });
});

describe('building a context', () => {
  const all: ContextPart[] = ['conversation', 'files', 'fileIndex', 'workingContext'];

  it('holds the parts asked for and no other, with the tokens of the conversation', () => {
    const state = furnished(2);
    const built = buildContext(state, all, undefined);
    expect(built).toEqual({
      conversation: historyOf(state, undefined),
      files: activeFilesOf(state),
      fileIndex: { 'z.ts': { lines: 3 } },
      workingContext: { plan: { steps: [1] } },
      tokens: 4,
    });
    expect(Object.keys(buildContext(state, [], undefined))).toEqual(['tokens']);
    expect(buildContext(state, ['files'], undefined)).toEqual({ files: activeFilesOf(state), tokens: 0 });
    for (const part of [built, built.conversation, built.files, built.fileIndex, built.workingContext])
      expect(Object.isFrozen(part)).toBe(true);
  });

  it('of an empty session is empty', () => {
    const state = stateAfter(() => []);
    expect(buildContext(state, all, undefined)).toEqual({
      conversation: [],
      files: [],
      fileIndex: {},
      workingContext: {},
      tokens: 0,
    });
  });

  it('keeps the newest messages and files within its bounds', () => {
    const state = furnished(5);
    const built = buildContext(state, all, { maxMessages: 2, maxFiles: 1 });
    expect(contents(built.conversation ?? [])).toEqual(['4', '5']);
    expect(built.files?.map(({ path }) => path)).toEqual(['c.ts']);
    expect(built.tokens).toBe(4);
    const nothing = buildContext(state, all, { maxMessages: 0, maxFiles: 0 });
    expect([nothing.conversation, nothing.files, nothing.tokens]).toEqual([[], [], 0]);
  });

  it('stops before the first message, from the newest, that would pass maxTokens', () => {
    const state = stateAfter((writer) => [
      writer.message('small', {}, 1),
      writer.message('large', {}, 5),
      writer.message('newest', {}, 2),
    ]);
    const within = (maxTokens: number) => {
      const { conversation = [], tokens } = buildContext(state, ['conversation'], { maxTokens });
      return [...contents(conversation), tokens];
    };
    expect(within(7)).toEqual(['large', 'newest', 7]);
    expect(within(6)).toEqual(['newest', 2]);
    expect(within(1)).toEqual([0]);
    expect(within(0)).toEqual([0]);
  });

  it.each([
    ['parts that are no list', 'files', undefined, 'include must be an array of conversation, files'],
    [
      'a part that there is not',
      ['files', 'cache'],
      undefined,
      'include[1] must be one of conversation, files',
    ],
    ['a bound below 0', [], { maxFiles: -1 }, 'options.maxFiles'],
    ['a bound that is no integer', [], { maxTokens: 0.5 }, 'options.maxTokens'],
    ['an option that there is not', [], { maxFile: 1 }, 'options'],
  ])('refuses %s', (_what, include, options, said) => {
    const call = () => buildContext(furnished(1), include as never, options as never);
    expect(codeThrown(call)).toBe('INVALID_ARGUMENT');
    expect(call).toThrow(said);
  });
});
