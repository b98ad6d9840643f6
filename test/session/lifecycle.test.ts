import { describe, expect, it } from 'vitest';
import type { HookContext } from '../../src/options.ts';
import { codeOf, failureOf, strays } from '../support/errors.ts';
import { gate } from '../support/gate.ts';
import { stateOf, turns } from '../support/turns.ts';
import { forever, stage } from './stage.ts';
import { storeUnderTest } from './stores.ts';

const STARTED = ['session_created', 'initializing→active'];
const FAILED = (message: string) => ['initializing→terminated', `gone (init_failed): ${message}`];

describe('a session that starts', () => {
  it('is active in the turn of its creation when there is no hook', async () => {
    const { manager, news } = stage();
    const session = await manager.createSession({ id: 's' });
    expect(news()).toEqual(STARTED);
    expect(await session.info()).toMatchObject({ status: 'active', restarts: 0 });
    expect(manager.stats().deadlines).toBe(0);
  });

  it('is initializing while its hook runs, with a deadline for it, and active when it has run', async () => {
    const hold = gate();
    const { manager, news } = stage({ hooks: { initialize: () => hold.promise } });
    const created = manager.createSession({ id: 's' });
    await turns();
    expect(news()).toEqual(['session_created']);
    expect(manager.stats()).toMatchObject({ deadlines: 1, sessions: { initializing: 1 } });
    hold.open();
    await created;
    expect(news()).toEqual(['initializing→active']);
    expect(manager.stats().deadlines).toBe(0);
  });

  it.each<[string, () => Promise<void>, string]>([
    ['an error', () => Promise.reject(new Error('no network')), 'no network'],
    ['a text', () => Promise.reject('no network'), 'no network'],
    ['nothing at all', () => Promise.reject(undefined), 'undefined was thrown'],
  ])(
    'ends when its hook rejects with %s: INITIALIZE_FAILED, and the id is free',
    async (_w, initialize, said) => {
      let failing = true;
      const { manager, news } = stage({ hooks: { initialize: () => (failing ? initialize() : undefined) } });
      const error = await failureOf(manager.createSession({ id: 's' }));
      expect(error).toMatchObject({ code: 'INITIALIZE_FAILED', sessionId: 's' });
      expect(error.message).toBe(`Session "s" could not start: ${said}`);
      expect(news()).toEqual(['session_created', ...FAILED(said)]);
      failing = false;
      await manager.createSession({ id: 's' });
      expect(news()).toEqual(STARTED);
    },
  );

  it('ends when its hook is over its time: TIMEOUT, the hook is told, and what it still does is lost', async () => {
    for (const settle of ['open', 'fail'] as const) {
      const hold = gate<void>();
      const signals: AbortSignal[] = [];
      const { manager, clock, news } = stage({
        timeouts: { initializeMs: 100 },
        hooks: {
          initialize: ({ signal }) => {
            signals.push(signal);
            return hold.promise;
          },
        },
      });
      const thrown = await strays(async () => {
        const created = codeOf(manager.createSession({ id: 's' }));
        await clock.advance(99);
        expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
        await clock.advance(1);
        expect(await created).toBe('TIMEOUT');
        expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
        const message = 'the initialize hook took longer than 100 ms (timeouts.initializeMs)';
        expect(news()).toEqual(['session_created', ...FAILED(message)]);
        hold[settle](undefined);
        await turns();
        expect(news()).toEqual([]);
      });
      expect(thrown).toEqual([]);
      expect(manager.stats()).toMatchObject({ deadlines: 0, pending: 0 });
    }
  });

  it('has no deadline when its hook may take for ever', async () => {
    const { manager } = stage({
      timeouts: { initializeMs: Number.POSITIVE_INFINITY },
      hooks: { initialize: forever },
    });
    const created = codeOf(manager.createSession({ id: 's' }));
    await turns();
    expect(manager.stats()).toMatchObject({ deadlines: 0, sessions: { initializing: 1 } });
    await manager.terminateSession('s');
    expect(await created).toBe('SESSION_TERMINATED');
  });

  it('ends with the signal of its create: ABORTED, with the reason of the signal', async () => {
    const { manager, news } = stage({ hooks: { initialize: forever } });
    const stop = new AbortController();
    const created = failureOf(manager.createSession({ id: 's', signal: stop.signal }));
    await turns();
    stop.abort('changed my mind');
    expect(await created).toMatchObject({ code: 'ABORTED', cause: 'changed my mind' });
    expect(news()).toEqual([
      'session_created',
      'initializing→terminated',
      expect.stringMatching(/^gone \(init_failed\): The call was aborted/),
    ]);
  });

  it.each([
    ['terminated', 'terminateSession', undefined, 'gone (normal)'],
    ['terminated for a reason', 'terminateSession', { reason: 'bored' }, 'gone (bored)'],
    ['killed', 'killSession', undefined, 'gone (killed)'],
    ['killed for a reason', 'killSession', new Error('in the way'), 'gone (killed): in the way'],
  ] as const)(
    'may be %s: create rejects SESSION_TERMINATED, the other call resolves',
    async (_w, call, argument, gone) => {
      const contexts: HookContext[] = [];
      const { manager, news } = stage({
        hooks: {
          initialize: (session) => {
            contexts.push(session);
            return forever();
          },
        },
      });
      const created = codeOf(manager.createSession({ id: 's' }));
      await turns();
      await manager[call]('s', argument as never);
      expect(await created).toBe('SESSION_TERMINATED');
      expect(contexts[0]?.signal.aborted).toBe(true);
      expect(news()).toEqual(['session_created', 'initializing→terminated', gone]);
      expect(await codeOf(manager.getSessionInfo('s'))).toBe('SESSION_NOT_FOUND');
    },
  );

  it('starts again in the next manager when the last one was closed meanwhile', async () => {
    const store = storeUnderTest();
    const first = stage({ store, hooks: { initialize: forever } });
    const created = codeOf(first.manager.createSession({ id: 's' }));
    await turns();
    await first.manager.close();
    expect(await created).toBe('MANAGER_CLOSED');

    const hold = gate();
    const second = stage({ store, hooks: { initialize: () => hold.promise } });
    expect(await second.manager.ready).toEqual({ recovered: 1, quarantined: [] });
    expect(await second.manager.getSessionInfo('s')).toMatchObject({ status: 'initializing', restarts: 0 });
    const sent = second.manager.sendMessage('s', 'user', 'waits');
    expect(await stateOf(sent)).toBe('pending');
    hold.open();
    expect((await sent).id).toBe('s:1');
    expect(second.news()).toEqual(['initializing→active', 'conversation_added']);
  });

  it('that was started again fails for those who wait: INITIALIZE_FAILED for a write, gone for the rest', async () => {
    const store = storeUnderTest();
    const first = stage({ store, hooks: { initialize: forever } });
    first.manager.createSession({ id: 's' }).catch(() => {});
    await turns();
    await first.manager.close();
    const hold = gate();
    const { manager, news } = stage({ store, hooks: { initialize: () => hold.promise } });
    const sent = failureOf(manager.sendMessage('s', 'user', 'waits'));
    await turns();
    hold.fail(new Error('still no network'));
    expect(await sent).toMatchObject({ code: 'INITIALIZE_FAILED', sessionId: 's' });
    expect((await sent).cause).toMatchObject({ code: 'INITIALIZE_FAILED' });
    expect(news()).toEqual(FAILED('still no network'));
    expect(store.appended.at(-1)?.type).toBe('session_terminated');
  });
});
