import { afterEach, describe, expect, it } from 'vitest';
import { createSessionManager as create } from '../../src/index.ts';
import type { SessionManagerOptions } from '../../src/options.ts';
import { fragileAgent, watchedAgent } from '../support/agents.ts';
import { testClock } from '../support/clock.ts';
import { codeOf } from '../support/errors.ts';
import { collect, ENDED } from '../support/events.ts';
import { atRest } from '../support/leaks.ts';
import { turns } from '../support/turns.ts';

const opened: Array<{ close(): Promise<void> }> = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((manager) => manager.close()));
});
function createSessionManager(options?: SessionManagerOptions) {
  const manager = create(options);
  opened.push(manager);
  return manager;
}
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('what went wrong in the system before this one, and must not happen here:', () => {
  it('1. a killed session does not stay listed as active without a process', async () => {
    const agent = watchedAgent();
    const manager = createSessionManager({ agent: agent.logic });
    const session = await manager.createSession();
    const seen = collect(manager);
    await session.kill();
    expect(await manager.listSessions()).toEqual([]);
    expect(agent.live()).toEqual([]);
    expect(seen.steps()).toEqual(ENDED);
  });

  it('2. terminating a session while it crashes does not take the manager down, in 500 tries', async () => {
    const manager = createSessionManager({ agent: fragileAgent, logger: {} });
    const bystander = await manager.createSession({ id: 'bystander' });
    const seen = collect(manager);
    for (const i of upTo(500)) {
      const session = await manager.createSession({ id: `s${i}` });
      const crash = () => codeOf(session.dispatch({ type: 'boom' }));
      const end = () => codeOf(session.terminate());
      const codes = await Promise.all(i % 2 === 0 ? [crash(), end()] : [end(), crash()]);
      expect(codes.filter((code) => /instead$/.test(code) && code !== 'resolved instead')).toEqual([]);
    }
    expect((await manager.listSessions()).map(({ id }) => id)).toEqual(['bystander']);
    expect(seen.of('session_terminated')).toHaveLength(500);
    expect((await bystander.send('user', 'x')).id).toBe('bystander:1');
  });

  it('3. one child that needs long to stop blocks no call and takes nothing down', async () => {
    const clock = testClock();
    const manager = createSessionManager({
      clock,
      hooks: { cleanup: ({ id }) => (id === 'slow' ? new Promise(() => {}) : undefined) },
    });
    const slow = await manager.createSession({ id: 'slow' });
    const terminated = slow.terminate();
    await turns();
    for (const i of upTo(50)) {
      const session = await manager.createSession({ id: `s${i}` });
      await session.send('user', 'not blocked');
      await session.terminate();
    }
    expect(clock.now()).toBe(0);
    await clock.advance(5_000);
    await terminated;
    expect(await manager.listSessions()).toEqual([]);
  });

  it('4. wrongly typed options of create kill neither the manager nor a session', async () => {
    const manager = createSessionManager();
    const bystander = await manager.createSession();
    const wrong = [null, [], 'x', 42, { metadata: 'x' }, { config: 'x' }, { config: { maxMessages: {} } }];
    for (const options of wrong) {
      expect(await codeOf(manager.createSession(options as never))).toBe('INVALID_ARGUMENT');
    }
    expect((await bystander.send('user', 'x')).role).toBe('user');
    expect((await (await manager.createSession()).info()).status).toBe('active');
  });

  it('5. token eviction does evict, and keeps the order of the history', async () => {
    const manager = createSessionManager({ countTokens: (text) => text.length });
    const session = await manager.createSession({ config: { maxTokens: 30 } });
    for (const i of upTo(20)) await session.send('user', `message ${String(i).padStart(2, '0')}`); // 10 each
    const history = await session.context.history();
    expect(history.map(({ content }) => content)).toEqual(['message 17', 'message 18', 'message 19']);
  });

  it('6. active is not published before created, nor anything before the session can be looked up', async () => {
    const manager = createSessionManager();
    const looked: Array<Promise<string>> = [];
    manager.subscribeToAllSessions(({ type, sessionId }) => {
      if (sessionId !== undefined) {
        looked.push(manager.getSessionInfo(sessionId).then(({ id }) => `${type} ${id}`, String));
      }
    });
    await manager.createSession({ id: 'a' });
    expect(await Promise.all(looked)).toEqual(['session_created a', 'session_status a']);
  });

  it('7. after terminate no look-up contradicts another, in any turn', async () => {
    const manager = createSessionManager();
    const session = await manager.createSession({ id: 'a' });
    await session.terminate();
    for (let turn = 0; turn < 20; turn++) {
      expect(await codeOf(manager.getSessionInfo('a'))).toBe('SESSION_NOT_FOUND');
      expect(await codeOf(session.context.history())).toBe('SESSION_NOT_FOUND');
      expect(await manager.listSessions()).toEqual([]);
      expect(manager.stats().sessions).toMatchObject({ active: 0, terminating: 0 });
      await turns(1);
    }
  });

  it('8. the cache of an ended session and all of a failed create are cleared away', async () => {
    let fail = false;
    const manager = createSessionManager({
      logger: {},
      hooks: {
        async initialize({ cache, context }) {
          await cache.cacheFile('f', 'from initialize');
          await context.put('k', 1);
          if (fail) throw new Error('no');
        },
      },
    });
    await (await manager.createSession({ id: 'a' })).terminate();
    fail = true;
    expect(await codeOf(manager.createSession({ id: 'a' }))).toBe('INITIALIZE_FAILED');
    expect(manager.stats()).toMatchObject(atRest());
    fail = false;
    const fresh = await manager.createSession({ id: 'a' });
    expect(await fresh.cache.stats()).toMatchObject({ files: 1 });
    expect(await fresh.context.keys()).toEqual(['k']);
  });

  it('9. a restart does not lose the history', async () => {
    const manager = createSessionManager({
      agent: fragileAgent,
      supervision: { restart: 'transient' },
      logger: {},
    });
    const session = await manager.createSession();
    for (const text of ['1', '2', '3']) await session.send('user', text);
    const before = await session.context.history();
    for (let crash = 0; crash < 3; crash++) {
      await session.dispatch({ type: 'boom' }).catch(() => {});
      await turns();
    }
    expect(await session.context.history()).toEqual(before);
    expect(await session.info()).toMatchObject({ status: 'active', restarts: 3, messageCount: 3 });
  });

  it('10. save and restore keep conversation, id and key types, and refuse an id that points outside', async () => {
    const manager = createSessionManager();
    const metadata = { nested: { '1': true, list: [1, '1', null] } };
    const session = await manager.createSession({ id: 'a', metadata });
    await session.send('user', [{ type: 'text', text: 'x' }]);
    const history = await session.context.history();
    await manager.saveSession('a');
    await session.terminate();
    const restored = await manager.restoreSession('a');
    expect(restored.id).toBe('a');
    expect(await restored.context.history()).toEqual(history);
    expect((await restored.info()).metadata).toStrictEqual(metadata);
    for (const id of ['../victim', '..', 'a/../../victim']) {
      expect(await codeOf(manager.deleteSavedSession(id))).toBe('INVALID_SESSION_ID');
      expect(await codeOf(manager.restoreSession(id))).toBe('INVALID_SESSION_ID');
    }
    expect((await manager.listSavedSessions()).map(({ id }) => id)).toEqual(['a']);
  });

  it('11. roles are checked, idling and the message limit are enforced, llmConfig reaches hook and agent', async () => {
    const [clock, agent] = [testClock(), watchedAgent()];
    let inHook: unknown;
    const manager = createSessionManager({
      clock,
      agent: agent.logic,
      hooks: {
        initialize: ({ llmConfig }) => {
          inHook = llmConfig;
        },
      },
    });
    const llmConfig = { model: 'm', temperature: 0.2 };
    const session = await manager.createSession({ llmConfig, config: { idleAfterMs: 100, maxMessages: 2 } });
    expect(await codeOf(session.send('wizard' as 'user', 'x'))).toBe('INVALID_ARGUMENT');
    for (const text of ['1', '2', '3']) await session.send('user', text);
    expect(await session.context.history()).toHaveLength(2);
    await clock.advance(100);
    expect((await session.info()).status).toBe('idle');
    expect(inHook).toEqual(llmConfig);
    expect(agent.of(session.id).input.session.llmConfig).toEqual(llmConfig);
  });

  it('12a. a page of many sessions is the page that was asked for, the first and the last alike', async () => {
    await using manager = create();
    for (const i of upTo(8_000)) await manager.createSession({ id: `s${i}` });
    for (const i of upTo(8_000)) if (i % 3 === 0) await manager.terminateSession(`s${i}`);
    const first = await manager.listSessions({ limit: 3 });
    expect(first.map(({ id }) => id)).toEqual(['s1', 's2', 's4']);
    const after = (await manager.listSessions()).at(-4)?.seq ?? Number.NaN;
    const last = await manager.listSessions({ limit: 10, after });
    expect(last.map(({ id }) => id)).toEqual(['s7996', 's7997', 's7999']);
  });

  it('12b. a mass crash is reported session by session, and calls made in the midst of it are answered', async () => {
    await using manager = create({ agent: fragileAgent, logger: {} });
    const survivor = await manager.createSession({ id: 'survivor' });
    const sessions = await Promise.all(upTo(4_000).map((i) => manager.createSession({ id: `s${i}` })));
    const seen = collect(manager, { types: ['session_crashed'] });
    const order: string[] = [];
    const crashes = sessions.map(async (session, i) => {
      await codeOf(session.dispatch({ type: 'boom' }));
      order.push(`crash ${i}`);
    });
    const call = survivor.send('user', 'still there?').then(() => order.push('answer'));
    await Promise.all([...crashes, call]);
    expect(seen.events.map(({ sessionId }) => sessionId)).toEqual(sessions.map(({ id }) => id));
    expect(order).toContain('answer');
    expect((await manager.listSessions()).map(({ id }) => id)).toEqual(['survivor']);
  });
});
