import { describe, expect, it } from 'vitest';
import { SessionError } from '../../src/errors.ts';
import type { SavedDocument, StoreLease } from '../../src/store/port.ts';
import { deferredStore } from '../support/deferred-store.ts';
import { codeOf, failureOf } from '../support/errors.ts';
import { thawed } from '../support/frozen.ts';
import { gate } from '../support/gate.ts';
import { stateOf, turns } from '../support/turns.ts';
import { stage } from './stage.ts';
import { storeUnderTest } from './stores.ts';

/** A store whose shelf is a plain list that a test can look into and spoil. */
function shelved() {
  const documents = new Map<string, SavedDocument>();
  const faults: Partial<StoreLease['saved']> = {};
  const shelf: StoreLease['saved'] = {
    put: (document) => void documents.set(document.id, document),
    get: (id) => documents.get(id),
    list: () => [...documents.values()],
    ids: () => [...documents.keys()],
    delete: (id) => documents.delete(id),
  };
  const saved: StoreLease['saved'] = {
    put: (document) => (faults.put ?? shelf.put)(document),
    get: (id) => (faults.get ?? shelf.get)(id),
    list: () => (faults.list ?? shelf.list)(),
    ids: () => (faults.ids ?? shelf.ids)(),
    delete: (id) => (faults.delete ?? shelf.delete)(id),
  };
  const store = storeUnderTest({ parts: { saved } });
  return { documents, faults, store };
}

describe('saving', () => {
  it('writes down what the session holds at that moment, as a document of its own', async () => {
    const { documents, store } = shelved();
    const on = stage({ store });
    const session = await on.manager.createSession({ id: 's', metadata: { owner: 'me' } });
    await session.send('user', 'before');
    await on.clock.advance(1500);
    const saved = on.manager.saveSession('s');
    await session.send('user', 'after');
    expect(await saved).toEqual({
      id: 's',
      savedAt: '2026-01-01T00:00:01.500Z',
      messageCount: 1,
      metadata: { owner: 'me' },
    });
    const document = documents.get('s');
    expect(document).toMatchObject({ version: 1, messageCount: 1, data: { messageNumber: 1 } });
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
    expect(Object.isFrozen(document)).toBe(true);
    expect(thawed(await saved)).toBeUndefined();
  });

  it('again replaces what was saved', async () => {
    const { documents, store } = shelved();
    const on = stage({ store });
    const session = await on.manager.createSession({ id: 's' });
    await on.manager.saveSession('s');
    await session.send('user', 'x');
    await on.manager.saveSession('s');
    expect([documents.size, documents.get('s')?.messageCount]).toEqual([1, 1]);
  });

  it('waits for a store that takes its time, holds up nobody, and is given up when the manager closes', async () => {
    const { faults, store } = shelved();
    const on = stage({ store });
    const session = await on.manager.createSession({ id: 's' });
    const hold = gate();
    faults.put = () => hold.promise;
    const saving = on.manager.saveSession('s');
    await session.send('user', 'meanwhile');
    expect(await stateOf(saving)).toBe('pending');
    const code = codeOf(saving);
    await on.manager.close();
    expect(await code).toBe('MANAGER_CLOSED');
  });

  it('that the store refuses is STORE_FAILED, with the cause', async () => {
    const { faults, store } = shelved();
    const on = stage({ store });
    await on.manager.createSession({ id: 's' });
    const refuse = () => Promise.reject(new Error('the disk is full'));
    Object.assign(faults, { put: refuse, get: refuse, list: refuse, delete: refuse });
    const calls = [
      on.manager.saveSession('s'),
      on.manager.restoreSession('t'),
      on.manager.listSavedSessions(),
      on.manager.deleteSavedSession('s'),
    ];
    expect(await Promise.all(calls.map(codeOf))).toEqual(Array(4).fill('STORE_FAILED'));
  });
});

describe('a store of saved sessions that says itself what is wrong', () => {
  it('is believed: its error comes through as it is', async () => {
    const { faults, store } = shelved();
    const on = stage({ store });
    await on.manager.createSession({ id: 's' });
    const locked = new SessionError('STORE_LOCKED', 'somebody else writes');
    faults.put = () => Promise.reject(locked);
    expect(await failureOf(on.manager.saveSession('s'))).toBe(locked);
  });
});

describe('the list of what is saved', () => {
  it('is oldest first, and by id where the time is the same', async () => {
    const { store } = shelved();
    const on = stage({ store });
    for (const id of ['c', 'a', 'b']) await on.manager.createSession({ id });
    await on.manager.saveSession('c');
    await on.clock.advance(1);
    await on.manager.saveSession('b');
    await on.manager.saveSession('a');
    const list = await on.manager.listSavedSessions();
    expect(list.map(({ id }) => id)).toEqual(['c', 'a', 'b']);
    expect(Object.keys(list[0] ?? {})).toEqual(['id', 'savedAt', 'messageCount', 'metadata']);
    expect(thawed(list)).toBeUndefined();
  });

  it('is whatever the store says, also two of one time and id', async () => {
    const { faults, store } = shelved();
    const on = stage({ store });
    await on.manager.createSession({ id: 's' });
    const document = { id: 's', savedAt: 'x', messageCount: 0, metadata: {}, version: 1, data: {} };
    faults.list = () => [document, document];
    expect(await on.manager.listSavedSessions()).toHaveLength(2);
  });
});

