import { describe, expect, it } from 'vitest';
import { codeOf, codeThrown, failureOf } from '../support/errors.ts';
import { collect } from '../support/events.ts';
import { invalidIds } from '../support/ids.ts';
import type { Client, ClientSession, Subject } from './subject.ts';

/** Cases whose types are wrong on purpose: a JavaScript caller, or data from outside. */
type Wrong = never;

const createOptions: ReadonlyArray<readonly [title: string, options: unknown]> = [
  ['null', null],
  ['an array', []],
  ['a text', 'x'],
  ['a number', 42],
  ['a function', () => {}],
  ['metadata: null', { metadata: null }],
  ['metadata: an array', { metadata: [] }],
  ['metadata: a text', { metadata: 'x' }],
  ['metadata: a number', { metadata: 1 }],
  ['llmConfig: null', { llmConfig: null }],
  ['llmConfig: an array', { llmConfig: [] }],
  ['llmConfig: a text', { llmConfig: 'gpt' }],
  ['config: null', { config: null }],
  ['config: an array', { config: [] }],
  ['config: a number', { config: 1 }],
  ['config.maxMessages: a text', { config: { maxMessages: '10' } }],
  ['config.maxMessages: NaN', { config: { maxMessages: Number.NaN } }],
  ['config.maxMessages: negative', { config: { maxMessages: -1 } }],
  ['config.maxTokens: null', { config: { maxTokens: null } }],
  ['config.maxFiles: a boolean', { config: { maxFiles: true } }],
  ['config.idleAfterMs: a text', { config: { idleAfterMs: '1000' } }],
  ['config.idleAfterMs: negative', { config: { idleAfterMs: -1 } }],
  ['config.terminateAfterMs: NaN', { config: { terminateAfterMs: Number.NaN } }],
  ['config.features: a text', { config: { features: 'x' } }],
  ['config.features: numbers', { config: { features: [1] } }],
  ['signal: an object', { signal: {} }],
  ['signal: a text', { signal: 'x' }],
];

const clientCalls: ReadonlyArray<readonly [title: string, call: (client: Client) => Promise<unknown>]> = [
  ['getOrCreateSession: options null', (c) => c.getOrCreateSession('new', null as Wrong)],
  ['getOrCreateSession: metadata an array', (c) => c.getOrCreateSession('new', { metadata: [] as Wrong })],
  ['terminateSession: options null', (c) => c.terminateSession('a', null as Wrong)],
  ['terminateSession: options an array', (c) => c.terminateSession('a', [] as Wrong)],
  ['terminateSession: timeoutMs a text', (c) => c.terminateSession('a', { timeoutMs: '5' as Wrong })],
  ['terminateSession: timeoutMs NaN', (c) => c.terminateSession('a', { timeoutMs: Number.NaN })],
  ['terminateSession: reason a number', (c) => c.terminateSession('a', { reason: 42 as Wrong })],
  ['terminateSession: signal an object', (c) => c.terminateSession('a', { signal: {} as Wrong })],
  ['listSessions: null', (c) => c.listSessions(null as Wrong)],
  ['listSessions: an array', (c) => c.listSessions([] as Wrong)],
  ['listSessions: an unknown status', (c) => c.listSessions({ status: 'bored' as Wrong })],
  ['listSessions: an unknown status in a list', (c) => c.listSessions({ status: ['active', 'x'] as Wrong })],
  ['listSessions: limit a text', (c) => c.listSessions({ limit: '5' as Wrong })],
  ['listSessions: limit NaN', (c) => c.listSessions({ limit: Number.NaN })],
  ['listSessions: after a text', (c) => c.listSessions({ after: '5' as Wrong })],
  ['sendMessage: options null', (c) => c.sendMessage('a', 'user', 'x', null as Wrong)],
  ['sendMessage: options an array', (c) => c.sendMessage('a', 'user', 'x', [] as Wrong)],
  [
    'sendMessage: idempotencyKey a number',
    (c) => c.sendMessage('a', 'user', 'x', { idempotencyKey: 1 as Wrong }),
  ],
  ['sendMessage: toolCallId a number', (c) => c.sendMessage('a', 'user', 'x', { toolCallId: 1 as Wrong })],
  ['sendMessage: metadata an array', (c) => c.sendMessage('a', 'user', 'x', { metadata: [] as Wrong })],
  ['sendMessage: metadata null', (c) => c.sendMessage('a', 'user', 'x', { metadata: null as Wrong })],
  ['sendMessage: signal a text', (c) => c.sendMessage('a', 'user', 'x', { signal: 'x' as Wrong })],
];

const sessionCalls: ReadonlyArray<readonly [title: string, call: (s: ClientSession) => Promise<unknown>]> = [
  ['snapshot: null', (s) => s.snapshot(null as Wrong)],
  ['snapshot: messages a text', (s) => s.snapshot({ messages: '1' as Wrong })],
  ['history: null', (s) => s.context.history(null as Wrong)],
  ['history: limit a text', (s) => s.context.history({ limit: '1' as Wrong })],
  ['history: limit NaN', (s) => s.context.history({ limit: Number.NaN })],
  ['history: before a number', (s) => s.context.history({ before: 1 as Wrong })],
  ['send: options null', (s) => s.send('user', 'x', null as Wrong)],
  ['terminate: options an array', (s) => s.terminate([] as Wrong)],
];

