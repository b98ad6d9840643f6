import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../../src/store/memory.ts';
import { fragileAgent, watchedAgent } from '../../support/agents.ts';
import { codeOf } from '../../support/errors.ts';
import { gate } from '../../support/gate.ts';
import { stateOf, turns } from '../../support/turns.ts';
import { forever, type Stage, stage } from '../stage.ts';
import { storeUnderTest } from '../stores.ts';

const STARTED = ['session_created', 'initializing→active'];
const ENDED = ['active→terminating', 'terminating→terminated'];
const CRASH = 'crashed, restarting: the agent hit a mine';
const AGAIN = ['terminated→initializing', 'initializing→active'];
const transient = { restart: 'transient' } as const;

async function crash({ manager }: Stage, id = 's') {
  await manager
    .session(id)
    .dispatch({ type: 'boom' })
    .catch(() => {});
  await turns();
}

/** A hook that succeeds at the first start, and afterwards does what it is told. */
function failingRestarts(restart: () => unknown) {
  let starts = 0;
  return {
    get starts() {
      return starts;
    },
    initialize: async () => {
      starts += 1;
      if (starts > 1) await restart();
    },
  };
}

describe('a restart that fails', () => {
  const noNetwork = () => Promise.reject(new Error('no network'));

  it('is one more failure, and is tried again until the limit: then the session ends, and the manager hears of it', async () => {
    const hook = failingRestarts(noNetwork);
    const on = stage({
      agent: fragileAgent,
      supervision: { ...transient, maxRestarts: 2 },
      hooks: { initialize: hook.initialize },
    });
    await on.manager.createSession({ id: 's' });
    await crash(on);
    expect(on.news()).toEqual([
      ...STARTED,
      CRASH,
      ...ENDED,
      'terminated→initializing',
      'crashed, restarting: no network',
      'initializing→terminated',
      'terminated→initializing',
      'crashed, for good: no network',
      'initializing→terminated',
      'gone (init_failed): no network',
    ]);
    expect(hook.starts).toBe(3);
    expect(on.logged.map(([message]) => message)).toEqual([
      'chartroom: session "s" used up its restarts and ends.',
    ]);
    expect(on.manager.stats()).toMatchObject({ deadlines: 0, pending: 0 });
  });

  it('pauses in initializing: writes wait for it, a kill leaves it, and the attempt after it may succeed', async () => {
    let network = false;
    const hook = failingRestarts(() => (network ? undefined : noNetwork()));
    const on = stage({
      agent: fragileAgent,
      supervision: { ...transient, backoffMs: 100 },
      hooks: { initialize: hook.initialize },
    });
    const session = await on.manager.createSession({ id: 's' });
    await crash(on);
    await on.clock.advance(100);
    expect(await session.info()).toMatchObject({ status: 'initializing', restarts: 1 });
    expect(hook.starts).toBe(2);
    on.news();
    const sent = session.send('user', 'waits');
    await session.kill();
    await on.clock.advance(99);
    expect([on.news(), await stateOf(sent)]).toEqual([[], 'pending']);
    network = true;
    await on.clock.advance(1);
    expect(on.news()).toEqual(['initializing→terminated', ...AGAIN, 'conversation_added']);
    expect((await sent).id).toBe('s:1');
    expect(await session.info()).toMatchObject({ status: 'active', restarts: 2 });
  });

  it('goes on after a reopen in its pause: the next attempt follows, in a life of its own', async () => {
    const hook = failingRestarts(noNetwork);
    const store = memoryStore();
    const supervision = { ...transient, backoffMs: 100 };
    const on = stage({ store, agent: fragileAgent, supervision, hooks: { initialize: hook.initialize } });
    await on.manager.createSession({ id: 's' });
    await crash(on);
    await on.clock.advance(100);
    await on.manager.close();
    const next = stage({ store, agent: fragileAgent, supervision });
    await next.manager.ready;
    expect((await next.manager.getSessionInfo('s')).status).toBe('initializing');
    await next.clock.advance(100);
    expect(next.news()).toEqual(['initializing→terminated', ...AGAIN]);
    expect(await next.manager.getSessionInfo('s')).toMatchObject({ status: 'active', restarts: 2 });
  });

  it('is over when the session is terminated in its pause: what waited is told', async () => {
    const hook = failingRestarts(noNetwork);
    const on = stage({
      agent: fragileAgent,
      supervision: { ...transient, backoffMs: 100 },
      hooks: { initialize: hook.initialize },
    });
    const session = await on.manager.createSession({ id: 's' });
    await crash(on);
    await on.clock.advance(100);
    on.news();
    const sent = codeOf(session.send('user', 'waits'));
    await session.terminate();
    expect(await sent).toBe('SESSION_TERMINATED');
    expect(on.news()).toEqual(['initializing→terminated', 'gone (normal)']);
    expect(on.manager.stats()).toMatchObject({ deadlines: 0, pending: 0 });
  });

  it('by a kill counts as a kill: the hook is told, and the next attempt follows', async () => {
    const signals: AbortSignal[] = [];
    let starts = 0;
    const on = stage({
      supervision: transient,
      hooks: {
        initialize: ({ signal }) => {
          starts += 1;
          signals.push(signal);
          return starts === 2 ? forever() : undefined;
        },
      },
    });
    const session = await on.manager.createSession({ id: 's' });
    await session.kill();
    await turns();
    on.news();
    await session.kill(new Error('hangs'));
    await turns();
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, true, false]);
    expect(on.news()).toEqual(['crashed, restarting: hangs', 'initializing→terminated', ...AGAIN]);
  });

  it('by a kill tells its hook at once, though the next attempt has to wait', async () => {
    const signals: AbortSignal[] = [];
    const on = stage({
      supervision: { ...transient, backoffMs: 100 },
      hooks: {
        initialize: ({ signal }) => {
          signals.push(signal);
          return signals.length > 1 ? forever() : undefined;
        },
      },
    });
    const session = await on.manager.createSession({ id: 's' });
    await session.kill();
    await on.clock.advance(100);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
    await session.kill();
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, true]);
    expect(await session.info()).toMatchObject({ status: 'initializing', restarts: 1 });
    expect(on.manager.stats().deadlines).toBe(1);
  });

  it('under a policy that has become temporary is the end, without an escalation', async () => {
    for (const how of ['fails', 'is killed'] as const) {
      const store = storeUnderTest();
      const first = stage({
        store,
        supervision: transient,
        hooks: { initialize: failingRestarts(forever).initialize },
      });
      await (await first.manager.createSession({ id: 's' })).kill();
      await turns();
      await first.manager.close();

      const hold = gate();
      const second = stage({ store, hooks: { initialize: () => hold.promise } });
      expect(await second.manager.getSessionInfo('s')).toMatchObject({ status: 'initializing', restarts: 1 });
      if (how === 'fails') hold.fail(new Error('no network'));
      else await second.manager.killSession('s');
      await turns();
      expect(second.news()).toEqual(
        how === 'fails'
          ? ['crashed, for good: no network', 'initializing→terminated', 'gone (init_failed): no network']
          : ['initializing→terminated', expect.stringMatching(/^gone \(killed\)/)],
      );
      expect(second.logged).toEqual([]);
    }
  });
});

