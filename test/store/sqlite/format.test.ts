import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Connection, loadDriver } from '../../../src/store/sqlite/driver.ts';
import { APPLICATION_ID, migrate, readFormat, type Step, steps } from '../../../src/store/sqlite/format.ts';
import { openStoreFile } from '../../../src/store/sqlite/opening.ts';
import { requestFor } from './inline-thread.ts';
import { scratchFolder } from './scratch-folder.ts';
import { lifeRows, openFile, rowsOf, tamper } from './stage.ts';

const driver = loadDriver();
const file = scratchFolder();

const hashOf = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
const pragmas = (path: string) => [
  rowsOf(path, 'PRAGMA user_version')[0],
  rowsOf(path, 'PRAGMA application_id')[0],
];
const openWith = (path: string, applied: readonly Step[]) => openStoreFile(driver, requestFor(path), applied);

/** The next format, as a later release might make it of this one. */
const addsNote: Step = (database) =>
  database.exec('ALTER TABLE saved ADD COLUMN note TEXT; CREATE TABLE extra (n)');
const breaks: Step = (database) => {
  addsNote(database);
  database.exec('INSERT INTO nowhere VALUES (1)');
};

describe('a new file', () => {
  it('gets the newest format and says whose it is', () => {
    const path = file();
    openFile(path).close();
    expect(pragmas(path)).toEqual([{ user_version: 1 }, { application_id: APPLICATION_ID }]);
    expect(steps).toHaveLength(1);
  });

  it('that a crash has left empty is taken for new', () => {
    const path = file();
    new driver(path).exec('PRAGMA journal_mode = WAL; VACUUM').close();
    openFile(path).close();
    expect(pragmas(path)[0]).toEqual({ user_version: 1 });
  });

  it('whose tables cannot be made stays empty', () => {
    const path = file();
    const failing: Step = (database) => {
      database.exec('CREATE TABLE half (n)');
      throw new Error('a step fell over');
    };
    expect(() => openWith(path, [failing])).toThrow(expect.objectContaining({ code: 'STORE_FAILED' }));
    expect(rowsOf(path, 'SELECT name FROM sqlite_schema')).toEqual([]);
    openFile(path).close();
  });
});

describe('a file of an older format', () => {
  it('is taken to the newest in one go, with all that it holds', () => {
    const path = file();
    const old = openFile(path);
    old.append(lifeRows(3));
    old.close();
    const next: Step = (database) => database.exec("UPDATE sessions SET status = 'migrated'");
    const migrated = openWith(path, [...steps, addsNote, next]);
    expect(JSON.parse(migrated.reader.head('a') ?? '')).toMatchObject({ sessionSeq: 3, status: 'migrated' });
    migrated.close();
    expect(pragmas(path)[0]).toEqual({ user_version: 3 });
    expect(rowsOf(path, "SELECT name FROM sqlite_schema WHERE name = 'extra'")).toHaveLength(1);
  });

  it('is what it was when a step fails, and the next try may succeed', () => {
    const path = file();
    const old = openFile(path);
    old.append(lifeRows(3));
    old.close();
    const before = rowsOf(path, 'SELECT * FROM sqlite_schema');
    expect(() => openWith(path, [...steps, breaks])).toThrow(
      expect.objectContaining({
        code: 'STORE_FAILED',
        message: expect.stringMatching(
          /could not be taken from format 1 to 2, and was left as it is: no such table/,
        ),
      }),
    );
    expect(rowsOf(path, 'SELECT * FROM sqlite_schema')).toEqual(before);
    expect(pragmas(path)[0]).toEqual({ user_version: 1 });
    const again = openFile(path);
    expect(again.state.lastSeq).toBe(3);
    again.close();
    openWith(path, [...steps, (database) => database.exec('CREATE TABLE extra (n)')]).close();
    expect(pragmas(path)[0]).toEqual({ user_version: 2 });
  });

  it('cannot be read only: that would need what only a writer can do', () => {
    const path = file();
    openFile(path).close();
    const reading = () => openStoreFile(driver, requestFor(path, { readOnly: true }), [...steps, addsNote]);
    expect(reading).toThrow(
      expect.objectContaining({
        code: 'STORE_VERSION',
        message: expect.stringMatching(/has format 1.* needs 2: open it once without/),
      }),
    );
  });
});

describe('a file of a newer format', () => {
  it.each([{ readOnly: false }, { readOnly: true }])(
    'is STORE_VERSION, and not a byte of it changes: %j',
    (options) => {
      const path = file();
      openFile(path).close();
      tamper(path, 'PRAGMA user_version = 2; CREATE TABLE things_to_come (n)');
      const before = hashOf(path);
      expect(() => openFile(path, options)).toThrow(
        expect.objectContaining({
          code: 'STORE_VERSION',
          message: expect.stringMatching(
            /has format 2, from a newer chartroom; .* up to 1.*update chartroom/,
          ),
          details: { path, format: 2, newest: 1 },
        }),
      );
      expect(hashOf(path)).toBe(before);
    },
  );
});

describe('the format of a file', () => {
  const connected = (sql: string): Connection => {
    const connection = new driver(':memory:');
    connection.exec(sql);
    return connection;
  };

  it('is 0 for an empty one, then that of its last step', () => {
    const connection = connected('');
    expect(readFormat(connection, 'x')).toBe(0);
    migrate(connection, 'x');
    expect(readFormat(connection, 'x')).toBe(1);
    migrate(connection, 'x');
    expect(readFormat(connection, 'x')).toBe(1);
  });

  it.each([
    ['has tables of its own', 'CREATE TABLE mine (n)'],
    ['has a version of its own', 'PRAGMA user_version = 1'],
    ['says that it is another program’s', 'PRAGMA application_id = 5'],
  ])('is refused as no store when the database %s', (_what, sql) => {
    expect(() => readFormat(connected(sql), 'x')).toThrow(
      expect.objectContaining({
        code: 'STORE_CORRUPT',
        message: expect.stringContaining('no store of chartroom'),
      }),
    );
  });
});
