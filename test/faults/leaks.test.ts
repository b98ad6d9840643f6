import { describe, expect, it } from 'vitest';
import { createSessionManager, memoryStore } from '../../src/index.ts';
import { watchedAgent } from '../support/agents.ts';
import { testClock } from '../support/clock.ts';
import { heapBytes } from '../support/heap.ts';
import { atRest } from '../support/leaks.ts';

describe('lifecycle faults: leaks', () => {
  it('10,000 create and terminate cycles leave heap, timers, listeners and topics flat', async () => {
    const clock = testClock();
    await using manager = createSessionManager({
      clock,
      store: memoryStore({ retainEvents: 100 }),
      sessionDefaults: { idleAfterMs: 60_000, terminateAfterMs: 600_000 },
    });
    const cycle = async (i: number) => {
      const id = `session-${i}`;
      const stop = manager.subscribeToSession(id, () => {});
      const stream = manager.session(id).events();
      const session = await manager.createSession({ id, metadata: { i } });
      await session.send('user', `message ${i}`, { idempotencyKey: `k${i}` });
      await session.context.addFile(`f${i}`);
      await session.cache.cacheFile('f', 'F');
      await session.terminate();
      stop();
      await stream.return?.();
    };
    for (let i = 0; i < 1_000; i++) await cycle(i);
    const before = await heapBytes();
    for (let i = 1_000; i < 11_000; i++) await cycle(i);
    const growth = (await heapBytes()) - before;
    expect(growth / 10_000).toBeLessThan(60); // bytes a cycle; one forgotten map entry is more
    expect(manager.stats()).toMatchObject(atRest());
    expect(clock.pending).toBe(0);
  }, 60_000);

  it('subscriptions that are taken and given back 10,000 times leave nothing', async () => {
    await using manager = createSessionManager();
    const before = await heapBytes();
    for (let i = 0; i < 10_000; i++) {
      const controller = new AbortController();
      manager.subscribeToSession(`s${i}`, () => {})();
      manager.subscribeToAllSessions(() => {}, { signal: controller.signal });
      manager.events({ sessionId: `s${i}`, signal: controller.signal });
      controller.abort();
    }
    expect(((await heapBytes()) - before) / 10_000).toBeLessThan(60);
    expect(manager.stats()).toMatchObject(atRest());
  });

  it('a long-lived signal is not held on to by the subscriptions it once had', async () => {
    await using manager = createSessionManager();
    let added = 0;
    const controller = new AbortController();
    const { signal } = controller;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    Object.assign(signal, {
      addEventListener: (...args: Parameters<typeof add>) => {
        added++;
        add(...args);
      },
      removeEventListener: (...args: Parameters<typeof remove>) => {
        added--;
        remove(...args);
      },
    });
    for (let i = 0; i < 10; i++) {
      manager.subscribeToAllSessions(() => {}, { signal })();
      await manager.events({ signal }).return?.();
      const session = await manager.createSession({ signal });
      await session.send('user', 'x', { signal });
      await session.terminate({ signal });
    }
    expect(added).toBe(0);
  });

  it('1,000 crashes and kills leave no agent, timer or waiting call', async () => {
    const [clock, agent] = [testClock(), watchedAgent()];
    await using manager = createSessionManager({
      clock,
      agent: agent.logic,
      sessionDefaults: { idleAfterMs: 1_000 },
    });
    for (let i = 0; i < 1_000; i++) {
      const session = await manager.createSession();
      await session.dispatch({ type: 'x' });
      await session.kill();
    }
    expect(agent.live()).toEqual([]);
    expect(manager.stats()).toMatchObject(atRest());
    expect(clock.pending).toBe(0);
  });
});
