import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { quarantinedSessions } from '../../src/store/index.ts';
import { sqliteStore } from '../../src/store/sqlite.ts';
import { testClock } from '../support/clock.ts';
import { codeOf, failureOf, textOf } from '../support/errors.ts';
import { collect, drain } from '../support/events.ts';
import { alter, contentOf, newFile, nextEvent, openFile } from './storage-files.ts';

/** A file with sessions `a`, `b` and `c`, each with two messages. */
async function threeSessions(): Promise<string> {
  const file = newFile();
  const manager = openFile(file);
  for (const id of ['a', 'b', 'c']) {
    await manager.createSession({ id });
    await manager.sendMessage(id, 'user', `first of ${id}`);
    await manager.sendMessage(id, 'user', `second of ${id}`);
  }
  await manager.close();
  return file;
}

const held = (id: string) => [`first of ${id}`, `second of ${id}`];

describe('storage faults: damage', () => {
  const damages: ReadonlyArray<readonly [what: string, damage: (file: string) => void]> = [
    [
      'a changed row',
      (file) =>
        alter(file, (database) =>
          database.exec(`UPDATE facts SET payload = replace(payload, 'second of b', 'SECOND of b')`),
        ),
    ],
    [
      'a deleted row',
      (file) =>
        alter(file, (database) => database.exec(`DELETE FROM facts WHERE payload LIKE '%first of b%'`)),
    ],
    [
      'one flipped bit',
      (file) => {
        const bytes = readFileSync(file);
        const at = bytes.indexOf('second of b');
        expect(at).toBeGreaterThan(0);
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        writeFileSync(file, bytes);
      },
    ],
  ];

  it.each(damages)(
    'a corrupt session (%s) is quarantined and reported; the others recover',
    async (_, damage) => {
      const file = await threeSessions();
      damage(file);
      const manager = openFile(file);
      const report = await manager.ready;
      expect(report).toMatchObject({ recovered: 2, quarantined: [{ id: 'b' }] });
      expect(report.quarantined[0]?.reason).toMatch(/session "b" cannot be read/i);
      expect(await contentOf(manager, 'a')).toEqual(held('a'));
      expect(await contentOf(manager, 'c')).toEqual(held('c'));
      expect((await manager.listSessions()).map(({ id }) => id)).toEqual(['a', 'c']);
      // Nothing is written over what somebody may yet want to save.
      expect(await codeOf(manager.createSession({ id: 'b' }))).toBe('STORE_CORRUPT');
      expect(await contentOf(manager, 'b')).toBe('STORE_CORRUPT');
      expect((await manager.sendMessage('a', 'user', 'goes on')).id).toBe('a:3');
      await manager.close();

      const lease = await sqliteStore(file).open({ owner: 'test' });
      expect((await quarantinedSessions(lease)).map(({ id }) => id)).toEqual(['b']);
      await lease.remove('b');
      await lease[Symbol.asyncDispose]();
      const mended = openFile(file);
      expect(await mended.ready).toMatchObject({ recovered: 2, quarantined: [] });
      expect((await mended.createSession({ id: 'b' })).id).toBe('b');
    },
  );

  it('a newer format is STORE_VERSION for every call, and nothing is overwritten', async () => {
    const file = await threeSessions();
    alter(file, (database) => database.pragma('user_version = 99'));
    const before = digest(file);
    const manager = openFile(file);
    expect(await codeOf(manager.ready)).toBe('STORE_VERSION');
    expect(await codeOf(manager.createSession({ id: 'new' }))).toBe('STORE_VERSION');
    expect(await codeOf(manager.listSessions())).toBe('STORE_VERSION');
    await manager.close();
    expect(digest(file)).toBe(before);
    expect(existsSync(`${file}-wal`) && readFileSync(`${file}-wal`).length > 0).toBe(false);
  });

  it.each(['stopped', 'error', 'terminated'])('stored status "%s" is not resurrected', async (status) => {
    const file = await threeSessions();
    const lease = await sqliteStore(file).open({ owner: 'test' });
    const head = await lease.head('b');
    await lease.append([
      {
        seq: lease.lastSeq + 1,
        sessionId: 'b',
        sessionSeq: (head?.sessionSeq ?? 0) + 1,
        type: 'session_status',
        at: '2026-01-01T00:00:00.000Z',
        payload: { status, previousStatus: 'active' },
      },
    ]);
    await lease[Symbol.asyncDispose]();
    const manager = openFile(file);
    expect(await manager.ready).toMatchObject({ recovered: 2, quarantined: [{ id: 'b' }] });
    expect((await manager.listSessions()).map(({ id }) => id)).toEqual(['a', 'c']);
    expect(await contentOf(manager, 'b')).toBe('STORE_CORRUPT');
  });
});

