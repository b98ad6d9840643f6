import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Connection, Driver } from '../../../src/store/sqlite/driver.ts';
import { openStoreFile } from '../../../src/store/sqlite/opening.ts';
import { requestFor } from './inline-thread.ts';
import { scratchFolder } from './scratch-folder.ts';
import { driver, lifeRows, openFile, rowsOf, tamper } from './stage.ts';

const file = scratchFolder();
const hashOf = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
const refusal = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

function written(path = file(), facts = 3): string {
  const store = openFile(path);
  store.append(lifeRows(facts));
  store.close();
  return path;
}

/** The driver, with what `change` makes of each connection that it opens. */
const watched = (change: (connection: Connection) => Connection): Driver =>
  new Proxy(driver, { construct: (target, args) => change(Reflect.construct(target, args)) });

describe('opening', () => {
  it('makes a file with a log, and syncs the log at each commit', () => {
    const connections: Connection[] = [];
    const watching = watched((connection) => {
      connections.push(connection);
      return connection;
    });
    const store = openStoreFile(watching, requestFor(file()));
    const writer = connections.find(
      ({ open, readonly, name }) => open && !readonly && !name.endsWith('.lock'),
    );
    expect(writer?.pragma('journal_mode', { simple: true })).toBe('wal');
    // 2 is FULL. NORMAL, the default in a log, syncs at checkpoints alone.
    expect(writer?.pragma('synchronous', { simple: true })).toBe(2);
    store.close();
    expect(connections.filter(({ open }) => open)).toEqual([]);
  });

  it('refuses a place where there can be no log, and keeps no connection', () => {
    const connections: Connection[] = [];
    const withoutLog = watched((connection) => {
      connections.push(connection);
      return new Proxy(connection, {
        get(target, key) {
          if (key === 'pragma')
            return (sql: string) => (sql.startsWith('journal_mode') ? 'delete' : target.pragma(sql));
          const value: unknown = Reflect.get(target, key, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    });
    expect(() => openStoreFile(withoutLog, requestFor(file()))).toThrow(
      refusal('STORE_FAILED', /cannot have a write-ahead log; put it on a local file system/),
    );
    expect(connections.filter(({ open }) => open)).toEqual([]);
  });

  it('leaves one file and its lock when it is closed', () => {
    const path = written();
    expect(['', '-wal', '-shm', '.lock'].map((end) => existsSync(path + end))).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  it('says which folder is missing', () => {
    const path = join(dirname(file()), 'not there', 'a.db');
    expect(() => openFile(path)).toThrow(
      refusal('STORE_FAILED', /The folder .*not there of the store does not exist/),
    );
    expect(existsSync(dirname(path))).toBe(false);
  });

  it.each([{ readOnly: false }, { readOnly: true }])(
    'refuses a folder in the place of the file: %j',
    (options) => {
      const path = file();
      mkdirSync(path);
      expect(() => openFile(path, options)).toThrow(
        refusal('STORE_FAILED', /is no file, and cannot be a store/),
      );
    },
  );

  it('knows one file by whatever link it is reached', () => {
    const path = written();
    const link = file();
    symlinkSync(path, link);
    const store = openFile(path, { owner: 'the first' });
    expect(() => openFile(link)).toThrow(refusal('STORE_LOCKED', /belongs to "the first"/));
    store.close();
    const folder = file();
    symlinkSync(dirname(path), folder);
    const behind = openFile(join(folder, 'new.db'));
    expect(() => openFile(join(dirname(path), 'new.db'))).toThrow(
      refusal('STORE_LOCKED', /belongs to "test"/),
    );
    behind.close();
  });

  it('names the owner of now, and none that has left', () => {
    const path = written();
    expect(rowsOf(path, 'SELECT owner, pid FROM store')).toEqual([{ owner: null, pid: null }]);
    const store = openFile(path, { owner: 'the second' });
    expect(rowsOf(path, 'SELECT owner, pid FROM store')).toEqual([{ owner: 'the second', pid: process.pid }]);
    store.close();
  });
});

describe('what is no store', () => {
  it.each([
    ['a text', 'This is a text, and a long one. '.repeat(200)],
    ['a few bytes', 'SQLite format 3'],
    ['zeros', '\0'.repeat(8192)],
  ])('is STORE_CORRUPT and stays as it is: %s', (_what, content) => {
    for (const readOnly of [false, true]) {
      const path = file();
      writeFileSync(path, content);
      const before = hashOf(path);
      expect(() => openFile(path, { readOnly })).toThrow(
        refusal('STORE_CORRUPT', /is no SQLite database|damaged/),
      );
      expect(hashOf(path)).toBe(before);
    }
  });

  it('is STORE_CORRUPT and stays as it is: the database of another program', () => {
    const path = file();
    tamper(path, 'CREATE TABLE mine (n); INSERT INTO mine VALUES (1)');
    const before = hashOf(path);
    expect(() => openFile(path)).toThrow(
      refusal('STORE_CORRUPT', /no store of chartroom; it was left as it is/),
    );
    expect(hashOf(path)).toBe(before);
  });

  it('leaves no lock behind: the file may be mended and opened', () => {
    const path = file();
    writeFileSync(path, 'no database');
    expect(() => openFile(path)).toThrow();
    writeFileSync(path, '');
    openFile(path).close();
  });
});

describe('a damaged store', () => {
  it('that was cut short is STORE_CORRUPT and stays as it is', () => {
    const path = written(file(), 500);
    const { size } = statSync(path);
    truncateSync(path, size - 4096);
    const before = hashOf(path);
    expect(() => openFile(path)).toThrow(
      refusal('STORE_CORRUPT', /is damaged: database disk image is malformed/),
    );
    expect(hashOf(path)).toBe(before);
  });

  it('whose list of tables is overwritten is STORE_CORRUPT and stays as it is', () => {
    const path = written();
    const bytes = readFileSync(path);
    bytes.fill(0xff, 100, 200);
    writeFileSync(path, bytes);
    const before = hashOf(path);
    expect(() => openFile(path)).toThrow(refusal('STORE_CORRUPT', /is damaged/));
    expect(hashOf(path)).toBe(before);
  });
});

describe('reading only', () => {
  it('needs a file, and makes none', () => {
    const path = file();
    expect(() => openFile(path, { readOnly: true })).toThrow(
      refusal('STORE_FAILED', /There is no store .*creates none/),
    );
    expect([existsSync(path), existsSync(`${path}.lock`)]).toEqual([false, false]);
  });

  it('goes beside an owner, and follows what it writes', () => {
    const path = file();
    const owner = openFile(path);
    owner.append(lifeRows(2));
    const reader = openFile(path, { readOnly: true });
    expect(reader.state).toEqual({ epoch: 1, lastSeq: 2, cutSeq: 0 });
    owner.append(lifeRows(3, 3));
    expect(reader.read(() => JSON.parse(reader.reader.head('a') ?? ''))).toMatchObject({ sessionSeq: 3 });
    expect(reader.state.lastSeq).toBe(3);
    expect(() => reader.append(lifeRows(4, 4))).toThrow(
      refusal('STORE_LOCKED', /opened with \{ readOnly: true \}/),
    );
    reader.close();
    owner.append(lifeRows(4, 4));
    owner.close();
  });

  it('finds what an owner that died has left in the log', () => {
    const path = file();
    const connection = openFile(path);
    connection.append(lifeRows(3));
    const reader = openFile(path, { readOnly: true });
    expect(reader.state.lastSeq).toBe(3);
    reader.close();
    connection.close();
  });

  it('is refused for a file that holds nothing yet', () => {
    const path = file();
    new driver(path).close();
    writeFileSync(path, '');
    expect(() => openFile(path, { readOnly: true })).toThrow(refusal('STORE_VERSION', /has format 0/));
  });
});
