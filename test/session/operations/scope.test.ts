import { describe, expect, it } from 'vitest';
import type { HookContext } from '../../../src/options.ts';
import { codeOf, failureOf } from '../../support/errors.ts';
import { turns } from '../../support/turns.ts';
import { type StageOptions, stage } from '../stage.ts';

const SLEEPY = { idleAfterMs: 100, sleepAfterMs: 100 };

/** A session `s` whose hook has kept the handles that it was given. */
async function withHandles(options: StageOptions = {}) {
  const kept: HookContext[] = [];
  const on = stage({
    hooks: {
      async initialize(session) {
        if (session.id === 's') kept.push(session);
        await session.context.put('by', 'the hook');
      },
    },
    ...options,
  });
  const session = await on.manager.createSession({ id: 's', config: SLEEPY });
  const [{ context, cache }] = kept as [HookContext];
  return { ...on, session, context, cache };
}

describe('handles that a hook has kept', () => {
  it('bring their session back when it has gone to sleep', async () => {
    const { manager, clock, context, cache } = await withHandles();
    await clock.advance(100);
    expect(manager.stats().asleep).toBe(1);
    expect(await context.get('by')).toBe('the hook');
    expect(manager.stats().asleep).toBe(0);
    await clock.advance(100);
    expect(manager.stats().asleep).toBe(1);
    await context.addMessage('user', 'from the hook');
    await cache.cacheFile('a', 'A');
    expect(manager.stats().asleep).toBe(0);
    expect(await context.history()).toHaveLength(1);
  });

  it('are of no use once it has ended, whoever is asleep beside it, and say of which session', async () => {
    for (const beside of [undefined, 'other']) {
      const { manager, clock, session, context } = await withHandles();
      if (beside) await manager.createSession({ id: beside, config: SLEEPY });
      await session.send('user', 'x');
      await clock.advance(99);
      await session.terminate();
      await clock.advance(100);
      expect(manager.stats().asleep).toBe(beside ? 1 : 0);
      const error = await failureOf(context.get('by'));
      expect(error).toMatchObject({ code: 'SESSION_TERMINATED', sessionId: 's' });
      expect(error.message).toContain('"s"');
    }
  });

  it('are not those of the next incarnation, nor of the next session of that id', async () => {
    const { manager, session, context } = await withHandles({ supervision: { restart: 'transient' } });
    await session.kill();
    await turns();
    expect(await codeOf(context.get('by'))).toBe('SESSION_TERMINATED');
    await session.terminate();
    await manager.createSession({ id: 's' });
    expect(await codeOf(context.addMessage('user', 'x'))).toBe('SESSION_TERMINATED');
    expect(await session.context.history()).toEqual([]);
  });

  it('do not take the next session of that id for theirs when that one comes back from sleep', async () => {
    const { manager, clock, session, context } = await withHandles();
    await session.terminate();
    await manager.createSession({ id: 's', config: SLEEPY });
    await clock.advance(100);
    expect(manager.stats().asleep).toBe(1);
    expect(await codeOf(context.get('by'))).toBe('SESSION_TERMINATED');
  });
});