describe('the limit of restarts', () => {
  it('holds for kills: the one too many ends the session, and the manager hears of it once', async () => {
    const on = stage({ supervision: { ...transient, maxRestarts: 1 } });
    const session = await on.manager.createSession({ id: 's' });
    await session.kill();
    on.news();
    await session.kill(new Error('again'));
    expect(on.news()).toEqual([...ENDED, 'gone (killed): again']);
    expect(on.logged.map(([message]) => message)).toEqual([
      'chartroom: session "s" used up its restarts and ends.',
    ]);
  });

  it('of none is no restart: a crash is escalated at once', async () => {
    const on = stage({ agent: fragileAgent, supervision: { restart: 'permanent', maxRestarts: 0 } });
    await on.manager.createSession({ id: 's' });
    on.news();
    await crash(on);
    expect(on.news()).toEqual([
      'crashed, for good: the agent hit a mine',
      ...ENDED,
      'gone (crashed): the agent hit a mine',
    ]);
    expect(on.logged).toHaveLength(1);
  });

  it('leaves every other session its own', async () => {
    const agent = watchedAgent();
    const on = stage({ agent: agent.logic, supervision: { ...transient, maxRestarts: 1 } });
    for (const id of ['s', 't']) await on.manager.createSession({ id });
    await on.manager.killSession('s');
    await on.manager.killSession('t');
    expect(on.manager.stats().sessions.active).toBe(2);
    await on.manager.killSession('s');
    expect((await on.manager.listSessions()).map(({ id, restarts }) => [id, restarts])).toEqual([['t', 1]]);
    expect(agent.live()).toHaveLength(1);
  });
});
