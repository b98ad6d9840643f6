import { describe, expect, it } from 'vitest';
import type { Session } from '../../src/client.ts';
import { createSessionManager } from '../../src/manager.ts';
import { formatDocument, parseDocument } from '../../src/store/document.ts';
import { memoryStore } from '../../src/store/memory.ts';
import type { SessionStore, StoreLease } from '../../src/store/port.ts';
import { exportSaved, exportSession, importSaved, importSession } from '../../src/store/transfer.ts';
import { testClock } from '../support/clock.ts';
import { codeOf, failureOf } from '../support/errors.ts';
import { documentOf } from './documents.ts';
import { media } from './media.ts';

const NOW = Date.UTC(2026, 5, 1);

async function withLease<R>(store: SessionStore, use: (lease: StoreLease) => Promise<R>): Promise<R> {
  await using lease = await store.open({ owner: 'test' });
  return await use(lease);
}

describe.each(media)('a session that moves, over %s', (_name, newStore) => {
  it('is found active by the next manager, with all that it held', async () => {
    const from = newStore();
    const before = createSessionManager({ store: from, clock: testClock(NOW) });
    const session = await before.createSession({ id: 'ada', metadata: { a: 1 }, llmConfig: { model: 'm' } });
    const first = await session.send('user', 'first', { idempotencyKey: 'k', metadata: { b: 2 } });
    await session.send('assistant', [{ type: 'text', text: 'second' }], { toolCallId: 't' });
    await session.context.addFile('src/a.ts');
    await session.context.updateFileIndex('src/b.ts', { lines: 3 });
    await session.context.put('plan', ['one', null]);
    const contents = async (of: Session) => ({
      history: await of.context.history(),
      files: await of.context.activeFiles(),
      index: await of.context.fileIndex(),
      plan: await of.context.get('plan'),
    });
    const held = await contents(session);
    await before.close();

    const text = formatDocument(await withLease(from, (lease) => exportSession(lease, 'ada', { now: NOW })));
    const to = newStore();
    const id = await withLease(to, (lease) => importSession(lease, parseDocument(text), { now: NOW + 5 }));
    expect(id).toBe('ada');

    await using after = createSessionManager({ store: to, clock: testClock(NOW) });
    const moved = after.session('ada');
    expect(await moved.info()).toMatchObject({
      status: 'active',
      metadata: { a: 1 },
      llmConfig: { model: 'm' },
      createdAt: '2026-06-01T00:00:00.005Z',
      messageCount: 2,
      activeFileCount: 1,
      restarts: 0,
    });
    expect(await contents(moved)).toEqual(held);
    expect(await moved.send('user', 'again', { idempotencyKey: 'k' })).toEqual(first);
    expect((await moved.send('user', 'third')).id).toBe('ada:3');
  });

  it('leaves out of its document nothing that another export would say', async () => {
    const store = newStore();
    await withLease(store, async (lease) => {
      await importSession(lease, documentOf());
      const document = await exportSession(lease, 'ada', { now: Date.parse(documentOf().savedAt) });
      expect(document).toEqual(documentOf());
    });
  });

  it('under another id has its messages under that, so that its history can be paged', async () => {
    const store = newStore();
    await withLease(store, (lease) => importSession(lease, documentOf(), { as: 'zoe' }));
    await using manager = createSessionManager({ store });
    const { context } = manager.session('zoe');
    const history = await context.history();
    expect(history.map(({ id }) => id)).toEqual(['zoe:4', 'zoe:5']);
    expect((await context.history({ before: 'zoe:5' })).map(({ id }) => id)).toEqual(['zoe:4']);
    expect((await context.addMessage('user', 'x', { idempotencyKey: 'first' })).id).toBe('zoe:1');
    expect((await context.addMessage('user', 'x', { idempotencyKey: 'second' })).id).toBe('zoe:5');
    expect((await context.addMessage('user', 'x')).id).toBe('zoe:6');
    expect(await codeOf(manager.getSessionInfo('ada'))).toBe('SESSION_NOT_FOUND');
  });

  it('to the saved shelf is listed and restored from there', async () => {
    const store = newStore();
    await withLease(store, (lease) => importSaved(lease, documentOf()));
    await using manager = createSessionManager({ store });
    const { id, savedAt, messageCount, metadata } = documentOf();
    expect(await manager.listSavedSessions()).toEqual([{ id, savedAt, messageCount, metadata }]);
    expect(await manager.listSessions()).toEqual([]);
    const session = await manager.restoreSession('ada');
    expect(await session.context.history()).toEqual(
      documentOf().data.conversation.map(([message]) => message),
    );
  });

  it('from the saved shelf is what was saved, whatever came later', async () => {
    const store = newStore();
    const manager = createSessionManager({ store, clock: testClock(NOW) });
    const session = await manager.createSession({ id: 'ada' });
    await session.send('user', 'before');
    await manager.saveSession('ada');
    await session.send('user', 'after');
    await manager.close();
    await withLease(store, async (lease) => {
      expect(await exportSaved(lease, 'ada')).toMatchObject({
        savedAt: '2026-06-01T00:00:00.000Z',
        messageCount: 1,
      });
      expect(await exportSession(lease, 'ada')).toMatchObject({ messageCount: 2 });
    });
  });

  it('keeps its deadlines, counted from the import', async () => {
    const store = newStore();
    const document = documentOf();
    const config = { ...document.data.config, terminateAfterMs: 1000 };
    const ending = { ...document, data: { ...document.data, config } };
    await withLease(store, (lease) => importSession(lease, ending, { now: NOW }));
    await withLease(store, async (lease) => {
      expect(await lease.head('ada')).toMatchObject({ status: 'active', wakeAt: NOW + 1000 });
    });
  });

  it('comes in behind its own messages: whoever reads on from one of them misses nothing', async () => {
    const store = newStore();
    await withLease(store, async (lease) => {
      await importSession(lease, documentOf());
      const newest = 12;
      expect(await lease.head('ada')).toMatchObject({ seq: newest + 1 });
      expect(lease.lastSeq).toBe(newest + 2);
    });
    await using manager = createSessionManager({ store });
    const last = (await manager.session('ada').context.history()).at(-1);
    const events = manager.events({ from: last?.seq ?? 0 });
    const { seq } = await manager.sendMessage('ada', 'user', 'next');
    const heard: string[] = [];
    for await (const event of events) {
      heard.push(event.type);
      if (event.seq === seq) break;
    }
    expect(heard).toEqual(['session_created', 'session_status', 'conversation_added']);
  });
});

