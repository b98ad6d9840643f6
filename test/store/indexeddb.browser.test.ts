import { openDB } from 'idb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createSessionManager } from '../../src/index.ts';
import { indexedDbStore, type StoreState } from '../../src/store/indexeddb.ts';
import { life, loadedSeqs } from '../../src/testing/store/facts.ts';
import { codeOf, codeThrown, failureOf, textOf } from '../support/errors.ts';
import { useDatabases } from './indexeddb/stage.ts';

const newName = useDatabases();

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const close = (lease: AsyncDisposable) => lease[Symbol.asyncDispose]();

describe('indexedDbStore', () => {
  it('refuses a wrong argument with INVALID_ARGUMENT, and says which', () => {
    const wrong: unknown[][] = [
      [''],
      [7],
      ['rooms', null],
      ['rooms', { retain: 1 }],
      ['rooms', { retainEvents: -1 }],
      ['rooms', { retainMs: 0.5 }],
      ['rooms', { blockedMs: 2 ** 31 }],
      ['rooms', { fallback: 'disk' }],
    ];
    for (const args of wrong)
      expect(codeThrown(() => indexedDbStore(...(args as [string])))).toBe('INVALID_ARGUMENT');
    expect(codeThrown(() => indexedDbStore('rooms').subscribe(7 as never))).toBe('INVALID_ARGUMENT');
  });

  it('opens nothing before it is asked to', async () => {
    const name = newName();
    expect(indexedDbStore(name).state).toEqual({ is: 'closed' });
    expect((await indexedDB.databases()).map((each) => each.name)).not.toContain(name);
  });

  it('has one owner, on one page as over all: the second open is STORE_LOCKED, also of another object', async () => {
    const name = newName();
    const store = indexedDbStore(name);
    const lease = await store.open({ owner: 'ada' });
    const other = indexedDbStore(name);
    const failures = await Promise.all([
      failureOf(store.open({ owner: 'bob' })),
      failureOf(other.open({ owner: 'eve' })),
    ]);
    for (const failure of failures) {
      expect(failure.code).toBe('STORE_LOCKED');
      expect(textOf(failure)).toContain('ada');
    }
    expect([store.state, other.state]).toEqual([{ is: 'durable' }, { is: 'refused', reason: failures[1] }]);
    await lease.append(life(1));
    await close(lease);
    const next = await other.open({ owner: 'eve' });
    expect([other.state.is, await loadedSeqs(next, 'a')]).toEqual(['durable', [1]]);
    await close(next);
    expect([store.state, other.state]).toEqual([{ is: 'closed' }, { is: 'closed' }]);
  });

  it('says durable while it is, closed before and after, and gives the same object until it changes', async () => {
    const store = indexedDbStore(newName());
    const states: StoreState[] = [store.state];
    const stop = store.subscribe((state) => states.push(state));
    const lease = await store.open({ owner: 'test' });
    expect(store.state).toBe(store.state);
    await lease.append(life(2));
    await close(lease);
    expect(states.map(({ is }) => is)).toEqual(['closed', 'opening', 'durable', 'closed']);
    stop();
    await close(await store.open({ owner: 'test' }));
    expect(states).toHaveLength(4);
  });

  it('gives a manager its sessions back', async () => {
    const name = newName();
    const first = createSessionManager({ store: indexedDbStore(name) });
    const session = await first.createSession({ id: 'ada' });
    await session.send('user', 'hello');
    await first.close();
    const second = createSessionManager({ store: indexedDbStore(name) });
    expect(await second.ready).toEqual({ recovered: 1, quarantined: [] });
    expect(await second.session('ada').context.history()).toMatchObject([{ content: 'hello' }]);
    await second.close();
  });
});