describe('restoring', () => {
  it('creates the session as it was saved, with its own config and the keys it knew', async () => {
    const { store } = shelved();
    const on = stage({ store });
    const session = await on.manager.createSession({
      id: 's',
      llmConfig: { model: 'm' },
      config: { maxMessages: 2 },
    });
    for (const key of ['1', '2', '3']) await session.send('user', key, { idempotencyKey: key });
    await session.context.addFile('a.ts');
    await on.manager.saveSession('s');
    await session.terminate();
    on.news();
    const back = await on.manager.restoreSession('s');
    expect(on.news()).toEqual(['session_created', 'initializing→active']);
    expect(await back.info()).toMatchObject({ llmConfig: { model: 'm' }, messageCount: 2, restarts: 0 });
    expect((await back.send('user', 'x', { idempotencyKey: '1' })).content).toBe('1');
    expect((await back.send('user', '4')).id).toBe('s:4');
    expect((await back.context.history()).map(({ content }) => content)).toEqual(['3', '4']);
  });

  it('survives the manager: the restored session is journaled whole', async () => {
    const { store } = shelved();
    const first = stage({ store });
    const session = await first.manager.createSession({ id: 's' });
    await session.send('user', 'kept');
    await first.manager.saveSession('s');
    await session.terminate();
    await (await first.manager.restoreSession('s')).send('user', 'new');
    await first.manager.close();
    const second = stage({ store });
    const history = await second.manager.session('s').context.history();
    expect(history.map(({ id, content }) => [id, content])).toEqual([
      ['s:1', 'kept'],
      ['s:2', 'new'],
    ]);
  });

  it.each([0, 2])('refuses a document of format %i and leaves it alone', async (version) => {
    const { documents, store } = shelved();
    const on = stage({ store });
    const session = await on.manager.createSession({ id: 's' });
    await on.manager.saveSession('s');
    await session.terminate();
    on.news();
    const document = documents.get('s') as SavedDocument;
    documents.set('s', { ...document, version });
    const error = await failureOf(on.manager.restoreSession('s'));
    expect(error).toMatchObject({ code: 'STORE_VERSION', sessionId: 's' });
    expect(error.message).toBe(`The saved session "s" has format ${version}; this version reads 1.`);
    expect(documents.get('s')).toEqual({ ...document, version });
    expect(on.news()).toEqual([]);
  });

  it('of messages numbered beyond this store makes none of them a cursor into its future', async () => {
    const { documents, store } = shelved();
    const on = stage({ store });
    const session = await on.manager.createSession({ id: 's' });
    await session.send('user', 'from elsewhere');
    await on.manager.saveSession('s');
    await session.terminate();
    const document = structuredClone(documents.get('s')) as SavedDocument;
    const { conversation } = document.data as unknown as { conversation: [{ seq: number }, number][] };
    for (const [message] of conversation) message.seq = 5000;
    documents.set('s', document);
    const back = await on.manager.restoreSession('s');
    const { seq } = await back.send('user', 'from here');
    expect(seq).toBeGreaterThan(5000);
  });

  it('refuses an id that is taken, before it reads and after', async () => {
    const { faults, documents, store } = shelved();
    const on = stage({ store });
    const session = await on.manager.createSession({ id: 's' });
    await on.manager.saveSession('s');
    expect(await codeOf(on.manager.restoreSession('s'))).toBe('DUPLICATE_SESSION');
    await session.terminate();
    const hold = gate();
    faults.get = async (id) => {
      await hold.promise;
      return documents.get(id);
    };
    const restored = codeOf(on.manager.restoreSession('s'));
    await turns();
    await on.manager.createSession({ id: 's' });
    hold.open();
    expect(await restored).toBe('DUPLICATE_SESSION');
  });

  it('refuses the id of a live session also when nothing was ever saved under it', async () => {
    const on = stage({ store: shelved().store });
    await on.manager.createSession({ id: 's' });
    expect(await codeOf(on.manager.restoreSession('s'))).toBe('DUPLICATE_SESSION');
  });

  it('and deleting say which one was never saved', async () => {
    const on = stage({ store: shelved().store });
    for (const call of [on.manager.restoreSession('s'), on.manager.deleteSavedSession('s')])
      expect(await failureOf(call)).toMatchObject({ code: 'SESSION_NOT_FOUND', sessionId: 's' });
  });

  it('a deleted one is no longer possible', async () => {
    const { documents, store } = shelved();
    const on = stage({ store });
    await on.manager.createSession({ id: 's' });
    await on.manager.saveSession('s');
    await on.manager.deleteSavedSession('s');
    expect([documents.size, await on.manager.listSavedSessions()]).toEqual([0, []]);
    expect(await codeOf(on.manager.deleteSavedSession('s'))).toBe('SESSION_NOT_FOUND');
  });
});

describe('saving over a store that takes its time', () => {
  it('has what was asked of the session before, and not what comes after', async () => {
    const on = stage({ store: deferredStore() });
    const session = await on.manager.createSession({ id: 's' });
    const before = session.send('user', 'before');
    const saved = on.manager.saveSession('s');
    const after = session.send('user', 'after');
    await Promise.all([before, after]);
    expect((await saved).messageCount).toBe(1);
  });

  it('of a session whose end was asked for before finds none', async () => {
    const on = stage({ store: deferredStore() });
    await on.manager.createSession({ id: 's' });
    const ended = on.manager.killSession('s');
    expect(await codeOf(on.manager.saveSession('s'))).toBe('SESSION_NOT_FOUND');
    await ended;
    expect(await on.manager.listSavedSessions()).toEqual([]);
  });
});
