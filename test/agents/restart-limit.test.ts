import { describe, expect, it } from 'vitest';
import { fromPromise, fromTransition } from 'xstate';
import type { AgentInput, HookContext } from '../../src/index.ts';
import { codeOf } from '../support/errors.ts';
import { until } from '../support/turns.ts';
import { besideNeighbour, FAULTY, isFaulty, story } from './neighbourhood.ts';

const supervision = { restart: 'transient', maxRestarts: 2, withinMs: 5000 } as const;

const again = [
  'active→terminating',
  'terminating→terminated',
  'terminated→initializing',
  'initializing→active',
];

describe('restarts over the limit', () => {
  it('an agent that always crashes at its start is escalated once and stopped', async () => {
    let starts = 0;
    const agent = fromPromise<void, AgentInput>(({ input }) => {
      if (!isFaulty(input.session)) return new Promise(() => {});
      starts += 1;
      return Promise.reject(new Error(`start ${starts}`));
    });
    await besideNeighbour({ agent, supervision }, async ({ manager, seen, logged }) => {
      await codeOf(manager.createSession({ id: 'bad', ...FAULTY }));
      await until(() => seen.of('session_terminated').length > 0);
      expect(story(seen, 'bad')).toEqual([
        'session_created',
        'initializing→active',
        'crashed, restarting: start 1',
        ...again,
        'crashed, restarting: start 2',
        ...again,
        'crashed, for good: start 3',
        'active→terminating',
        'terminating→terminated',
        'gone (crashed): start 3',
      ]);
      expect(seen.of('session_crashed').map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
      expect(starts).toBe(3);
      const escalations = logged.filter((entry) => entry.some((part) => String(part).includes('bad')));
      expect(escalations).toHaveLength(1);
      expect(await codeOf(manager.getSessionInfo('bad'))).toBe('SESSION_NOT_FOUND');
    });
  });

  it('crashes further apart than withinMs are each restarted', async () => {
    const agent = fromTransition((state: null, event: { type: string }) => {
      if (event.type === 'fail') throw new Error('boom');
      return state;
    }, null);
    await besideNeighbour({ agent, supervision }, async ({ manager, seen, clock }) => {
      const session = await manager.createSession({ id: 'bad', ...FAULTY });
      for (let crash = 1; crash <= 4; crash++) {
        expect(await codeOf(session.dispatch({ type: 'fail' }))).toBe('SESSION_CRASHED');
        await until(async () => (await session.info()).status === 'active');
        expect(await session.info()).toMatchObject({ restarts: crash });
        await clock.advance(5001);
      }
      expect(seen.of('session_terminated')).toEqual([]);
      await session.terminate();
    });
  });

  it('a restart that hangs counts as a failure', async () => {
    let initialized = 0;
    const initialize = (session: HookContext) => {
      if (!isFaulty(session)) return;
      initialized += 1;
      return initialized === 1 ? undefined : new Promise<void>(() => {});
    };
    const agent = fromTransition((state: null, event: { type: string }) => {
      if (event.type === 'fail') throw new Error('boom');
      return state;
    }, null);
    const options = { agent, supervision, hooks: { initialize }, timeouts: { initializeMs: 100 } };
    await besideNeighbour(options, async ({ manager, seen, clock }) => {
      const session = await manager.createSession({ id: 'bad', ...FAULTY });
      expect(await codeOf(session.dispatch({ type: 'fail' }))).toBe('SESSION_CRASHED');
      await until(() => initialized === 2);
      expect(seen.of('session_terminated')).toEqual([]);
      await clock.advance(100);
      await until(() => initialized === 3);
      expect(seen.of('session_terminated')).toEqual([]);
      await clock.advance(100);
      await until(() => seen.of('session_terminated').length > 0);
      expect(initialized).toBe(3);
      expect(seen.of('session_terminated')).toHaveLength(1);
      expect(await codeOf(session.info())).toBe('SESSION_NOT_FOUND');
    });
  });

  it('an initialize hook that throws at a restart counts as a failure', async () => {
    let initialized = 0;
    const initialize = (session: HookContext) => {
      if (!isFaulty(session)) return;
      initialized += 1;
      if (initialized > 1) throw new Error(`initialize ${initialized}`);
    };
    const agent = fromTransition((state: null, event: { type: string }) => {
      if (event.type === 'fail') throw new Error('boom');
      return state;
    }, null);
    await besideNeighbour({ agent, supervision, hooks: { initialize } }, async ({ manager, seen }) => {
      const session = await manager.createSession({ id: 'bad', ...FAULTY });
      expect(await codeOf(session.dispatch({ type: 'fail' }))).toBe('SESSION_CRASHED');
      await until(() => seen.of('session_terminated').length > 0);
      expect(initialized).toBe(3);
      expect(seen.of('session_terminated')).toHaveLength(1);
    });
  });
});
