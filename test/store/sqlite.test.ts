import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type SqliteStoreOptions, sqliteStore } from '../../src/store/sqlite.ts';
import { codeOf, failureOf } from '../support/errors.ts';
import { anyFact } from '../support/facts.ts';
import { run } from '../support/program.ts';
import { scratchFolder } from './sqlite/scratch-folder.ts';

const file = scratchFolder();
const WRITER = fileURLToPath(new URL('sqlite/writer.ts', import.meta.url));
const opened = (path: string, options?: SqliteStoreOptions) =>
  sqliteStore(path, options).open({ owner: 'test' });

describe('sqliteStore', () => {
  it.each([
    ['', /path must be a string of at least 1 characters; received the string ""/],
    [5, /path must be a string .*received the number 5/],
    [undefined, /path must be a string .*received undefined/],
    ['a\0b', /path must be a file's path/],
    [':memory:', /path must be a file's path/],
    ['file:///tmp/a.db', /path must be a file's path/],
    [' a.db', /path must be a file's path/],
    ['a.db\n', /path must be a file's path/],
  ])('refuses %j for a path', (path, message) => {
    expect(() => sqliteStore(path as string)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) }),
    );
  });

  it.each([
    [{ retainEvents: -1 }, /options\.retainEvents must be an integer from 0/],
    [{ retainEvents: Number.POSITIVE_INFINITY }, /options\.retainEvents must be an integer/],
    [{ retainMs: 0.5 }, /options\.retainMs must be an integer from 0/],
    [{ readOnly: 1 }, /options\.readOnly must be a boolean; received the number 1/],
    [{ readonly: true }, /options has no option "readonly"; it knows retainEvents, retainMs, readOnly/],
    [null, /options must be an object or undefined/],
  ])('refuses %j', (options, message) => {
    expect(() => sqliteStore('x.db', options as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) }),
    );
  });

  it('touches nothing before it is opened', () => {
    const path = file();
    sqliteStore(path);
    expect(existsSync(path)).toBe(false);
  });

  it('takes a path as of the folder of now', async () => {
    const path = file();
    const lease = await opened(relative(process.cwd(), path));
    await lease[Symbol.asyncDispose]();
    expect(existsSync(path)).toBe(true);
  });

  it('keeps 100,000 events by default, or as many as it is told', async () => {
    const path = file();
    const lease = await opened(path);
    await lease.append(Array.from({ length: 100_003 }, (_, n) => anyFact(n + 1)));
    expect(lease.cutSeq).toBe(3);
    await lease[Symbol.asyncDispose]();
    const few = await opened(path, { retainEvents: 10, retainMs: 1 });
    expect(few.cutSeq).toBe(99_993);
    await few[Symbol.asyncDispose]();
  });

  it('reads beside its owner, and without one', async () => {
    const path = file();
    expect(await codeOf(opened(path, { readOnly: true }))).toBe('STORE_FAILED');
    const owner = await opened(path);
    await owner.append([anyFact(1)]);
    const reader = await opened(path, { readOnly: true });
    expect(await reader.counts()).toEqual({ initializing: 1 });
    expect(await codeOf(Promise.resolve(reader.remove('a')))).toBe('STORE_LOCKED');
    await owner[Symbol.asyncDispose]();
    expect((await reader.load('a')).records).toHaveLength(1);
    await reader[Symbol.asyncDispose]();
  });

  it('does not block the thread that asks', async () => {
    const lease = await opened(file());
    const appended = lease.append(Array.from({ length: 5000 }, (_, n) => anyFact(n + 1)));
    let turns = 0;
    const count = setInterval(() => turns++, 0);
    await appended;
    clearInterval(count);
    expect(turns).toBeGreaterThan(0);
    await lease[Symbol.asyncDispose]();
  });
});

describe('a process that owns a store', () => {
  it('and is killed leaves all that was acknowledged, and a store that opens at once', async () => {
    const path = file();
    let acknowledged = 0;
    for (const until of [20, 45]) {
      const child = spawn(process.execPath, [WRITER, path], { stdio: ['ignore', 'pipe', 'inherit'] });
      const exit = once(child, 'exit');
      for await (const line of createInterface(child.stdout)) {
        if (line === 'open') {
          const { message } = await failureOf(opened(path));
          expect(message).toContain(`belongs to "writer ${child.pid}"`);
        } else acknowledged = Number(line);
        if (acknowledged >= until) child.kill('SIGKILL');
      }
      await exit;
    }
    const lease = await opened(path);
    expect(lease.lastSeq).toBeGreaterThanOrEqual(acknowledged);
    // At most the one in flight is there without having been acknowledged.
    expect(lease.lastSeq).toBeLessThanOrEqual(acknowledged + 1);
    const { records } = await lease.load('a');
    expect(records.map(({ seq }) => seq)).toEqual(Array.from({ length: lease.lastSeq }, (_, n) => n + 1));
    expect(records.map(({ payload }) => payload)).toEqual(records.map(({ seq }) => ({ seq })));
    expect(lease.epoch).toBe(3);
    await lease[Symbol.asyncDispose]();
  });

  it('ends by itself when it has nothing more to do, the lease still its own', async () => {
    const path = file();
    const { code, stdout, stderr } = await run(process.execPath, [WRITER, path, '2']);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'open\n1\n2\n', stderr: '' });
    const lease = await opened(path);
    expect(lease.lastSeq).toBe(2);
    await lease[Symbol.asyncDispose]();
  });

  it('may have been started with flags that are not for threads', async () => {
    const program = `
      import { sqliteStore } from './src/store/sqlite.ts';
      const lease = await sqliteStore(${JSON.stringify(file())}).open({ owner: 'x' });
      await lease[Symbol.asyncDispose]();`;
    expect(await run(process.execPath, ['--input-type=module', '-e', program])).toMatchObject({
      code: 0,
      stderr: '',
    });
  });
});
