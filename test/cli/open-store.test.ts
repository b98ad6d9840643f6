import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../src/cli/open-store.ts';
import { checkStore } from '../../src/store/check.ts';
import { sqliteStore } from '../../src/store/sqlite.ts';
import { importSession } from '../../src/store/transfer.ts';
import { documentOf } from '../store/documents.ts';
import { scratchFolder } from '../store/media.ts';
import { codeOf, failureOf } from '../support/errors.ts';

const toRead = { readOnly: true };
const toWrite = { readOnly: false };

async function storeFile(...ids: string[]): Promise<string> {
  const file = join(scratchFolder(), 'a.db');
  await using lease = await openStore(file, toWrite);
  for (const id of ids) await importSession(lease, documentOf(id));
  return file;
}

/** Does to the file itself what a program of ours never would. */
function tamper(file: string, sql: string): void {
  const database = new Database(file);
  database.exec(sql);
  database.close();
}

describe('the file of a store', () => {
  it('is opened to read while somebody else owns it, and to write only then not', async () => {
    const file = await storeFile('ada');
    await using owner = await sqliteStore(file).open({ owner: 'the chat server' });
    await using reader = await openStore(file, toRead);
    expect((await reader.head('ada'))?.status).toBe('active');
    expect(await failureOf(openStore(file, toWrite))).toMatchObject({
      code: 'STORE_LOCKED',
      message: `${file} belongs to "the chat server"; close that first. sessions, export and check work meanwhile.`,
    });
    expect(await codeOf(importSession(reader, documentOf('bob')))).toBe('STORE_LOCKED');
    expect(await owner.head('bob')).toBeUndefined();
  });

  it('is owned under the name of the command line, which others are told', async () => {
    const file = await storeFile();
    await using _ = await openStore(file, toWrite);
    const { message } = await failureOf(sqliteStore(file).open({ owner: 'server' }));
    expect(message).toContain(`chartroom import, process ${process.pid} on `);
  });

  it('keeps for cursors all that it has: what may be cut is for its manager to say', async () => {
    const file = await storeFile('ada');
    const at = '2026-01-01T00:00:00.000Z';
    await using lease = await openStore(file, toWrite);
    const records = Array.from({ length: 100_100 }, (_, n) => ({
      seq: lease.lastSeq + 1 + n,
      sessionId: 'ada',
      sessionSeq: 3 + n,
      type: 'conversation_cleared',
      at,
      payload: {},
    }));
    await lease.append(records);
    expect(lease.cutSeq).toBe(0);
  });

  it('that is not there is said to be missing, and not created by who only reads', async () => {
    const folder = scratchFolder();
    const file = join(folder, 'a.db');
    expect((await failureOf(openStore(file, toRead))).message).toBe(`There is no store ${file}.`);
    expect(existsSync(file)).toBe(false);
    const deeper = join(folder, 'missing', 'a.db');
    expect((await failureOf(openStore(deeper, toWrite))).message).toContain(
      'missing of the store does not exist',
    );
    expect((await failureOf(openStore(folder, toRead))).message).toContain('is no file');
  });

  it('that is no store, or a damaged or newer one, is refused and left as it was', async () => {
    const folder = scratchFolder();
    const good = await storeFile('ada');
    const files = {
      text: (file: string) => writeFileSync(file, 'hello, I am a letter'),
      foreign: (file: string) => tamper(file, 'CREATE TABLE letters (text)'),
      newer(file: string) {
        copyFileSync(good, file);
        tamper(file, 'PRAGMA user_version = 9');
      },
    };
    const says = {
      text: ['STORE_CORRUPT', /no SQLite database; it was left as it is\.$/],
      foreign: ['STORE_CORRUPT', /no store of chartroom; it was left as it is\.$/],
      newer: ['STORE_VERSION', /has format 9, from a newer chartroom.*update chartroom\.$/],
    } as const;
    for (const [name, make] of Object.entries(files)) {
      const file = join(folder, name);
      make(file);
      const before = readFileSync(file);
      for (const how of [toRead, toWrite]) {
        const error = await failureOf(openStore(file, how));
        const [code, message] = says[name as keyof typeof says];
        expect([name, error.code]).toEqual([name, code]);
        expect(error.message).toMatch(message);
      }
      expect(readFileSync(file).equals(before)).toBe(true);
    }
  });

  it('that is empty is no store yet, and becomes one when something is imported', async () => {
    const file = join(scratchFolder(), 'a.db');
    writeFileSync(file, '');
    expect((await failureOf(openStore(file, toRead))).message).toBe(
      `${file} is empty: no program has made a store of it yet.`,
    );
    await using lease = await openStore(file, toWrite);
    expect(lease.lastSeq).toBe(0);
  });

  it('may lie in a folder with an awkward name', async () => {
    const folder = join(scratchFolder(), 'a b%20?#ü');
    mkdirSync(folder);
    await using lease = await openStore(join(folder, "it's.db"), toWrite);
    expect(await importSession(lease, documentOf())).toBe('ada');
  });
});

describe('a store of which some rows were changed behind its back', () => {
  it('is read but for those, each with its reason', async () => {
    const file = await storeFile('ada', 'bob', 'eve', 'zoe');
    tamper(
      file,
      `UPDATE facts SET payload = replace(payload, 'hello', 'HELLO') WHERE session = (SELECT seq FROM sessions WHERE id = 'bob');
       UPDATE sessions SET status = 'idle' WHERE id = 'eve';
       UPDATE sessions SET id = '../../x' WHERE id = 'zoe';`,
    );
    await using lease = await openStore(file, toRead);
    const { damaged, sessions } = await checkStore(lease);
    expect(sessions).toEqual({ active: 3, idle: 1 });
    expect(damaged).toMatchObject([
      { kind: 'session', id: 'bob', code: 'STORE_CORRUPT' },
      { kind: 'session', id: 'eve', code: 'STORE_CORRUPT' },
      { kind: 'session', id: '../../x', code: 'STORE_CORRUPT' },
    ]);
    expect(damaged.map(({ reason }) => reason)).toEqual([
      'Session "bob" cannot be read: its fact 1 does not match its checksum.',
      'Session "eve" is listed with status "idle", and its facts give "active".',
      expect.stringMatching(/^Session "\.\.\/\.\.\/x" cannot be read: /),
    ]);
  });
});
