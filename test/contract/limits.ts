import { describe, expect, it } from 'vitest';
import { codeOf, failureOf } from '../support/errors.ts';
import { collect } from '../support/events.ts';
import { gate } from '../support/gate.ts';
import { ids } from '../support/ids.ts';
import type { ClientSession, Subject } from './subject.ts';

const contents = async (session: ClientSession) =>
  (await session.context.history()).map(({ content }) => content);

export function limitsContract({ open, settle }: Subject): void {
  describe('maxMessages', () => {
    it('keeps the newest in their order, and messageCount counts what is kept', async () => {
      const client = await open();
      const session = await client.createSession({ config: { maxMessages: 3 } });
      for (let i = 1; i <= 8; i++) {
        await session.send('user', `${i}`);
        expect((await session.info()).messageCount).toBe(Math.min(i, 3));
      }
      expect(await contents(session)).toEqual(['6', '7', '8']);
    });

    it('pushes messages out silently, and does not number them again', async () => {
      const client = await open();
      const session = await client.createSession({ id: 'a', config: { maxMessages: 1 } });
      const seen = collect(client);
      await session.send('user', '1');
      await session.send('user', '2');
      await settle();
      expect(seen.types()).toEqual(['conversation_added', 'conversation_added']);
      expect((await session.context.history()).map(({ id }) => id)).toEqual(['a:2']);
    });

    it('is 1000 by default', async () => {
      const client = await open();
      const session = await client.createSession();
      for (let i = 0; i < 1_005; i++) await session.send('user', `${i}`);
      const history = await contents(session);
      expect(history).toHaveLength(1_000);
      expect([history[0], history.at(-1)]).toEqual(['5', '1004']);
    });
  });

  describe('maxTokens', () => {
    it('drops the oldest until the rest fits, in order', async () => {
      const client = await open({ countTokens: (text) => text.length });
      const session = await client.createSession({ config: { maxTokens: 10 } });
      for (const text of ['aaaa', 'bbb', 'ccc']) await session.send('user', text);
      expect(await contents(session)).toEqual(['aaaa', 'bbb', 'ccc']);
      await session.send('user', 'd');
      expect(await contents(session)).toEqual(['bbb', 'ccc', 'd']);
      await session.send('user', 'eeeeeeeee');
      expect(await contents(session)).toEqual(['d', 'eeeeeeeee']);
    });

    it('counts ceil(length / 4) by default', async () => {
      const client = await open();
      const session = await client.createSession({ config: { maxTokens: 4 } });
      await session.send('user', 'a'.repeat(5)); // 2 tokens
      await session.send('user', 'b'.repeat(8)); // 2 tokens
      expect(await contents(session)).toHaveLength(2);
      await session.send('user', 'c'); // 1 token: one too many
      expect(await contents(session)).toEqual(['b'.repeat(8), 'c']);
    });

    it('refuses one message that is larger by itself, and changes nothing', async () => {
      const client = await open({ countTokens: (text) => text.length });
      const session = await client.createSession({ config: { maxTokens: 5 } });
      await session.send('user', 'kept');
      const before = await session.info();
      expect(await codeOf(session.send('user', 'sixsix'))).toBe('PAYLOAD_TOO_LARGE');
      expect(await contents(session)).toEqual(['kept']);
      expect(await session.info()).toEqual(before);
      await session.send('user', 'fiver');
      expect(await contents(session)).toEqual(['fiver']);
    });
  });

  describe('maxFiles', () => {
    it('pushes the oldest file out and publishes file_removed for it', async () => {
      const client = await open();
      const session = await client.createSession({ config: { maxFiles: 2 } });
      await session.context.addFile('a');
      await session.context.addFile('b');
      const seen = collect(client);
      await session.context.addFile('c');
      await settle();
      expect((await session.context.activeFiles()).map(({ path }) => path)).toEqual(['b', 'c']);
      expect((await session.info()).activeFileCount).toBe(2);
      expect(seen.of('file_removed').map(({ path }) => path)).toEqual(['a']);
      expect(seen.of('file_added').map(({ path }) => path)).toEqual(['c']);
      expect(seen.events).toHaveLength(2);
    });

    it('is 50 by default', async () => {
      const client = await open();
      const session = await client.createSession();
      for (let i = 0; i < 55; i++) await session.context.addFile(`${i}.ts`);
      const files = await session.context.activeFiles();
      expect(files).toHaveLength(50);
      expect(files[0]?.path).toBe('5.ts');
    });
  });

  describe('the hard caps', () => {
    it('maxSessions: one more rejects LIMIT_EXCEEDED; an ended session makes room', async () => {
      const client = await open({ generateId: ids(), limits: { maxSessions: 2 } });
      await client.createSession();
      await client.createSession();
      const seen = collect(client);
      expect(await codeOf(client.createSession())).toBe('LIMIT_EXCEEDED');
      await settle();
      expect(seen.events).toEqual([]);
      expect(await client.listSessions()).toHaveLength(2);
      await client.terminateSession('s1');
      expect((await (await client.createSession()).info()).status).toBe('active');
      expect(await codeOf(client.getOrCreateSession('more'))).toBe('LIMIT_EXCEEDED');
    });

    it('maxSessions counts creates at once, and a failed one makes room', async () => {
      let fail = true;
      const client = await open({
        limits: { maxSessions: 3 },
        hooks: {
          initialize: () => {
            if (fail) throw new Error('no');
          },
        },
      });
      for (let i = 0; i < 5; i++) expect(await codeOf(client.createSession())).toBe('INITIALIZE_FAILED');
      fail = false;
      const codes = await Promise.all(Array.from({ length: 6 }, () => codeOf(client.createSession())));
      expect(codes.filter((code) => code === 'LIMIT_EXCEEDED')).toHaveLength(3);
      expect(await client.listSessions()).toHaveLength(3);
    });

    it('maxMessageBytes: a larger message rejects PAYLOAD_TOO_LARGE and everything goes on', async () => {
      const client = await open({ limits: { maxMessageBytes: 200 } });
      const session = await client.createSession();
      const large = 'x'.repeat(250);
      expect(await codeOf(session.send('user', large))).toBe('PAYLOAD_TOO_LARGE');
      expect(await codeOf(session.send('user', [{ type: 'text', text: large }]))).toBe('PAYLOAD_TOO_LARGE');
      expect(await codeOf(session.send('user', 'x', { metadata: { large } }))).toBe('PAYLOAD_TOO_LARGE');
      expect(await codeOf(session.context.put('k', large))).toBe('PAYLOAD_TOO_LARGE');
      expect(await session.info()).toMatchObject({ status: 'active', messageCount: 0 });
      expect(await session.context.keys()).toEqual([]);
      expect((await session.send('user', 'x'.repeat(100))).role).toBe('user');
    });

    it('maxMessageBytes counts bytes, not characters', async () => {
      const client = await open({ limits: { maxMessageBytes: 200 } });
      const session = await client.createSession();
      expect(await codeOf(session.send('user', '🙂'.repeat(60)))).toBe('PAYLOAD_TOO_LARGE');
    });

    it('maxMetadataBytes: larger metadata or llmConfig rejects PAYLOAD_TOO_LARGE', async () => {
      const client = await open({ limits: { maxMetadataBytes: 100 } });
      const large = { text: 'x'.repeat(200) };
      expect(await codeOf(client.createSession({ id: 'a', metadata: large }))).toBe('PAYLOAD_TOO_LARGE');
      expect(await codeOf(client.createSession({ id: 'a', llmConfig: large }))).toBe('PAYLOAD_TOO_LARGE');
      expect(await client.listSessions()).toEqual([]);
      expect((await client.createSession({ id: 'a', metadata: { text: 'x' } })).id).toBe('a');
    });

    it('are not lifted by the config of a session', async () => {
      const client = await open({ limits: { maxMessageBytes: 100 } });
      const session = await client.createSession({ config: { maxTokens: 1_000_000 } });
      expect(await codeOf(session.send('user', 'x'.repeat(200)))).toBe('PAYLOAD_TOO_LARGE');
    });

    it('an error over a limit tells the limit', async () => {
      const client = await open({ limits: { maxSessions: 1 } });
      await client.createSession();
      const error = await failureOf(client.createSession());
      expect(error.message).toContain('1');
    });

    it('maxPending: calls that wait beyond it reject OVERLOADED, the others take effect', async () => {
      const ready = gate();
      const client = await open({ limits: { maxPending: 4 }, hooks: { initialize: () => ready.promise } });
      const created = client.createSession({ id: 'a' });
      const sends = Array.from({ length: 20 }, (_, i) => codeOf(client.sendMessage('a', 'user', `${i}`)));
      await settle();
      expect((await client.getSessionInfo('a')).status).toBe('initializing');
      ready.open();
      await created;
      const codes = await Promise.all(sends);
      const accepted = codes.filter((code) => code === 'resolved instead').length;
      expect(accepted).toBeGreaterThan(0);
      expect(accepted).toBeLessThanOrEqual(4);
      expect(codes.filter((code) => code === 'OVERLOADED')).toHaveLength(20 - accepted);
      expect(await client.session('a').context.history()).toHaveLength(accepted);
      expect((await client.sendMessage('a', 'user', 'after the rush')).role).toBe('user');
    });
  });
}