function digest(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

describe('storage faults: owners', () => {
  it('two managers on one store: the second is STORE_LOCKED, and the first goes on', async () => {
    const file = await threeSessions();
    const first = openFile(file);
    await first.ready;
    const second = openFile(file);
    const refusal = await failureOf(second.ready);
    expect(refusal.code).toBe('STORE_LOCKED');
    expect(textOf(refusal)).toContain(file);
    expect(await codeOf(second.sendMessage('a', 'user', 'x'))).toBe('STORE_LOCKED');
    expect((await first.sendMessage('a', 'user', 'mine')).id).toBe('a:3');
    await first.close();
    const third = openFile(file);
    expect(await contentOf(third, 'a')).toEqual([...held('a'), 'mine']);
  });

  it('a write that ends after another owner has opened is fenced, and changes nothing', async () => {
    const file = await threeSessions();
    const old = openFile(file);
    expect((await old.sendMessage('a', 'user', 'in time')).id).toBe('a:3');
    // The lock is lost by force: nothing but the epoch stands between the two.
    rmSync(`${file}.lock`);
    const next = openFile(file);
    await next.ready;
    expect(await codeOf(old.sendMessage('a', 'user', 'too late'))).toBe('STORE_LOCKED');
    expect(await codeOf(old.createSession({ id: 'late' }))).toBe('STORE_LOCKED');
    expect(await contentOf(old, 'a')).toEqual([...held('a'), 'in time']);
    expect((await next.sendMessage('a', 'user', 'the next')).id).toBe('a:4');
    await old.close();
    await next.close();
    const last = openFile(file);
    expect(await contentOf(last, 'a')).toEqual([...held('a'), 'in time', 'the next']);
    expect(await contentOf(last, 'late')).toBe('SESSION_NOT_FOUND');
  });
});

describe('storage faults: the clock', () => {
  const START = Date.parse('2026-01-01T00:00:00.000Z');
  const HOUR = 3_600_000;
  const config = { terminateAfterMs: HOUR };

  it('that steps back over a reopen ends nothing early, and the session ends once when its time has come', async () => {
    const file = newFile();
    const before = openFile(file, { clock: testClock(START) });
    await before.createSession({ id: 'a', config });
    await before.sendMessage('a', 'user', 'said');
    await before.close();

    const clock = testClock(START - 24 * HOUR);
    const after = openFile(file, { clock });
    const seen = collect(after, { from: 0 });
    expect(await contentOf(after, 'a')).toEqual(['said']);
    await clock.advance(24 * HOUR);
    expect(await contentOf(after, 'a')).toEqual(['said']);
    const ended = nextEvent(after, 'session_terminated');
    await clock.advance(HOUR);
    expect(await ended).toMatchObject({ sessionId: 'a', reason: 'idle' });
    expect(await contentOf(after, 'a')).toBe('SESSION_NOT_FOUND');
    expect(seen.of('session_terminated')).toHaveLength(1);
  });

  it('that steps forward over a reopen ends what was due, once, and nothing again at the next', async () => {
    const file = newFile();
    const before = openFile(file, { clock: testClock(START) });
    await before.createSession({ id: 'a', config });
    await before.createSession({ id: 'b' });
    await before.sendMessage('b', 'user', 'said');
    await before.close();

    const after = openFile(file, { clock: testClock(START + 1000 * HOUR) });
    const ended = nextEvent(after, 'session_terminated');
    expect(await ended).toMatchObject({ sessionId: 'a', reason: 'idle' });
    expect(await contentOf(after, 'b')).toEqual(['said']);
    await after.close();

    const again = openFile(file, { clock: testClock(START) });
    expect(await contentOf(again, 'b')).toEqual(['said']);
    expect(await again.ready).toMatchObject({ recovered: 1 });
    const events = await drain(again.events({ from: 0 }), 7);
    expect(events.map(({ type, sessionId }) => `${sessionId} ${type}`)).toEqual([
      'a session_created',
      'a session_status',
      'b session_created',
      'b session_status',
      'b conversation_added',
      'a session_status',
      'a session_status',
    ]);
    expect(increasing(events.map(({ seq }) => seq))).toBe(true);
  });
});

const increasing = (numbers: readonly number[]) =>
  numbers.every((n, i) => i === 0 || n > (numbers[i - 1] ?? 0));
