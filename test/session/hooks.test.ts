import { describe, expect, it } from 'vitest';
import type { SessionCache, SessionContext } from '../../src/client.ts';
import { Guard } from '../../src/guard.ts';
import { createSessionManager } from '../../src/index.ts';
import type { HookContext } from '../../src/options.ts';
import { SessionEntry } from '../../src/session/entry.ts';
import { Hooks } from '../../src/session/hooks.ts';
import { applyFact } from '../../src/session/state.ts';
import { fragileAgent } from '../support/agents.ts';
import { codeOf } from '../support/errors.ts';
import { type Gate, gate } from '../support/gate.ts';
import { turns, until } from '../support/turns.ts';
import { factWriter } from './facts.ts';

/** Hooks over one entry, and for each run of one whether its context may still write. */
function desk() {
  const entry = new SessionEntry(applyFact(undefined, factWriter('s').created()), 0);
  const windows: Array<() => boolean> = [];
  const context = {} as SessionContext;
  const cache = {} as SessionCache;
  const hooks = new Hooks(new Guard(undefined), {
    during(of, open) {
      expect(of).toBe(entry);
      windows.push(open);
      return { context, cache };
    },
  });
  return { entry, hooks, windows, context, cache };
}

describe('running a hook', () => {
  it('gives it the session, a live signal and the means to use it, frozen', async () => {
    const { entry, hooks, context, cache } = desk();
    let given: HookContext | undefined;
    await hooks.run(entry, 'initialize', (session) => {
      given = session;
    });
    expect(given).toEqual({
      id: 's',
      metadata: entry.state.metadata,
      llmConfig: entry.state.llmConfig,
      signal: expect.any(AbortSignal),
      context,
      cache,
    });
    expect(given?.signal.aborted).toBe(false);
    expect(Object.isFrozen(given)).toBe(true);
  });

  it.each(['initialize', 'cleanup'] as const)(
    'keeps its window open until it has settled: %s',
    async (kind) => {
      const { entry, hooks, windows } = desk();
      const hold = gate();
      const done = hooks.run(entry, kind, () => hold.promise);
      expect(windows[0]?.()).toBe(true);
      expect(entry.hook).toMatchObject({ kind });
      hold.open();
      await done;
      expect(windows[0]?.()).toBe(false);
      expect(entry.hook).toBeUndefined();
    },
  );

  it.each([
    ['throws', () => Promise.reject(new Error('boom'))],
    [
      'rejects',
      () => {
        throw new Error('boom');
      },
    ],
  ])('rejects with what it threw when it %s, and closes its window', async (_how, hook) => {
    const { entry, hooks, windows } = desk();
    await expect(hooks.run(entry, 'cleanup', hook)).rejects.toThrow('boom');
    expect(windows[0]?.()).toBe(false);
    expect(entry.hook).toBeUndefined();
  });
});

describe('aborting a hook', () => {
  it('tells its signal and closes its window at once, whatever the hook goes on to do', async () => {
    const { entry, hooks, windows } = desk();
    const hold = gate();
    const signals: AbortSignal[] = [];
    const done = hooks.run(entry, 'initialize', ({ signal }) => {
      signals.push(signal);
      return hold.promise;
    });
    hooks.abort(entry);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(windows[0]?.()).toBe(false);
    expect(entry.hook).toBeUndefined();
    hold.open();
    await done;
    expect(entry.hook).toBeUndefined();
  });

  it('that has settled, or that never was, does nothing', async () => {
    const { entry, hooks } = desk();
    hooks.abort(entry);
    const signals: AbortSignal[] = [];
    await hooks.run(entry, 'initialize', ({ signal }) => void signals.push(signal));
    hooks.abort(entry);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  });

  it('leaves the next one alone: the end of the old one does not close the window of the new', async () => {
    const { entry, hooks, windows } = desk();
    const [first, second] = [gate(), gate()];
    const old = hooks.run(entry, 'initialize', () => first.promise);
    hooks.abort(entry);
    const present = hooks.run(entry, 'cleanup', () => second.promise);
    first.open();
    await old;
    expect(windows.map((open) => open())).toEqual([false, true]);
    expect(entry.hook).toMatchObject({ kind: 'cleanup' });
    second.open();
    await present;
  });
});

describe('the context of a hook', () => {
  it('belongs to its incarnation: after the hook it is as good as a handle, after a restart it is dead', async () => {
    const contexts: HookContext[] = [];
    const manager = createSessionManager({
      agent: fragileAgent,
      logger: {},
      supervision: { restart: 'transient' },
      hooks: { initialize: (session) => void contexts.push(session) },
    });
    const session = await manager.createSession({ id: 's' });
    const [first] = contexts;
    await first?.context.put('after the hook', true);
    expect(await session.context.get('after the hook')).toBe(true);

    await session.dispatch({ type: 'boom' }).catch(() => {});
    await until(() => contexts.length === 2);
    await turns();
    expect(await session.info()).toMatchObject({ status: 'active', restarts: 1 });
    for (const call of [
      () => first?.context.put('late', true),
      () => first?.context.history(),
      () => first?.context.addMessage('user', 'late'),
      () => first?.cache.cacheFile('late', ''),
      () => first?.cache.getFile('late'),
    ])
      expect(await codeOf(Promise.resolve(call()))).toBe('SESSION_TERMINATED');
    await contexts[1]?.context.put('by the second', true);
    expect(await session.context.keys()).toEqual(['after the hook', 'by the second']);
    await manager.close();
  });

  it('writes while its session is initializing, and not once it was aborted', async () => {
    const hold = gate();
    let late: Promise<void> | undefined;
    const manager = createSessionManager({
      hooks: {
        async initialize({ id, context }) {
          await context.put('early', id);
          if (id === 'slow') {
            await hold.promise;
            late = context.put('late', true);
            await late;
          }
        },
      },
    });
    const quick = await manager.createSession({ id: 'quick' });
    expect(await quick.context.get('early')).toBe('quick');
    const slow = codeOf(manager.createSession({ id: 'slow' }));
    await turns();
    await manager.terminateSession('slow');
    expect(await slow).toBe('SESSION_TERMINATED');
    const second = await manager.getOrCreateSession('slower');
    hold.open();
    await turns();
    expect(await codeOf(late ?? Promise.resolve())).toBe('SESSION_TERMINATED');
    expect(await second.session.context.keys()).toEqual(['early']);
    await manager.close();
  });

  it('of a cleanup writes while it runs, and is dead when the time for it is over', async () => {
    const hold: Gate = gate();
    const contexts: HookContext[] = [];
    const manager = createSessionManager({
      hooks: {
        async cleanup(session) {
          contexts.push(session);
          await session.context.put('cleaned', true);
          await hold.promise;
        },
      },
    });
    const session = await manager.createSession({ id: 's' });
    const ending = session.terminate();
    await turns();
    expect(await session.context.get('cleaned')).toBe(true);
    await session.kill();
    await ending;
    const [cleanup] = contexts;
    expect(cleanup?.signal.aborted).toBe(true);
    expect(await codeOf(cleanup?.context.put('late', 1) ?? Promise.resolve())).toBe('SESSION_TERMINATED');
    const again = await manager.createSession({ id: 's' });
    expect(await codeOf(cleanup?.context.put('late', 1) ?? Promise.resolve())).toBe('SESSION_TERMINATED');
    expect(await again.context.keys()).toEqual([]);
    hold.open();
    await manager.close();
  });
});
