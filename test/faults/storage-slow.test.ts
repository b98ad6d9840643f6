import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { SessionStore } from '../../src/store/port.ts';
import { sqliteStore } from '../../src/store/sqlite.ts';
import { testClock } from '../support/clock.ts';
import { codeOf } from '../support/errors.ts';
import { collect } from '../support/events.ts';
import { type Gate, gate } from '../support/gate.ts';
import { stateOf, turns } from '../support/turns.ts';
import { contentOf, newFile, open, openFile } from './storage-files.ts';

/** The store, whose appends wait at a gate once `stall` was called, and until it opens. */
function stalling(store: SessionStore) {
  let stalled: Gate | undefined;
  const slow: SessionStore = {
    async open(options) {
      const lease = await store.open(options);
      return new Proxy(lease, {
        get(target, key) {
          if (key === 'append')
            return async (records: Parameters<typeof lease.append>[0]) => {
              await stalled?.promise;
              return lease.append(records);
            };
          const value: unknown = Reflect.get(target, key, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    },
  };
  return {
    slow,
    stall(): Gate {
      stalled = gate();
      return stalled;
    },
  };
}

describe('storage faults: slowness', () => {
  it('a write that takes 30 s: look-ups and listeners of all sessions go on, and each call settles once it is durable', async () => {
    const clock = testClock(1_000_000);
    const file = newFile();
    const { slow, stall } = stalling(sqliteStore(file));
    const manager = open({ store: slow, clock });
    await manager.createSession({ id: 'a' });
    await manager.createSession({ id: 'b' });
    await manager.sendMessage('b', 'user', 'before');
    const seen = collect(manager);

    const disk = stall();
    const sent = [
      manager.sendMessage('a', 'user', 'one'),
      manager.sendMessage('a', 'user', 'two'),
      manager.sendMessage('b', 'user', 'three'),
    ];
    const created = manager.createSession({ id: 'c' });
    await clock.advance(30_000);
    for (const call of [...sent, created]) expect(await stateOf(call)).toBe('pending');

    // Nothing that is not durable is shown or published, and nobody who only looks has to wait.
    expect(await contentOf(manager, 'a')).toEqual([]);
    expect(await contentOf(manager, 'b')).toEqual(['before']);
    expect((await manager.getSessionInfo('b')).messageCount).toBe(1);
    expect((await manager.listSessions()).map(({ id }) => id)).toEqual(['a', 'b']);
    expect(await codeOf(manager.getSessionInfo('nobody'))).toBe('SESSION_NOT_FOUND');
    expect(seen.events).toEqual([]);
    const replayed = collect(manager, { from: 0 });
    await clock.advance(0);
    const early = manager.sendMessage('b', 'user', 'four');

    disk.open();
    expect((await Promise.all([...sent, early])).map(({ id }) => id)).toEqual(['a:1', 'a:2', 'b:2', 'b:3']);
    await created;
    expect(await contentOf(manager, 'b')).toEqual(['before', 'three', 'four']);
    expect(seen.of('conversation_added').map(({ message }) => message.content)).toEqual([
      'one',
      'two',
      'three',
      'four',
    ]);
    expect(replayed.events.slice(-seen.events.length)).toEqual(seen.events);
    await manager.close();
    const again = openFile(file);
    expect(await contentOf(again, 'a')).toEqual(['one', 'two']);
    expect(await contentOf(again, 'b')).toEqual(['before', 'three', 'four']);
  });

  it('a write that the file makes wait: the event loop is not blocked, and the call resolves when it is durable', async () => {
    const file = newFile();
    const manager = openFile(file);
    await manager.createSession({ id: 'a' });
    const other = new Database(file);
    try {
      other.exec('BEGIN IMMEDIATE');
      const sent = manager.sendMessage('a', 'user', 'patient');
      let longestMs = 0;
      for (let n = 0, last = performance.now(); n < 200; n += 1) {
        await turns(1);
        longestMs = Math.max(longestMs, performance.now() - last);
        last = performance.now();
      }
      expect(await stateOf(sent)).toBe('pending');
      expect(await contentOf(manager, 'a')).toEqual([]);
      // SQLite waits 5 s for the other program, on a thread of its own.
      expect(longestMs).toBeLessThan(2000);
      other.exec('ROLLBACK');
      expect((await sent).id).toBe('a:1');
    } finally {
      other.close();
    }
    expect(await contentOf(manager, 'a')).toEqual(['patient']);
  });

  it('a write that is under way as the manager closes: it is acknowledged and found, or refused and not', async () => {
    const file = newFile();
    const { slow, stall } = stalling(sqliteStore(file));
    const manager = open({ store: slow });
    await manager.createSession({ id: 'a' });
    const disk = stall();
    const first = manager.sendMessage('a', 'user', 'under way');
    await turns();
    const second = codeOf(manager.sendMessage('a', 'user', 'waiting'));
    await turns();
    const closed = manager.close();
    disk.open();
    expect((await first).id).toBe('a:1');
    expect(await second).toBe('MANAGER_CLOSED');
    await closed;
    const again = openFile(file);
    expect(await contentOf(again, 'a')).toEqual(['under way']);
  });
});