describe('what may not be', () => {
  const store = () => memoryStore().open({ owner: 'test' });

  it('an id that is taken, in the store or on the shelf, by each for itself', async () => {
    const lease = await store();
    await importSession(lease, documentOf());
    expect(await failureOf(importSession(lease, documentOf()))).toMatchObject({
      code: 'DUPLICATE_SESSION',
      sessionId: 'ada',
      message: 'The store has a session "ada" already; terminate it first, or import under another id.',
    });
    await importSaved(lease, documentOf());
    expect(await failureOf(importSaved(lease, documentOf()))).toMatchObject({
      code: 'DUPLICATE_SESSION',
      message: 'The store has a saved session "ada" already; replace it, or import under another id.',
    });
    expect(await importSession(lease, documentOf(), { as: 'zoe' })).toBe('zoe');
    expect(await codeOf(importSession(lease, documentOf('bob'), { as: 'zoe' }))).toBe('DUPLICATE_SESSION');
    expect(lease.lastSeq).toBe(16);
  });

  it('to replace a saved session without saying so', async () => {
    const lease = await store();
    await importSaved(lease, documentOf());
    const savedAt = '2026-02-02T00:00:00.000Z';
    await importSaved(lease, { ...documentOf(), savedAt }, { replace: true });
    expect(await exportSaved(lease, 'ada')).toMatchObject({ savedAt });
  });

  it('a document that breaks the rules, though nobody parsed it', async () => {
    const lease = await store();
    const wrong = { ...documentOf(), messageCount: 7 };
    expect(await codeOf(importSession(lease, wrong))).toBe('INVALID_ARGUMENT');
    expect(await codeOf(importSaved(lease, wrong))).toBe('INVALID_ARGUMENT');
    expect(await codeOf(importSession(lease, documentOf('../x')))).toBe('INVALID_SESSION_ID');
    expect(await codeOf(importSession(lease, documentOf(), { as: '../x' }))).toBe('INVALID_SESSION_ID');
    expect(await codeOf(importSaved(lease, documentOf(), { as: '' }))).toBe('INVALID_SESSION_ID');
    expect(await codeOf(importSession(lease, documentOf(), { limits: { maxMessageBytes: 5 } }))).toBe(
      'PAYLOAD_TOO_LARGE',
    );
    expect([lease.lastSeq, await lease.saved.list()]).toEqual([0, []]);
  });

  it('an export of what is not there', async () => {
    const lease = await store();
    const missing = { code: 'SESSION_NOT_FOUND', sessionId: 'ada' };
    expect(await failureOf(exportSession(lease, 'ada'))).toMatchObject({
      ...missing,
      message: 'The store has no session "ada".',
    });
    expect(await failureOf(exportSaved(lease, 'ada'))).toMatchObject({
      ...missing,
      message: 'The store has no saved session "ada".',
    });
    expect(await codeOf(exportSession(lease, '../x'))).toBe('INVALID_SESSION_ID');
    expect(await codeOf(exportSaved(lease, '__proto__'))).toBe('INVALID_SESSION_ID');
  });

  it('an option that is misspelt', async () => {
    const lease = await store();
    const options = { As: 'x' } as never;
    for (const call of [
      exportSession(lease, 'a', options),
      importSession(lease, documentOf(), options),
      importSaved(lease, documentOf(), options),
    ])
      expect(await failureOf(call)).toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringMatching(/^options /),
      });
  });
});
