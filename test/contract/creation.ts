import { describe, expect, it } from 'vitest';
import type { CreateSessionOptions } from '../../src/client.ts';
import type { HookContext } from '../../src/options.ts';
import { testClock } from '../support/clock.ts';
import { codeOf, failureOf } from '../support/errors.ts';
import { collect } from '../support/events.ts';
import { thawed } from '../support/frozen.ts';
import { gate } from '../support/gate.ts';
import { awkwardIds, ids } from '../support/ids.ts';
import { stateOf } from '../support/turns.ts';
import type { Subject } from './subject.ts';

const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

export function creationContract({ open, settle }: Subject): void {
  describe('creating a session', () => {
    it('resolves once the session is active', async () => {
      const client = await open();
      const session = await client.createSession();
      expect((await session.info()).status).toBe('active');
    });

    it('generates ids of the form session_<uuid v4>, no two alike', async () => {
      const client = await open();
      const made = await Promise.all(Array.from({ length: 20 }, () => client.createSession()));
      for (const { id } of made) {
        expect(id).toMatch(/^session_[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      }
      expect(new Set(made.map(({ id }) => id)).size).toBe(20);
    });

    it('takes its generated ids from generateId', async () => {
      const client = await open({ generateId: ids('made-') });
      const [a, b] = [await client.createSession(), await client.createSession({ id: 'given' })];
      expect([a.id, b.id, (await client.createSession()).id]).toEqual(['made-1', 'given', 'made-2']);
    });

    it('treats an id that is undefined as not given', async () => {
      const client = await open({ generateId: ids() });
      const options = { id: undefined } as unknown as CreateSessionOptions;
      expect((await client.createSession(options)).id).toBe('s1');
    });

    it.each(awkwardIds)('accepts %j as an id, and every look-up finds it', async (id) => {
      const client = await open();
      const session = await client.createSession({ id });
      await session.send('user', 'hello');
      expect(session.id).toBe(id);
      expect((await client.getSessionInfo(id)).id).toBe(id);
      expect((await client.listSessions()).map((info) => info.id)).toEqual([id]);
      await client.terminateSession(id);
      expect(await codeOf(client.getSessionInfo(id))).toBe('SESSION_NOT_FOUND');
    });

    it('keeps the metadata and the llmConfig given', async () => {
      const client = await open();
      const metadata = { owner: 'ada', tags: ['x', 1, null, { deep: true }] };
      const session = await client.createSession({ metadata, llmConfig: { model: 'm', temperature: 0.5 } });
      const info = await session.info();
      expect(info.metadata).toEqual(metadata);
      expect(info.llmConfig).toEqual({ model: 'm', temperature: 0.5 });
    });

    it('starts with empty metadata, llmConfig and counters', async () => {
      const client = await open();
      const info = await (await client.createSession()).info();
      expect(info.metadata).toEqual({});
      expect(info.llmConfig).toEqual({});
      expect(info).toMatchObject({ messageCount: 0, activeFileCount: 0, activeTasks: 0, restarts: 0 });
      expect(info.error).toBeUndefined();
    });

    it('stamps createdAt, updatedAt and lastActivityAt in ISO 8601 by the clock', async () => {
      const client = await open({ clock: testClock(Date.UTC(2030, 0, 2, 3, 4, 5, 6)) });
      const info = await (await client.createSession()).info();
      expect(info.createdAt).toBe('2030-01-02T03:04:05.006Z');
      expect(info.updatedAt).toMatch(ISO);
      expect(info.lastActivityAt).toMatch(ISO);
    });

    it('gives the session the documented configuration', async () => {
      const client = await open();
      const { config } = await (await client.createSession()).info();
      expect(config).toMatchObject({ maxMessages: 1000, maxTokens: 100_000, maxFiles: 50, features: [] });
      expect([config.idleAfterMs, config.sleepAfterMs, config.terminateAfterMs]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
    });

    it("lets sessionDefaults override the defaults, and a session's own config override both", async () => {
      const client = await open({ sessionDefaults: { maxMessages: 7, maxFiles: 8, features: ['a'] } });
      const session = await client.createSession({ config: { maxFiles: 9, idleAfterMs: 60_000 } });
      expect((await session.info()).config).toMatchObject({
        maxMessages: 7,
        maxFiles: 9,
        maxTokens: 100_000,
        idleAfterMs: 60_000,
        features: ['a'],
      });
    });

    it('gives every session a seq that grows in creation order', async () => {
      const client = await open();
      const a = await client.createSession();
      await a.send('user', 'between');
      const b = await client.createSession();
      expect((await a.info()).seq).toBeLessThan((await b.info()).seq);
    });

    it('uses the seq of session_created as the seq of the session', async () => {
      const client = await open();
      const seen = collect(client);
      const session = await client.createSession();
      await settle();
      expect((await session.info()).seq).toBe(seen.of('session_created')[0]?.seq);
    });

    it('hands out infos that are deeply frozen', async () => {
      const client = await open();
      const session = await client.createSession({ metadata: { a: { b: [1] } }, llmConfig: { c: { d: 1 } } });
      expect(thawed(await session.info())).toBeUndefined();
      expect(thawed(await client.getSessionInfo(session.id))).toBeUndefined();
    });

    it('is untouched by what a caller does to the options afterwards', async () => {
      const client = await open();
      const metadata = { nested: { value: 'before' }, list: ['before'] };
      const config = { maxMessages: 5, features: ['before'] };
      const created = client.createSession({ metadata, config });
      metadata.nested.value = 'after';
      metadata.list.push('after');
      config.features.push('after');
      config.maxMessages = 1;
      const info = await (await created).info();
      expect(info.metadata).toEqual({ nested: { value: 'before' }, list: ['before'] });
      expect(info.config).toMatchObject({ maxMessages: 5, features: ['before'] });
    });
  });

  describe('the initialize hook', () => {
    it('is given id, metadata, llmConfig, a live signal, context and cache', async () => {
      const seen: Array<Pick<HookContext, 'id' | 'metadata' | 'llmConfig'> & { aborted: boolean }> = [];
      const client = await open({
        hooks: {
          initialize({ id, metadata, llmConfig, signal }) {
            seen.push({ id, metadata, llmConfig, aborted: signal.aborted });
          },
        },
      });
      await client.createSession({ id: 'a', metadata: { m: 1 }, llmConfig: { l: 2 } });
      expect(seen).toEqual([{ id: 'a', metadata: { m: 1 }, llmConfig: { l: 2 }, aborted: false }]);
    });

    it('may write to the context and the cache before the session is active', async () => {
      const client = await open({
        hooks: {
          async initialize({ context, cache }) {
            await context.addMessage('system', 'be brief');
            await context.put('plan', { step: 1 });
            await context.addFile('a.ts');
            await cache.cacheFile('a.ts', 'A');
          },
        },
      });
      const session = await client.createSession();
      expect((await session.context.history()).map((message) => message.content)).toEqual(['be brief']);
      expect(await session.context.get('plan')).toEqual({ step: 1 });
      expect((await session.context.activeFiles()).map((file) => file.path)).toEqual(['a.ts']);
      expect((await session.cache.getFile('a.ts'))?.content).toBe('A');
    });

    it('keeps create waiting, while look-ups show the session initializing', async () => {
      const opened = gate();
      const client = await open({ hooks: { initialize: () => opened.promise } });
      const created = client.createSession({ id: 'slow' });
      expect(await stateOf(created)).toBe('pending');
      expect((await client.getSessionInfo('slow')).status).toBe('initializing');
      expect((await client.listSessions()).map((info) => info.status)).toEqual(['initializing']);
      expect(await client.session('slow').context.history()).toEqual([]);
      opened.open();
      expect((await (await created).info()).status).toBe('active');
    });

    it('fails the create with INITIALIZE_FAILED and the cause, and leaves nothing behind', async () => {
      const cause = new Error('no database');
      const client = await open({ hooks: { initialize: () => Promise.reject(cause) } });
      const seen = collect(client);
      const error = await failureOf(client.createSession({ id: 'bad' }));
      expect(error.code).toBe('INITIALIZE_FAILED');
      expect(error.sessionId).toBe('bad');
      expect(error.cause).toBeDefined();
      await settle();
      expect(seen.steps()).toEqual(['session_created', 'initializing→terminated', 'session_terminated']);
      expect(seen.of('session_status')[0]).toMatchObject({ reason: 'init_failed' });
      expect(seen.of('session_terminated')[0]?.reason).toBe('init_failed');
      expect(await client.listSessions()).toEqual([]);
      expect(await codeOf(client.getSessionInfo('bad'))).toBe('SESSION_NOT_FOUND');
    });

    it('frees the id of a failed create', async () => {
      let attempt = 0;
      const client = await open({
        hooks: {
          initialize: () => {
            if (++attempt === 1) throw new Error('not yet');
          },
        },
      });
      expect(await codeOf(client.createSession({ id: 'again' }))).toBe('INITIALIZE_FAILED');
      expect((await (await client.createSession({ id: 'again' })).info()).status).toBe('active');
    });

    it('has 30 s by default: then create rejects TIMEOUT and the signal aborts', async () => {
      const clock = testClock();
      let signal: AbortSignal | undefined;
      const client = await open({
        clock,
        hooks: {
          initialize: (session) => {
            signal = session.signal;
            return new Promise(() => {});
          },
        },
      });
      const seen = collect(client);
      const created = codeOf(client.createSession({ id: 'hung' }));
      await clock.advance(29_999);
      expect((await client.getSessionInfo('hung')).status).toBe('initializing');
      await clock.advance(1);
      expect(await created).toBe('TIMEOUT');
      await settle();
      expect(signal?.aborted).toBe(true);
      expect(seen.steps()).toEqual(['session_created', 'initializing→terminated', 'session_terminated']);
      expect(await client.listSessions()).toEqual([]);
    });

    it('has initializeMs when that is given', async () => {
      const clock = testClock();
      const hooks = { initialize: () => new Promise<void>(() => {}) };
      const client = await open({ clock, hooks, timeouts: { initializeMs: 50 } });
      const created = codeOf(client.createSession());
      await clock.advance(50);
      expect(await created).toBe('TIMEOUT');
    });
  });

  describe('the signal of create', () => {
    it('rejects ABORTED when it was aborted before, and registers nothing', async () => {
      const client = await open();
      const seen = collect(client);
      expect(await codeOf(client.createSession({ id: 'a', signal: AbortSignal.abort() }))).toBe('ABORTED');
      await settle();
      expect(await client.listSessions()).toEqual([]);
      expect(seen.events).toEqual([]);
    });

    it('ends a session that initializes: create rejects ABORTED and the id is free again', async () => {
      const opened = gate();
      const client = await open({ hooks: { initialize: () => opened.promise } });
      const controller = new AbortController();
      const created = codeOf(client.createSession({ id: 'a', signal: controller.signal }));
      await settle();
      controller.abort();
      expect(await created).toBe('ABORTED');
      expect(await codeOf(client.getSessionInfo('a'))).toBe('SESSION_NOT_FOUND');
      opened.open();
      expect((await client.createSession({ id: 'a' })).id).toBe('a');
    });

    it('means nothing any more once the session is active', async () => {
      const client = await open();
      const controller = new AbortController();
      const session = await client.createSession({ signal: controller.signal });
      controller.abort();
      await settle();
      expect((await session.info()).status).toBe('active');
    });
  });
}
