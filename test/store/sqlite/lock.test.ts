import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadDriver } from '../../../src/store/sqlite/driver.ts';
import { takeLock } from '../../../src/store/sqlite/lock.ts';
import { scratchFolder } from './scratch-folder.ts';

const driver = loadDriver();
const file = scratchFolder();

describe('the lock', () => {
  it('is held by one at a time, also within one process', () => {
    const path = file();
    const lock = takeLock(driver, path, () => undefined);
    expect(() => takeLock(driver, path, () => 'the first')).toThrow(
      expect.objectContaining({
        code: 'STORE_LOCKED',
        message: expect.stringContaining('belongs to "the first"'),
        details: { path, owner: 'the first' },
      }),
    );
    lock.close();
    takeLock(driver, path, () => undefined).close();
  });

  it('says "another manager" when the file does not tell who it is', () => {
    const path = file();
    const lock = takeLock(driver, path, () => undefined);
    expect(() => takeLock(driver, path, () => undefined)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('belongs to another manager'),
        details: { path },
      }),
    );
    lock.close();
  });

  it('is a file of its own, and does not touch that of the store', () => {
    const path = file();
    takeLock(driver, path, () => undefined).close();
    expect([existsSync(path), existsSync(`${path}.lock`)]).toEqual([false, true]);
    expect(statSync(`${path}.lock`).size).toBe(0);
  });

  it('that is some other file is named', () => {
    const path = file();
    writeFileSync(
      `${path}.lock`,
      'something that is no database, and long enough to be looked at'.repeat(20),
    );
    expect(() => takeLock(driver, path, () => undefined)).toThrow(
      expect.objectContaining({
        code: 'STORE_FAILED',
        message: expect.stringContaining(`${path}.lock is no lock of a store; move it away`),
      }),
    );
  });

  it('passes on what SQLite says of a place where there can be none', () => {
    const path = file();
    mkdirSync(`${path}.lock`);
    expect(() => takeLock(driver, path, () => undefined)).toThrow(
      expect.objectContaining({ code: 'SQLITE_CANTOPEN' }),
    );
  });
});
