import { describe, expect, it } from 'vitest';
import { testClock } from '../support/clock.ts';
import { codeOf } from '../support/errors.ts';
import { collect } from '../support/events.ts';
import { thawed } from '../support/frozen.ts';
import { ids } from '../support/ids.ts';
import type { ClientSession, Subject } from './subject.ts';

const stateOfSession = async (session: ClientSession) => ({
  history: await session.context.history(),
  files: await session.context.activeFiles(),
  index: await session.context.fileIndex(),
  working: await Promise.all(
    [...(await session.context.keys())].sort().map(async (key) => [key, await session.context.get(key)]),
  ),
});

const furnish = async (session: ClientSession) => {
  await session.send('system', 'be brief');
  await session.send('user', [{ type: 'text', text: 'look', n: 1 }], { metadata: { a: { b: null } } });
  await session.send('tool', 'result', { toolCallId: 'c1', idempotencyKey: 'k' });
  for (const path of ['b.ts', 'a.ts']) await session.context.addFile(path);
  await session.context.updateFileIndex('a.ts', { lines: 3, '10': 'ten', nested: { '1': [true] } });
  await session.context.put('plan', { steps: [1, { done: false }], 'odd key': null });
  await session.context.put('count', 42);
};

export function savedSessionsContract({ open, settle }: Subject): void {
  describe('saving a session', () => {
    it('returns id, time, message count and metadata, and the session goes on', async () => {
      const client = await open({ clock: testClock(7_000) });
      const session = await client.createSession({ id: 'a', metadata: { owner: 'ada' } });
      await session.send('user', 'x');
      const saved = await client.saveSession('a');
      expect(saved).toMatchObject({
        id: 'a',
        savedAt: new Date(7_000).toISOString(),
        messageCount: 1,
        metadata: { owner: 'ada' },
      });
      expect(thawed(saved)).toBeUndefined();
      expect((await session.info()).status).toBe('active');
      expect((await session.send('user', 'y')).id).toBe('a:2');
    });

    it('lists what was saved, each id once', async () => {
      const client = await open({ generateId: ids() });
      expect(await client.listSavedSessions()).toEqual([]);
      const [a] = [await client.createSession(), await client.createSession()];
      await client.saveSession('s1');
      await client.saveSession('s2');
      await a.send('user', 'more');
      const newest = await client.saveSession('s1');
      const list = await client.listSavedSessions();
      expect(list.map(({ id }) => id).sort()).toEqual(['s1', 's2']);
      expect(list.find(({ id }) => id === 's1')).toEqual(newest);
      expect(thawed(list)).toBeUndefined();
    });

    it('outlives the session', async () => {
      const client = await open();
      const session = await client.createSession({ id: 'a' });
      await client.saveSession('a');
      await session.terminate();
      expect((await client.listSavedSessions()).map(({ id }) => id)).toEqual(['a']);
      expect(await client.listSessions()).toEqual([]);
    });

    it('rejects SESSION_NOT_FOUND for an unknown id and INVALID_SESSION_ID for an invalid one', async () => {
      const client = await open();
      expect(await codeOf(client.saveSession('never'))).toBe('SESSION_NOT_FOUND');
      expect(await codeOf(client.saveSession('../victim'))).toBe('INVALID_SESSION_ID');
    });
  });

  describe('restoring a session', () => {
    it('brings back the same id, conversation, files, index, working context, metadata and config', async () => {
      const client = await open();
      const session = await client.createSession({
        id: 'a',
        metadata: { owner: 'ada', nested: { n: [1, null] } },
        llmConfig: { model: 'm' },
        config: { maxMessages: 7, features: ['f'] },
      });
      await furnish(session);
      const [before, info] = [await stateOfSession(session), await session.info()];
      await client.saveSession('a');
      await session.terminate();
      const restored = await client.restoreSession('a');
      expect(restored.id).toBe('a');
      expect(await stateOfSession(restored)).toEqual(before);
      const after = await restored.info();
      expect(after.status).toBe('active');
      expect(after).toMatchObject({
        metadata: info.metadata,
        llmConfig: info.llmConfig,
        config: info.config,
        messageCount: 3,
        activeFileCount: 2,
      });
    });

    it('gives what was saved, not what came later', async () => {
      const client = await open();
      const session = await client.createSession({ id: 'a' });
      await session.send('user', 'saved');
      await client.saveSession('a');
      await session.send('user', 'not saved');
      await session.context.put('k', 'not saved');
      await session.terminate();
      const restored = await client.restoreSession('a');
      expect((await restored.context.history()).map(({ content }) => content)).toEqual(['saved']);
      expect(await restored.context.keys()).toEqual([]);
    });

    it('publishes session_created and the way to active, and the session is listed', async () => {
      const client = await open();
      const session = await client.createSession({ id: 'a' });
      await client.saveSession('a');
      await session.terminate();
      const seen = collect(client);
      await client.restoreSession('a');
      await settle();
      expect(seen.steps()[0]).toBe('session_created');
      expect(seen.steps().at(-1)).toBe('initializing→active');
      expect((await client.listSessions()).map(({ id }) => id)).toEqual(['a']);
    });

    it('numbers new messages so that no id is given twice', async () => {
      const client = await open();
      const session = await client.createSession({ id: 'a' });
      for (const text of ['1', '2', '3']) await session.send('user', text);
      await client.saveSession('a');
      await session.terminate();
      const restored = await client.restoreSession('a');
      await restored.send('user', '4');
      const all = (await restored.context.history()).map(({ id }) => id);
      expect(new Set(all).size).toBe(4);
    });

    it('keeps the limits working: the oldest go first', async () => {
      const client = await open();
      const session = await client.createSession({ id: 'a', config: { maxMessages: 2 } });
      for (const text of ['1', '2']) await session.send('user', text);
      await client.saveSession('a');
      await session.terminate();
      const restored = await client.restoreSession('a');
      await restored.send('user', '3');
      expect((await restored.context.history()).map(({ content }) => content)).toEqual(['2', '3']);
    });

    it('can be done again and again', async () => {
      const client = await open();
      const session = await client.createSession({ id: 'a' });
      await session.send('user', 'x');
      await client.saveSession('a');
      await session.terminate();
      for (let i = 0; i < 3; i++) {
        const restored = await client.restoreSession('a');
        expect(await restored.context.history()).toHaveLength(1);
        await restored.terminate();
      }
    });

    it('rejects DUPLICATE_SESSION for a live id, and changes nothing', async () => {
      const client = await open();
      const session = await client.createSession({ id: 'a' });
      await client.saveSession('a');
      await session.send('user', 'kept');
      expect(await codeOf(client.restoreSession('a'))).toBe('DUPLICATE_SESSION');
      expect((await session.info()).messageCount).toBe(1);
    });

    it('rejects SESSION_NOT_FOUND for what was never saved', async () => {
      const client = await open();
      await (await client.createSession({ id: 'a' })).terminate();
      expect(await codeOf(client.restoreSession('a'))).toBe('SESSION_NOT_FOUND');
      expect(await codeOf(client.restoreSession('never'))).toBe('SESSION_NOT_FOUND');
    });

    it('twice at once: one wins, the other rejects DUPLICATE_SESSION', async () => {
      const client = await open();
      const session = await client.createSession({ id: 'a' });
      await client.saveSession('a');
      await session.terminate();
      const codes = [codeOf(client.restoreSession('a')), codeOf(client.restoreSession('a'))];
      expect((await Promise.all(codes)).sort()).toEqual(['DUPLICATE_SESSION', 'resolved instead']);
      expect(await client.listSessions()).toHaveLength(1);
    });

    it('refuses an id that would leave the store', async () => {
      const client = await open();
      expect(await codeOf(client.restoreSession('../victim'))).toBe('INVALID_SESSION_ID');
    });

    it('is no part of create: a session made with a saved id starts empty', async () => {
      const client = await open();
      const session = await client.createSession({ id: 'a' });
      await session.send('user', 'x');
      await client.saveSession('a');
      await session.terminate();
      expect(await (await client.createSession({ id: 'a' })).context.history()).toEqual([]);
    });
  });

  describe('deleting a saved session', () => {
    it('takes it off the list for good', async () => {
      const client = await open();
      for (const id of ['a', 'b']) {
        const session = await client.createSession({ id });
        await client.saveSession(id);
        await session.terminate();
      }
      await client.deleteSavedSession('a');
      expect((await client.listSavedSessions()).map(({ id }) => id)).toEqual(['b']);
      expect(await codeOf(client.restoreSession('a'))).toBe('SESSION_NOT_FOUND');
    });

    it('does not touch the live session', async () => {
      const client = await open();
      const session = await client.createSession({ id: 'a' });
      await session.send('user', 'x');
      await client.saveSession('a');
      await client.deleteSavedSession('a');
      expect((await session.info()).messageCount).toBe(1);
    });

    it('rejects SESSION_NOT_FOUND for what was never saved, INVALID_SESSION_ID for an invalid id', async () => {
      const client = await open();
      expect(await codeOf(client.deleteSavedSession('never'))).toBe('SESSION_NOT_FOUND');
      expect(await codeOf(client.deleteSavedSession('../victim'))).toBe('INVALID_SESSION_ID');
    });
  });
}
