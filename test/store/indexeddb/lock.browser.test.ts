import { describe, expect, it } from 'vitest';
import { takeLock } from '../../../src/store/indexeddb/lock.ts';
import { failureOf } from '../../support/errors.ts';
import { silent } from './stage.ts';

const { locks } = navigator;
const newName = () => `rooms ${crypto.randomUUID()}`;
const take = (name: string, owner = 'test', stolen = silent) => takeLock(locks, name, owner, stolen);

describe('the lock of a store', () => {
  it('is one at a time: the second is STORE_LOCKED, and hears who has it', async () => {
    const name = newName();
    const release = await take(name, 'ada');
    const failure = await failureOf(take(name, 'bob'));
    expect([failure.code, failure.details]).toEqual(['STORE_LOCKED', { name, owner: 'ada' }]);
    expect(failure.message).toContain('"ada"');
    const other = await take(newName(), 'bob');
    await other();
    await release();
  });

  it('is STORE_LOCKED too in a browser that does not say why it stopped waiting', async () => {
    const name = newName();
    const release = await take(name, 'ada');
    const request = (lockName: string, options: LockOptions, use: LockGrantedCallback<unknown>) => {
      const given = new AbortController();
      options.signal?.addEventListener('abort', () => given.abort());
      return locks.request(lockName, { ...options, signal: given.signal }, use);
    };
    const older = { request, query: () => locks.query() } as unknown as LockManager;
    const failure = await failureOf(takeLock(older, name, 'bob', silent));
    expect([failure.code, failure.details]).toEqual(['STORE_LOCKED', { name, owner: 'ada' }]);
    await release();
  });

  it('is free when it was given back, which may be done twice', async () => {
    const name = newName();
    const release = await take(name);
    await Promise.all([release(), release()]);
    const next = await take(name);
    expect((await failureOf(take(name))).code).toBe('STORE_LOCKED');
    await next();
    const { held = [] } = await locks.query();
    expect(held.filter((lock) => lock.name?.includes(name))).toEqual([]);
  });

  it('is free when the page that held it is gone, however that came', async () => {
    const name = newName();
    const frame = document.body.appendChild(document.createElement('iframe'));
    const inside = frame.contentWindow?.navigator.locks as LockManager;
    await takeLock(inside, name, 'frame', silent);
    expect((await failureOf(take(name))).details).toEqual({ name, owner: 'frame' });
    frame.remove();
    const release = await take(name);
    await release();
  });

  it('tells when another takes it by force, and not when it was given back', async () => {
    const name = newName();
    let stolen = 0;
    const count = () => {
      stolen += 1;
    };
    const release = await take(name, 'test', count);
    const thief = Promise.withResolvers<void>();
    await new Promise<void>((granted) => {
      locks.request(`chartroom:store:${name}`, { steal: true }, () => {
        granted();
        return thief.promise;
      });
    });
    await expect.poll(() => stolen).toBe(1);
    await release();
    thief.resolve();
    const own = await take(name, 'test', count);
    await own();
    expect(stolen).toBe(1);
  });

  it('passes on what the browser says when it gives no locks', async () => {
    const refusing = {
      request: () => Promise.reject(new DOMException('not here', 'SecurityError')),
    } as unknown as LockManager;
    await expect(takeLock(refusing, newName(), 'test', silent)).rejects.toThrow('not here');
  });

  it('is refused without a name when nobody can tell who has it', async () => {
    const mute = {
      request: () => Promise.reject(new DOMException('late', 'TimeoutError')),
      query: () => Promise.reject(new Error('no')),
    } as unknown as LockManager;
    const failure = await failureOf(takeLock(mute, 'rooms', 'test', silent));
    expect([failure.code, failure.details]).toEqual(['STORE_LOCKED', { name: 'rooms' }]);
    expect(failure.message).toContain('another manager');
  });
});
