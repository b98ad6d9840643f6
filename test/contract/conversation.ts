import { describe, expect, it } from 'vitest';
import type { ContentPart, Role } from '../../src/data.ts';
import { testClock } from '../support/clock.ts';
import { codeOf } from '../support/errors.ts';
import { collect, increases } from '../support/events.ts';
import { thawed } from '../support/frozen.ts';
import { gate } from '../support/gate.ts';
import type { ClientSession, Subject } from './subject.ts';

const contents = async (session: ClientSession) =>
  (await session.context.history()).map(({ content }) => content);

export function conversationContract({ open, settle }: Subject): void {
  describe('sending a message', () => {
    it('returns it with id, seq, role, content and time', async () => {
      const client = await open({ clock: testClock(1_000) });
      const session = await client.createSession({ id: 'a' });
      const message = await session.send('user', 'hello');
      expect(message).toEqual({
        id: 'a:1',
        seq: expect.any(Number),
        role: 'user',
        content: 'hello',
        createdAt: new Date(1_000).toISOString(),
      });
      expect(thawed(message)).toBeUndefined();
    });

    it('numbers the messages of each session from 1', async () => {
      const client = await open();
      const [a, b] = [await client.createSession({ id: 'a' }), await client.createSession({ id: 'b' })];
      const sent = [await a.send('user', '1'), await b.send('user', '1'), await a.send('user', '2')];
      expect(sent.map(({ id }) => id)).toEqual(['a:1', 'b:1', 'a:2']);
    });

    it('uses the session id in the message id even if the id contains colons', async () => {
      const client = await open();
      const session = await client.createSession({ id: 'x:y:1' });
      expect((await session.send('user', 'hi')).id).toBe('x:y:1:1');
    });

    it('is the same by sendMessage, by the handle and by addMessage', async () => {
      const client = await open();
      const session = await client.createSession({ id: 'a' });
      const sent = [
        await client.sendMessage('a', 'user', 'one'),
        await session.send('assistant', 'two'),
        await session.context.addMessage('tool', 'three'),
      ];
      expect(sent.map(({ id }) => id)).toEqual(['a:1', 'a:2', 'a:3']);
      expect(await session.context.history()).toEqual(sent);
    });

    it.each<Role>(['system', 'user', 'assistant', 'tool'])('accepts the role %s', async (role) => {
      const client = await open();
      const session = await client.createSession();
      expect((await session.send(role, 'x')).role).toBe(role);
    });

    it.each([['robot'], [''], ['User'], [null], [undefined], [1], ['toString']])(
      'refuses the role %s and stores nothing',
      async (role) => {
        const client = await open();
        const session = await client.createSession();
        expect(await codeOf(session.send(role as Role, 'x'))).toBe('INVALID_ARGUMENT');
        expect(await session.context.history()).toEqual([]);
      },
    );

    it('keeps idempotencyKey, toolCallId and metadata', async () => {
      const client = await open();
      const session = await client.createSession();
      const options = { idempotencyKey: 'k', toolCallId: 'call-1', metadata: { source: { line: 1 } } };
      const message = await session.send('tool', 'result', options);
      expect(message).toMatchObject(options);
      expect((await session.context.history())[0]).toEqual(message);
    });

    it('takes content as parts, each an object with a type', async () => {
      const client = await open();
      const session = await client.createSession();
      const parts = [
        { type: 'text', text: 'look' },
        { type: 'image', url: 'x', size: { w: 1 } },
      ];
      const message = await session.send('user', parts);
      expect(message.content).toEqual(parts);
      expect(thawed(message)).toBeUndefined();
    });

    it.each([
      ['null', null],
      ['undefined', undefined],
      ['a number', 42],
      ['an object', { type: 'text' }],
      ['a part that is a string', ['text']],
      ['a part without a type', [{ text: 'x' }]],
      ['a part whose type is no string', [{ type: 1 }]],
      ['a part that is null', [null]],
      ['a part that is an array', [[]]],
    ])('refuses content that is %s', async (_title, content) => {
      const client = await open();
      const session = await client.createSession();
      expect(await codeOf(session.send('user', content as unknown as string))).toBe('INVALID_ARGUMENT');
      expect((await session.info()).messageCount).toBe(0);
    });

    it('copies the parts: changing them afterwards changes no message', async () => {
      const client = await open();
      const session = await client.createSession();
      const part = { type: 'text', text: 'before' };
      const parts: ContentPart[] = [part];
      const metadata = { tag: 'before' };
      const sent = session.send('user', parts, { metadata });
      part.text = 'after';
      metadata.tag = 'after';
      parts.push({ type: 'text', text: 'more' });
      const message = await sent;
      expect(message).toMatchObject({
        content: [{ type: 'text', text: 'before' }],
        metadata: { tag: 'before' },
      });
      expect(await session.context.history()).toEqual([message]);
    });

    it('takes effect in call order, without waiting in between', async () => {
      const client = await open();
      const session = await client.createSession();
      const texts = Array.from({ length: 100 }, (_, i) => `message ${i}`);
      const sent = await Promise.all(texts.map((text) => session.send('user', text)));
      expect(await contents(session)).toEqual(texts);
      expect(increases(sent.map(({ seq }) => seq))).toBe(true);
    });

    it('and other writes to the session take effect in call order', async () => {
      const client = await open();
      const session = await client.createSession();
      const seen = collect(client);
      await Promise.all([
        session.send('user', 'a'),
        session.context.put('k', 1),
        session.context.clearConversation(),
        session.context.addFile('f'),
        session.send('user', 'b'),
      ]);
      await settle();
      expect(seen.types()).toEqual([
        'conversation_added',
        'working_context_updated',
        'conversation_cleared',
        'file_added',
        'conversation_added',
      ]);
      expect(await contents(session)).toEqual(['b']);
    });

    it('carries the seq of its conversation_added event', async () => {
      const client = await open();
      const session = await client.createSession();
      const seen = collect(client);
      const message = await session.send('user', 'x');
      await settle();
      expect(seen.of('conversation_added')).toMatchObject([{ seq: message.seq, message }]);
    });

    it('does nothing when its signal was aborted before', async () => {
      const client = await open();
      const session = await client.createSession();
      expect(await codeOf(session.send('user', 'x', { signal: AbortSignal.abort() }))).toBe('ABORTED');
      expect(await session.context.history()).toEqual([]);
    });

    it('aborted while it waits for the session to become active: ABORTED, and it never takes effect', async () => {
      const ready = gate();
      const client = await open({ hooks: { initialize: () => ready.promise } });
      const created = client.createSession({ id: 'a' });
      const controller = new AbortController();
      const aborted = codeOf(client.sendMessage('a', 'user', 'aborted', { signal: controller.signal }));
      const kept = client.sendMessage('a', 'user', 'kept');
      await settle();
      controller.abort();
      await settle();
      ready.open();
      expect(await aborted).toBe('ABORTED');
      await Promise.all([created, kept]);
      expect(await contents(client.session('a'))).toEqual(['kept']);
    });

    it('that is acknowledged is not taken back by a later abort', async () => {
      const client = await open();
      const session = await client.createSession();
      const controller = new AbortController();
      await session.send('user', 'x', { signal: controller.signal });
      controller.abort();
      await settle();
      expect(await contents(session)).toEqual(['x']);
    });
  });

  describe('the history', () => {
    const tenMessages = async () => {
      const client = await open();
      const session = await client.createSession({ id: 'a' });
      for (let i = 1; i <= 10; i++) await session.send('user', `${i}`);
      return session;
    };
    const ids = (messages: readonly { id: string }[]) => messages.map(({ id }) => id);

    it('is empty at first and then oldest first', async () => {
      const client = await open();
      const session = await client.createSession();
      expect(await session.context.history()).toEqual([]);
      await session.send('user', '1');
      await session.send('assistant', '2');
      expect(await contents(session)).toEqual(['1', '2']);
    });

    it('with a limit gives the newest, oldest first', async () => {
      const session = await tenMessages();
      expect(ids(await session.context.history({ limit: 3 }))).toEqual(['a:8', 'a:9', 'a:10']);
      expect(await session.context.history({ limit: 100 })).toHaveLength(10);
    });

    it('before a message gives what came before it', async () => {
      const session = await tenMessages();
      expect(ids(await session.context.history({ before: 'a:4' }))).toEqual(['a:1', 'a:2', 'a:3']);
      expect(ids(await session.context.history({ before: 'a:4', limit: 2 }))).toEqual(['a:2', 'a:3']);
      expect(await session.context.history({ before: 'a:1' })).toEqual([]);
    });

    it('can be paged from the newest to the oldest without gap or repeat', async () => {
      const session = await tenMessages();
      const pages: string[][] = [];
      let before: string | undefined;
      for (;;) {
        const page = await session.context.history({ limit: 4, ...(before === undefined ? {} : { before }) });
        if (page.length === 0) break;
        pages.push(ids(page));
        before = page[0]?.id;
      }
      expect(pages).toEqual([
        ['a:7', 'a:8', 'a:9', 'a:10'],
        ['a:3', 'a:4', 'a:5', 'a:6'],
        ['a:1', 'a:2'],
      ]);
    });

    it('is deeply frozen, and a later message does not appear in it', async () => {
      const session = await tenMessages();
      const before = await session.context.history();
      await session.send('user', 'later');
      expect(before).toHaveLength(10);
      expect(thawed(before)).toBeUndefined();
    });
  });

  describe('clearing the conversation', () => {
    it('empties the history and the count, and says so once', async () => {
      const client = await open();
      const session = await client.createSession();
      await session.send('user', 'x');
      const seen = collect(client);
      await session.context.clearConversation();
      await settle();
      expect(await session.context.history()).toEqual([]);
      expect((await session.info()).messageCount).toBe(0);
      expect(seen.types()).toEqual(['conversation_cleared']);
    });

    it('does not give out the id of an earlier message again', async () => {
      const client = await open();
      const session = await client.createSession();
      const before = await session.send('user', 'x');
      await session.context.clearConversation();
      expect((await session.send('user', 'y')).id).not.toBe(before.id);
    });

    it('leaves files and working context as they are, and keeps the limits', async () => {
      const client = await open();
      const session = await client.createSession({ config: { maxMessages: 2 } });
      await session.context.addFile('a');
      await session.context.put('k', 1);
      await session.context.clearConversation();
      for (const text of ['1', '2', '3']) await session.send('user', text);
      expect(await contents(session)).toEqual(['2', '3']);
      expect((await session.info()).activeFileCount).toBe(1);
      expect(await session.context.get('k')).toBe(1);
    });
  });
}
