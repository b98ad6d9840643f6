import { describe, expect, it } from 'vitest';
import { fragileAgent, watchedAgent } from '../../support/agents.ts';
import { codeOf } from '../../support/errors.ts';
import { gate } from '../../support/gate.ts';
import { stateOf, turns } from '../../support/turns.ts';
import { forever, stage } from '../stage.ts';
import { storeUnderTest } from '../stores.ts';

const STARTED = ['session_created', 'initializing→active'];
const ENDED = ['active→terminating', 'terminating→terminated'];

describe('a termination', () => {
  it('without a hook is over in one turn, for the reason normal or the one it was given', async () => {
    const { manager, news } = stage();
    await (await manager.createSession({ id: 's' })).terminate();
    expect(news()).toEqual([...STARTED, ...ENDED, 'gone (normal)']);
    await (await manager.createSession({ id: 's' })).terminate({ reason: 'done with it' });
    expect(news()).toEqual([...STARTED, ...ENDED, 'gone (done with it)']);
  });

  it('waits for the cleanup, and counts as pending while it does', async () => {
    const hold = gate();
    const { manager, news } = stage({ hooks: { cleanup: () => hold.promise } });
    const session = await manager.createSession({ id: 's' });
    news();
    const [first, second] = [session.terminate({ reason: 'first' }), session.terminate({ reason: 'second' })];
    expect([await stateOf(first), await stateOf(second)]).toEqual(['pending', 'pending']);
    expect(manager.stats()).toMatchObject({ pending: 2, deadlines: 1, sessions: { terminating: 1 } });
    hold.open();
    await Promise.all([first, second]);
    expect(news()).toEqual([...ENDED, 'gone (first)']);
    expect(manager.stats()).toMatchObject({ pending: 0, deadlines: 0 });
  });

  it('tells in its end what the cleanup threw, and the logger too', async () => {
    const on = stage({ hooks: { cleanup: () => Promise.reject(new Error('no broom')) } });
    await (await on.manager.createSession({ id: 's' })).terminate();
    expect(on.news().at(-1)).toBe('gone (normal): no broom');
    expect(on.logged).toEqual([['chartroom: the cleanup hook of session "s" threw.', new Error('no broom')]]);
  });

  it('of a crash keeps the crash for its error, whatever the cleanup throws', async () => {
    const on = stage({
      agent: fragileAgent,
      hooks: { cleanup: () => Promise.reject(new Error('no broom')) },
    });
    const session = await on.manager.createSession({ id: 's' });
    on.news();
    await codeOf(session.dispatch({ type: 'boom' }));
    await turns();
    expect(on.news()).toEqual([
      'crashed, for good: the agent hit a mine',
      ...ENDED,
      'gone (crashed): the agent hit a mine',
    ]);
  });

  it.each([
    ['terminateMs of the options', {}, 100],
    ['timeoutMs of the call', { timeoutMs: 30 }, 30],
    ['no time at all', { timeoutMs: 0 }, 0],
  ])('is forced after %s: the hook is told, the reason is timeout', async (_what, options, ms) => {
    const signals: AbortSignal[] = [];
    const on = stage({
      timeouts: { terminateMs: 100 },
      hooks: {
        cleanup: ({ signal }) => {
          signals.push(signal);
          return forever();
        },
      },
    });
    const session = await on.manager.createSession({ id: 's' });
    on.news();
    const ended = session.terminate(options);
    if (ms > 0) {
      await on.clock.advance(ms - 1);
      expect(on.news()).toEqual(['active→terminating']);
    }
    await on.clock.advance(ms > 0 ? 1 : 0);
    await ended;
    expect(on.news().slice(-2)).toEqual(['terminating→terminated', 'gone (timeout)']);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it('of a crash that is forced stays a crash', async () => {
    const on = stage({
      agent: fragileAgent,
      timeouts: { terminateMs: 100 },
      hooks: { cleanup: forever },
    });
    const session = await on.manager.createSession({ id: 's' });
    await codeOf(session.dispatch({ type: 'boom' }));
    on.news();
    await on.clock.advance(100);
    expect(on.news()).toEqual(['terminating→terminated', 'gone (crashed): the agent hit a mine']);
  });

  it('is not forced when cleanup may take for ever', async () => {
    const hold = gate();
    const on = stage({
      timeouts: { terminateMs: Number.POSITIVE_INFINITY },
      hooks: { cleanup: () => hold.promise },
    });
    const session = await on.manager.createSession({ id: 's' });
    const ended = session.terminate();
    await on.clock.advance(1e9);
    expect(await stateOf(ended)).toBe('pending');
    expect(on.manager.stats().deadlines).toBe(0);
    hold.open();
    await ended;
    expect(on.news().at(-1)).toBe('gone (normal)');
  });

  it('goes on in the next manager, with its cleanup, for the reason it had', async () => {
    const store = storeUnderTest();
    const first = stage({ store, hooks: { cleanup: forever } });
    const session = await first.manager.createSession({ id: 's' });
    const ended = codeOf(session.terminate({ reason: 'done with it' }));
    await turns();
    await first.manager.close();
    expect(await ended).toBe('MANAGER_CLOSED');
    const cleaned: string[] = [];
    const second = stage({ store, hooks: { cleanup: ({ id }) => void cleaned.push(id) } });
    await second.manager.ready;
    await turns();
    expect(second.news()).toEqual(['terminating→terminated', 'gone (done with it)']);
    expect(cleaned).toEqual(['s']);
  });
});

describe('a kill', () => {
  it('of a running session ends it at once, without cleanup, and keeps the reason as its error', async () => {
    const cleaned: string[] = [];
    const on = stage({ hooks: { cleanup: ({ id }) => void cleaned.push(id) } });
    await (await on.manager.createSession({ id: 's' })).kill();
    expect(on.news().slice(2)).toEqual([...ENDED, 'gone (killed)']);
    await (await on.manager.createSession({ id: 's' })).kill('in the way');
    expect(on.news().slice(2)).toEqual([...ENDED, 'gone (killed): in the way']);
    expect(cleaned).toEqual([]);
  });

  it('of a terminating one cuts its cleanup short, and the terminate resolves', async () => {
    const signals: AbortSignal[] = [];
    const on = stage({
      hooks: {
        cleanup: ({ signal }) => {
          signals.push(signal);
          return forever();
        },
      },
    });
    const session = await on.manager.createSession({ id: 's' });
    const ended = session.terminate();
    await turns();
    on.news();
    await session.kill(new Error('enough'));
    await ended;
    expect(on.news()).toEqual(['terminating→terminated', 'gone (killed): enough']);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(on.manager.stats()).toMatchObject({ deadlines: 0, pending: 0 });
  });

  it('of one that ends of a crash keeps the crash for its error when it brings none', async () => {
    const on = stage({ agent: fragileAgent, hooks: { cleanup: forever } });
    const session = await on.manager.createSession({ id: 's' });
    await codeOf(session.dispatch({ type: 'boom' }));
    on.news();
    await session.kill();
    expect(on.news()).toEqual([
      'terminating→terminated',
      expect.stringMatching(/^gone \((crashed|killed)\): the agent hit a mine$/),
    ]);
  });

  it('of one that a recovery found terminating ends it, and nothing of it is left', async () => {
    const store = storeUnderTest();
    const first = stage({ store, hooks: { cleanup: forever } });
    const session = await first.manager.createSession({ id: 's' });
    session.terminate().catch(() => {});
    await turns();
    await first.manager.close();
    const second = stage({ store, hooks: { cleanup: forever } });
    await second.manager.killSession('s');
    expect(second.news()).toEqual(['terminating→terminated', 'gone (killed)']);
    await second.manager.close();
    expect(await stage({ store }).manager.ready).toMatchObject({ recovered: 0 });
  });
});

describe('closing the manager', () => {
  it('lets go of everything a session holds, and tells everybody who waits', async () => {
    const agent = watchedAgent();
    const signals: AbortSignal[] = [];
    const on = stage({
      agent: agent.logic,
      hooks: {
        initialize: ({ id, signal }) => {
          if (id !== 'starting') return;
          signals.push(signal);
          return forever();
        },
        cleanup: ({ signal }) => {
          signals.push(signal);
          return forever();
        },
      },
    });
    const session = await on.manager.createSession({ id: 's' });
    const running = await on.manager.createSession({ id: 'running' });
    const calls = [
      on.manager.createSession({ id: 'starting' }),
      on.manager.sendMessage('starting', 'user', 'waits'),
      on.manager.getOrCreateSession('starting'),
      session.terminate(),
      session.terminate(),
    ].map(codeOf);
    await turns();
    await on.manager.close();
    expect(await Promise.all(calls)).toEqual(Array(5).fill('MANAGER_CLOSED'));
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    expect(agent.of('running').input.signal.aborted).toBe(true);
    expect(agent.live()).toEqual([]);
    expect(await codeOf(running.info())).toBe('MANAGER_CLOSED');
    expect(on.clock.pending).toBe(0);
  });
});