export function argumentsContract({ open, settle }: Subject): void {
  describe('an argument of the wrong type rejects INVALID_ARGUMENT:', () => {
    it.each(createOptions)('createSession with %s, and the manager goes on', async (_title, options) => {
      const client = await open();
      const bystander = await client.createSession({ id: 'bystander' });
      const seen = collect(client);
      expect(await codeOf(client.createSession(options as Wrong))).toBe('INVALID_ARGUMENT');
      await settle();
      expect(seen.events).toEqual([]);
      expect((await client.listSessions()).map(({ id }) => id)).toEqual(['bystander']);
      expect((await bystander.send('user', 'alive')).role).toBe('user');
    });

    it.each(clientCalls)('%s', async (_title, call) => {
      const client = await open();
      const session = await client.createSession({ id: 'a' });
      const before = await session.info();
      expect(await codeOf(call(client))).toBe('INVALID_ARGUMENT');
      expect(await session.info()).toEqual(before);
      expect(await client.listSessions()).toHaveLength(1);
    });

    it.each(sessionCalls)('%s', async (_title, call) => {
      const client = await open();
      const session = await client.createSession();
      expect(await codeOf(call(session))).toBe('INVALID_ARGUMENT');
      expect(await session.info()).toMatchObject({ status: 'active', messageCount: 0 });
    });

    it('is never thrown from a call that returns a promise', async () => {
      const client = await open();
      const session = await client.createSession();
      const calls: Array<() => Promise<unknown>> = [
        () => client.createSession(null as Wrong),
        () => client.getOrCreateSession(null as Wrong),
        () => client.terminateSession(undefined as Wrong),
        () => client.killSession({} as Wrong),
        () => client.getSessionInfo(null as Wrong),
        () => client.listSessions(1 as Wrong),
        () => client.sendMessage(null as Wrong, null as Wrong, null as Wrong),
        () => client.saveSession(null as Wrong),
        () => client.restoreSession(null as Wrong),
        () => client.deleteSavedSession(null as Wrong),
        () => session.dispatch(null as Wrong),
        () => session.context.put(null as Wrong, undefined as Wrong),
        () => session.context.build(null as Wrong),
        () => session.cache.cacheFile(null as Wrong, null as Wrong),
      ];
      for (const call of calls) {
        const promise = call();
        expect(promise).toBeInstanceOf(Promise);
        await expect(promise).rejects.toBeInstanceOf(Error);
      }
    });

    it('with a message that names what was wrong', async () => {
      const client = await open();
      const wrong = { config: { maxMessages: 'ten' } } as Wrong;
      const error = await failureOf(client.createSession(wrong));
      expect(error.message).toContain('maxMessages');
      expect(error.message).toContain('ten');
    });
  });

  describe.each(invalidIds)('%s as an id is INVALID_SESSION_ID', (_rule, id) => {
    it('to every call that takes one', async () => {
      const client = await open();
      const codes = await Promise.all(
        [
          client.createSession({ id }),
          client.getOrCreateSession(id),
          client.terminateSession(id),
          client.killSession(id),
          client.getSessionInfo(id),
          client.sendMessage(id, 'user', 'x'),
          client.saveSession(id),
          client.restoreSession(id),
          client.deleteSavedSession(id),
        ].map(codeOf),
      );
      expect(new Set(codes)).toEqual(new Set(['INVALID_SESSION_ID']));
      expect(codeThrown(() => client.session(id))).toBe('INVALID_SESSION_ID');
      expect(codeThrown(() => client.subscribeToSession(id, () => {}))).toBe('INVALID_SESSION_ID');
      expect(codeThrown(() => client.events({ sessionId: id }))).toBe('INVALID_SESSION_ID');
      expect(await client.listSessions()).toEqual([]);
      expect(await client.listSavedSessions()).toEqual([]);
    });
  });

  describe('an id that is no text', () => {
    it.each([[42], [null], [{}], [['a']], [true]])('%j is refused everywhere', async (value) => {
      const client = await open();
      const id = value as Wrong;
      const codes = [
        client.createSession({ id }),
        client.getOrCreateSession(id),
        client.terminateSession(id),
        client.killSession(id),
        client.getSessionInfo(id),
        client.sendMessage(id, 'user', 'x'),
        client.saveSession(id),
        client.restoreSession(id),
        client.deleteSavedSession(id),
      ].map((call: Promise<unknown>) => codeOf(call));
      for (const code of codes) expect(await code).toBe('INVALID_SESSION_ID');
      expect(codeThrown(() => client.session(id))).toBe('INVALID_SESSION_ID');
      expect(await client.listSessions()).toEqual([]);
    });
  });
}
