import { describe, expect, it } from 'vitest';
import { fromTransition } from 'xstate';
import type { HookContext } from '../../src/index.ts';
import { codeOf, failureOf } from '../support/errors.ts';
import { turns } from '../support/turns.ts';
import { besideNeighbour, boom, ended, FAULTY, fail, isFaulty, started, story } from './neighbourhood.ts';

describe('a hook that throws', () => {
  it.each([
    ['throws', fail],
    ['rejects', () => Promise.reject(boom)],
    ['throws after a pause', async () => turns(2).then(fail)],
  ])('initialize that %s: create rejects INITIALIZE_FAILED with the cause', async (_, hook) => {
    const initialize = (session: HookContext) => (isFaulty(session) ? hook() : undefined);
    await besideNeighbour({ hooks: { initialize } }, async ({ manager, seen }) => {
      const error = await failureOf(manager.createSession({ id: 'bad', ...FAULTY }));
      expect(error).toMatchObject({ code: 'INITIALIZE_FAILED', sessionId: 'bad', cause: boom });
      expect(story(seen, 'bad')).toEqual([
        'session_created',
        'initializing→terminated',
        'gone (init_failed): boom',
      ]);
      expect(await codeOf(manager.getSessionInfo('bad'))).toBe('SESSION_NOT_FOUND');
    });
  });

  it.each([
    ['throws', fail],
    ['rejects', () => Promise.reject(boom)],
  ])('cleanup that %s: the session ends all the same, and its end says why', async (_, hook) => {
    const cleanup = (session: HookContext) => (isFaulty(session) ? hook() : undefined);
    await besideNeighbour({ hooks: { cleanup } }, async ({ manager, seen }) => {
      const session = await manager.createSession({ id: 'bad', ...FAULTY });
      await session.terminate();
      expect(story(seen, 'bad')).toEqual([...started, ...ended, 'gone (normal): boom']);
      expect(await codeOf(session.info())).toBe('SESSION_NOT_FOUND');
    });
  });

  it('cleanup that throws after a crash: the end still tells the crash', async () => {
    const cleanup = (session: HookContext) => {
      if (isFaulty(session)) throw new Error('cleanup failed too');
    };
    const agent = fromTransition((state: null, event: { type: string }) => {
      if (event.type === 'fail') throw boom;
      return state;
    }, null);
    await besideNeighbour({ agent, hooks: { cleanup } }, async ({ manager, seen, logged }) => {
      const session = await manager.createSession({ id: 'bad', ...FAULTY });
      expect(await codeOf(session.dispatch({ type: 'fail' }))).toBe('SESSION_CRASHED');
      await turns();
      expect(story(seen, 'bad')).toEqual([
        ...started,
        'crashed, for good: boom',
        ...ended,
        'gone (crashed): boom',
      ]);
      expect(logged.flat()).toContainEqual(new Error('cleanup failed too'));
    });
  });
});
