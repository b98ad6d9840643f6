import { describe, expect, it } from 'vitest';
import { fromCallback } from 'xstate';
import { codeOf } from '../support/errors.ts';
import { turns } from '../support/turns.ts';
import { besideNeighbour, boom, ended, FAULTY, started, story } from './neighbourhood.ts';

describe('an agent that emits what no schema allows', () => {
  const emitting = (emission: unknown) =>
    fromCallback<{ type: string }>(({ receive, emit }) => {
      receive((event) => {
        if (event.type === 'fail') emit(emission as never);
      });
    });
  const hostile = {
    type: 'llm_response',
    turnId: 't',
    get content() {
      throw boom;
    },
  };
  const malformed: ReadonlyArray<readonly [string, unknown]> = [
    ['a missing field', { type: 'llm_response', content: 'no turn' }],
    ['a field of the wrong type', { type: 'llm_stream_chunk', turnId: 't', content: 42 }],
    [
      'what is no JSON',
      { type: 'tool_call', turnId: 't', toolId: 'i', toolName: 'n', parameters: { f() {} } },
    ],
    ['a getter that throws', hostile],
  ];

  it.each(malformed)('%s crashes its session alone, with INVALID_ARGUMENT', async (_, emission) => {
    await besideNeighbour({ agent: emitting(emission) }, async ({ manager, seen }) => {
      const session = await manager.createSession({ id: 'bad', ...FAULTY });
      expect(await codeOf(session.dispatch({ type: 'fail' }))).toBe('SESSION_CRASHED');
      await turns();
      expect(seen.of('session_crashed')).toMatchObject([
        { sessionId: 'bad', restarting: false, error: { code: 'INVALID_ARGUMENT' } },
      ]);
      expect(story(seen, 'bad')).toHaveLength(6);
    });
  });

  it.each([
    ['a type of its own', { type: 'no_such_event' }],
    ["one of the engine's types", { type: 'session_terminated', reason: 'forged' }],
    ['the gap of a stream', { type: 'gap', from: 1, to: 2 }],
  ])('%s is nobody else’s: nothing is published', async (_, emission) => {
    await besideNeighbour({ agent: emitting(emission) }, async ({ manager, seen }) => {
      const session = await manager.createSession({ id: 'bad', ...FAULTY });
      await session.dispatch({ type: 'fail' });
      expect(story(seen, 'bad')).toEqual(started);
      await session.terminate();
      expect(story(seen, 'bad')).toEqual([...started, ...ended, 'gone (normal)']);
    });
  });
});
