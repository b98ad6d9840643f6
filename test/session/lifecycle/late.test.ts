import { describe, expect, it } from 'vitest';
import { promiseAgent } from '../../support/agents.ts';
import { codeOf } from '../../support/errors.ts';
import { gate } from '../../support/gate.ts';
import { turns } from '../../support/turns.ts';
import { forever, type Stage, stage } from '../stage.ts';
import { storeUnderTest } from '../stores.ts';

const ENDED = ['active→terminating', 'terminating→terminated'];

/** Keeps the journal busy with another session while `ask` asks: all of it is decided afterwards, in that order. */
async function whileBusy({ manager }: Stage, store: ReturnType<typeof storeUnderTest>, ask: () => unknown) {
  const held = store.hold();
  const busy = manager.sendMessage('other', 'user', 'keeps the journal busy');
  await ask();
  held.open();
  await busy;
  await turns();
  expect(store.misplaced).toEqual([]);
}

describe('what is asked of a session that meanwhile has moved on changes nothing', () => {
  const busyStage = async (options: Parameters<typeof stage>[0]) => {
    const store = storeUnderTest();
    const on = stage({ store, ...options });
    await on.manager.createSession({ id: 'other' });
    return { on, store };
  };

  it('by the deadline of a start, when the session was killed', async () => {
    const { on, store } = await busyStage({
      timeouts: { initializeMs: 100 },
      hooks: { initialize: ({ id }) => (id === 's' ? forever() : undefined) },
    });
    const created = codeOf(on.manager.createSession({ id: 's' }));
    await turns();
    await whileBusy(on, store, async () => {
      await on.clock.advance(100);
      on.manager.killSession('s').catch(() => {});
    });
    expect(on.news()).toEqual(['session_created', 'initializing→terminated', 'gone (killed)']);
    expect(await created).toBe('SESSION_TERMINATED');
  });

  it('by a signal, when the session was killed', async () => {
    const { on, store } = await busyStage({
      hooks: { initialize: ({ id }) => (id === 's' ? forever() : undefined) },
    });
    const stop = new AbortController();
    const created = codeOf(on.manager.createSession({ id: 's', signal: stop.signal }));
    await turns();
    await whileBusy(on, store, () => {
      on.manager.killSession('s').catch(() => {});
      stop.abort();
    });
    expect(on.news()).toEqual(['session_created', 'initializing→terminated', 'gone (killed)']);
    expect(await created).toBe('SESSION_TERMINATED');
  });

  it('by inactivity, when the session was killed', async () => {
    const { on, store } = await busyStage({});
    await on.manager.createSession({ id: 's', config: { idleAfterMs: 50, terminateAfterMs: 100 } });
    on.news();
    await whileBusy(on, store, async () => {
      await on.clock.advance(100);
      on.manager.killSession('s').catch(() => {});
    });
    expect(on.news()).toEqual([...ENDED, 'gone (killed)']);
  });

  it('by the deadline of a cleanup, when the session was killed', async () => {
    const { on, store } = await busyStage({ timeouts: { terminateMs: 100 }, hooks: { cleanup: forever } });
    const session = await on.manager.createSession({ id: 's' });
    const ended = session.terminate();
    await turns();
    on.news();
    await whileBusy(on, store, async () => {
      await on.clock.advance(100);
      on.manager.killSession('s').catch(() => {});
    });
    expect(on.news()).toEqual(['terminating→terminated', 'gone (killed)']);
    await ended;
  });

  it('by any deadline, when its session had ended before its turn came', async () => {
    const { on, store } = await busyStage({
      timeouts: { initializeMs: 100, terminateMs: 100 },
      hooks: { initialize: ({ id }) => (id === 'starting' ? forever() : undefined), cleanup: forever },
    });
    const starting = codeOf(on.manager.createSession({ id: 'starting' }));
    const ending = await on.manager.createSession({ id: 'ending' });
    ending.terminate().catch(() => {});
    await on.manager.createSession({ id: 'asleep', config: { idleAfterMs: 1, terminateAfterMs: 100 } });
    await turns();
    await whileBusy(on, store, async () => {
      for (const id of ['starting', 'ending', 'asleep']) on.manager.killSession(id).catch(() => {});
      await on.clock.advance(100);
    });
    for (const id of ['starting', 'ending', 'asleep']) expect(on.news(id).at(-1)).toBe('gone (killed)');
    expect(await starting).toBe('SESSION_TERMINATED');
    expect(on.manager.stats()).toMatchObject({ deadlines: 0, pending: 0 });
  });

  it('by a cleanup that had not begun when the session was killed: it never runs', async () => {
    const cleaned: string[] = [];
    const { on, store } = await busyStage({ hooks: { cleanup: ({ id }) => void cleaned.push(id) } });
    await on.manager.createSession({ id: 's' });
    on.news();
    await whileBusy(on, store, () => {
      on.manager.terminateSession('s').catch(() => {});
      on.manager.killSession('s').catch(() => {});
    });
    expect([on.news(), cleaned]).toEqual([[...ENDED, 'gone (killed)'], []]);
  });

  it('by the end of the pause before a restart, when the session was terminated', async () => {
    const { on, store } = await busyStage({ supervision: { restart: 'transient', backoffMs: 100 } });
    const session = await on.manager.createSession({ id: 's' });
    await session.kill();
    on.news();
    await whileBusy(on, store, async () => {
      await on.clock.advance(100);
      on.manager.terminateSession('s').catch(() => {});
    });
    expect(on.news()).toEqual(['terminating→terminated', 'gone (killed)']);
  });

  it('by an agent that fails or completes, when the session was killed', async () => {
    for (const settle of ['open', 'fail'] as const) {
      const outcome = gate<unknown>();
      const { on, store } = await busyStage({
        agent: promiseAgent(({ session }) => (session.id === 's' ? outcome.promise : forever())),
        supervision: { restart: 'permanent', maxRestarts: 0 },
      });
      await on.manager.createSession({ id: 's' });
      on.news();
      await whileBusy(on, store, async () => {
        on.manager.killSession('s').catch(() => {});
        outcome[settle](new Error('too late'));
        await turns();
      });
      expect(on.news()).toEqual([...ENDED, 'gone (killed)']);
    }
  });

  it('by a hook of a restart that was killed before it began: that attempt never runs', async () => {
    const hooks: number[] = [];
    const on = stage({
      supervision: { restart: 'transient', maxRestarts: 9 },
      hooks: {
        initialize: async ({ id }) => {
          hooks.push((await on.manager.getSessionInfo(id)).restarts);
        },
      },
    });
    await on.manager.createSession({ id: 's' });
    let kills = 0;
    on.manager.subscribeToSession('s', (event) => {
      const terminating = event.type === 'session_status' && event.status === 'terminating';
      if (!terminating || kills > 0) return;
      kills += 1;
      // Its turn comes after the restart is committed, and before the hook of that attempt.
      on.manager.killSession('s').catch(() => {});
    });
    await on.manager.killSession('s');
    await turns();
    expect(await on.manager.getSessionInfo('s')).toMatchObject({ status: 'active', restarts: 2 });
    expect(hooks).toEqual([0, 2]);
  });

  it('by a second terminate that waited for its turn until the session was gone: it resolves', async () => {
    const { on, store } = await busyStage({});
    await on.manager.createSession({ id: 's' });
    on.news();
    const calls: Array<Promise<void>> = [];
    await whileBusy(on, store, () => {
      calls.push(on.manager.killSession('s'), on.manager.terminateSession('s'), on.manager.killSession('s'));
    });
    await Promise.all(calls);
    expect(on.news()).toEqual([...ENDED, 'gone (killed)']);
  });
});
