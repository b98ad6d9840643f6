import { describe, expect, it } from 'vitest';
import { setup } from 'xstate';
import type { AgentInput } from '../../src/index.ts';
import { codeOf } from '../support/errors.ts';
import { turns } from '../support/turns.ts';
import { besideNeighbour, FAULTY, isFaulty } from './neighbourhood.ts';

describe('an endless always loop in an agent', () => {
  const types = {} as { context: { faulty: boolean }; input: AgentInput; events: { type: 'ping' | 'loop' } };
  const looping = (options: { maxIterations?: number } = {}) =>
    setup({ types }).createMachine({
      options,
      context: ({ input }) => ({ faulty: isFaulty(input.session) }),
      initial: 'rest',
      states: {
        rest: { on: { loop: 'a' }, always: { guard: ({ context }) => context.faulty, target: 'a' } },
        a: { always: 'b' },
        b: { always: 'a' },
      },
    });
  const budgetOf = (steps: number) => ({
    error: { message: expect.stringContaining(`more than ${steps} microsteps`) },
    restarting: false,
  });

  it('at its start crashes its session alone with a step budget error', async () => {
    await besideNeighbour({ agent: looping() }, async ({ manager, seen }) => {
      await manager.createSession({ id: 'bad', ...FAULTY });
      await turns();
      expect(seen.of('session_crashed')).toMatchObject([{ sessionId: 'bad', ...budgetOf(1000) }]);
      expect(await codeOf(manager.getSessionInfo('bad'))).toBe('SESSION_NOT_FOUND');
    });
  });

  it('on an event crashes its session alone with a step budget error', async () => {
    await besideNeighbour({ agent: looping() }, async ({ manager, seen }) => {
      const session = await manager.createSession({ id: 'bad' });
      expect(await codeOf(session.dispatch({ type: 'loop' }))).toBe('SESSION_CRASHED');
      await turns();
      expect(seen.of('session_crashed')).toMatchObject([{ sessionId: 'bad', ...budgetOf(1000) }]);
    });
  });

  it('is held to the budget that the machine sets itself', async () => {
    await besideNeighbour({ agent: looping({ maxIterations: 20 }) }, async ({ manager, seen }) => {
      await manager.createSession({ id: 'bad', ...FAULTY });
      await turns();
      expect(seen.of('session_crashed')).toMatchObject([{ sessionId: 'bad', ...budgetOf(20) }]);
    });
  });

  it('leaves the machine that the user passed as it was', async () => {
    const agent = looping();
    await besideNeighbour({ agent }, async () => {});
    expect(agent.options.maxIterations).toBe(Number.POSITIVE_INFINITY);
  });
});
