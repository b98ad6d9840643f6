import { describe, expect, it } from 'vitest';
import { SessionError } from '../../../src/errors.ts';
import {
  fromRefusal,
  isDamage,
  isPoison,
  poisoned,
  sqliteCode,
  toRefusal,
  toStoreError,
} from '../../../src/store/sqlite/faults.ts';

const thrown = (code: string) => Object.assign(new Error(`says ${code}`), { code });

describe('what SQLite throws', () => {
  it('has a code of its own, and nothing else has', () => {
    expect(sqliteCode(thrown('SQLITE_BUSY'))).toBe('SQLITE_BUSY');
    for (const other of [thrown('ENOENT'), new Error('x'), undefined, null, 'SQLITE_FULL', { code: 5 }])
      expect(sqliteCode(other)).toBe('');
  });

  it.each([
    ['SQLITE_FULL', 'STORE_FAILED', /disk is full: nothing was written.*Make room/],
    ['SQLITE_CORRUPT', 'STORE_CORRUPT', /is damaged: says SQLITE_CORRUPT/],
    ['SQLITE_CORRUPT_INDEX', 'STORE_CORRUPT', /is damaged/],
    ['SQLITE_NOTADB', 'STORE_CORRUPT', /is damaged/],
    ['SQLITE_BUSY', 'STORE_FAILED', /Another program is writing .* may be made again/],
    ['SQLITE_BUSY_SNAPSHOT', 'STORE_FAILED', /Another program is writing/],
    ['SQLITE_IOERR_FSYNC', 'STORE_FAILED', /failed: says SQLITE_IOERR_FSYNC \(SQLITE_IOERR_FSYNC\)/],
    ['SQLITE_CANTOPEN', 'STORE_FAILED', /failed: says SQLITE_CANTOPEN/],
    ['SQLITE_TOOBIG', 'STORE_FAILED', /failed/],
  ])('%s is %s', (code, expected, message) => {
    const error = toStoreError(thrown(code), '/x.db');
    expect(error).toMatchObject({ code: expected, message: expect.stringMatching(message) });
    expect(error.details).toMatchObject({ path: '/x.db', sqlite: code });
    expect(error.details?.full).toBe(code === 'SQLITE_FULL' ? true : undefined);
    expect(error.cause).toMatchObject({ code });
  });

  it('stays as it is when it is ours, and is STORE_FAILED when it is nobody’s', () => {
    const ours = new SessionError('STORE_LOCKED', 'taken');
    expect(toStoreError(ours, '/x.db')).toBe(ours);
    const other = toStoreError('a text', '/x.db');
    expect(other).toMatchObject({ code: 'STORE_FAILED', message: 'The store /x.db failed: a text.' });
  });

  it('poisons after a failed read, write or sync of the medium, and after nothing else', () => {
    for (const code of ['SQLITE_IOERR', 'SQLITE_IOERR_FSYNC', 'SQLITE_IOERR_WRITE'])
      expect(isPoison(thrown(code))).toBe(true);
    for (const code of ['SQLITE_FULL', 'SQLITE_BUSY', 'SQLITE_CONSTRAINT_UNIQUE', 'EIO'])
      expect(isPoison(thrown(code))).toBe(false);
    expect([isDamage(thrown('SQLITE_CORRUPT_VTAB')), isDamage(thrown('SQLITE_FULL'))]).toEqual([true, false]);
  });

  it('is told to every later call, with what it was', () => {
    const error = poisoned(toStoreError(thrown('SQLITE_IOERR_FSYNC'), '/x.db'));
    expect(error).toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringMatching(/^An earlier write failed.*open the store again.*SQLITE_IOERR_FSYNC/),
      details: { poisoned: true, sqlite: 'SQLITE_IOERR_FSYNC' },
    });
  });
});

describe('a refusal', () => {
  it.each([
    new SessionError('STORE_CORRUPT', 'it is torn', { sessionId: 'a', details: { reason: 'torn' } }),
    new SessionError('STORE_LOCKED', 'taken'),
  ])('brings an error from one thread to the other: $code', (error) => {
    const arrived = fromRefusal(structuredClone(toRefusal(error)));
    expect(arrived).toBeInstanceOf(SessionError);
    const { code, message, sessionId, details } = error;
    expect(arrived).toMatchObject({ code, message });
    expect([arrived.sessionId, arrived.details]).toEqual([sessionId, details]);
  });
});