describe('a browser without what it takes', () => {
  const without: ReadonlyArray<readonly [string, Record<string, unknown>, () => void]> = [
    ['IndexedDB', { missing: 'indexedDB' }, () => vi.stubGlobal('indexedDB', undefined)],
    [
      'IndexedDB that opens, as in a private window',
      { missing: 'indexedDB', fault: 'InvalidStateError' },
      () =>
        void vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(() => {
          throw new DOMException('A mutation operation was attempted', 'InvalidStateError');
        }),
    ],
    ['Web Locks', { missing: 'locks' }, () => vi.stubGlobal('navigator', {})],
    [
      'Web Locks that are given, as in a sandboxed frame',
      { missing: 'locks' },
      () =>
        void vi
          .spyOn(LockManager.prototype, 'request')
          .mockRejectedValue(new DOMException('Access denied', 'SecurityError')),
    ],
  ];

  it.each(without)('without %s: announced, and sessions go on in memory', async (_what, details, take) => {
    const name = newName();
    const store = indexedDbStore(name);
    const heard: StoreState[] = [];
    store.subscribe((state) => heard.push(state));
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    take();
    const manager = createSessionManager({ store });
    const session = await manager.createSession({ id: 'ada' });
    await session.send('user', 'hello');
    expect(heard.map(({ is }) => is)).toEqual(['opening', 'memory']);
    expect(store.state).toMatchObject({ is: 'memory', reason: { code: 'STORE_FAILED', details } });
    await manager.close();
    expect(store.state).toEqual({ is: 'closed' });
    const next = createSessionManager({ store });
    expect(await next.session('ada').context.history()).toHaveLength(1);
    expect(await codeOf(store.open({ owner: 'second' }))).toBe('STORE_LOCKED');
    expect(store.state.is).toBe('memory');
    await next.close();
    expect(warn).not.toHaveBeenCalled();
  });

  it('warns once when nobody has subscribed to the state, so that it is never silent', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    vi.stubGlobal('indexedDB', undefined);
    const store = indexedDbStore(newName());
    await close(await store.open({ owner: 'test' }));
    await close(await store.open({ owner: 'test' }));
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/memory only.*IndexedDB/)]]);
  });

  it('rejects instead with the option, and says so', async () => {
    vi.stubGlobal('indexedDB', undefined);
    const store = indexedDbStore(newName(), { fallback: 'none' });
    const failure = await failureOf(store.open({ owner: 'test' }));
    expect([failure.code, store.state]).toEqual(['STORE_FAILED', { is: 'refused', reason: failure }]);
    vi.unstubAllGlobals();
    const lease = await store.open({ owner: 'test' });
    expect(store.state).toEqual({ is: 'durable' });
    await close(lease);
  });
});

describe('another tab that keeps the database from opening', () => {
  it('is waited for', async () => {
    const name = newName();
    const other = await openDB(name, 1);
    const deleting = indexedDB.deleteDatabase(name);
    const store = indexedDbStore(name, { blockedMs: 2 ** 31 - 1 });
    const opening = store.open({ owner: 'test' });
    expect(store.state).toEqual({ is: 'opening' });
    other.close();
    await new Promise((resolve) => deleting.addEventListener('success', resolve));
    await close(await opening);
  });

  it('leaves sessions in memory after its bound, announced, and what is stored as it is', async () => {
    const name = newName();
    const other = await openDB(name, 1);
    const deleting = indexedDB.deleteDatabase(name);
    const store = indexedDbStore(name, { blockedMs: 1 });
    const heard: string[] = [];
    store.subscribe(({ is }) => heard.push(is));
    const lease = await store.open({ owner: 'test' });
    expect([heard, lease.volatile]).toEqual([['opening', 'memory'], true]);
    expect(store.state).toMatchObject({ reason: { code: 'STORE_FAILED', details: { blocked: true } } });
    await close(lease);
    other.close();
    await new Promise((resolve) => deleting.addEventListener('success', resolve));
  });
});

describe('in a worker', () => {
  it('keeps sessions as in a page, and its lock is free when it is terminated', async () => {
    const name = newName();
    const worker = new Worker(new URL('./indexeddb/worker.ts', import.meta.url), { type: 'module' });
    const answer = new Promise((resolve) => {
      worker.onmessage = ({ data }) => resolve(data);
    });
    worker.postMessage(name);
    expect(await answer).toEqual({ state: 'durable', said: ['hello'] });
    expect(await codeOf(indexedDbStore(name).open({ owner: 'page' }))).toBe('STORE_LOCKED');
    worker.terminate();
    const manager = createSessionManager({ store: indexedDbStore(name) });
    expect(await manager.session('ada').context.history()).toMatchObject([{ content: 'hello' }]);
    await manager.close();
  });
});
