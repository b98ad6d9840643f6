import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { codeOf, failureOf } from '../support/errors.ts';
import { contentOf, newFile, openFile } from './storage-files.ts';

const OWNER = fileURLToPath(new URL('storage-owner.ts', import.meta.url));
const MESSAGES = 12;

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A process that owns the file, or is told why not: see storage-owner.ts. */
function owner(file: string, messages = 0) {
  const child = spawn(process.execPath, [OWNER], {
    env: { ...process.env, NODE_OPTIONS: '', FILE: file, MESSAGES: String(messages) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    pid: child.pid,
    next: async () => (await lines.next()).value as string | undefined,
    async until(line: string) {
      for (let next = await this.next(); next !== line; next = await this.next())
        if (next === undefined) throw new Error(`the owner ended without "${line}"`);
    },
    kill: () =>
      new Promise<void>((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      }),
  };
}

const upTo = (count: number) =>
  Array.from({ length: count }, (_, n) => `message ${n + 1} ${'.'.repeat((n + 1) * 37)}`);

describe('storage faults: a process that dies', () => {
  it('two processes at once: the second is STORE_LOCKED; the lock of a killed owner is free at once', async () => {
    const file = newFile();
    const first = owner(file, 3);
    await first.until('done');
    const second = owner(file);
    expect(await second.next()).toBe('STORE_LOCKED');
    const here = openFile(file);
    expect((await failureOf(here.ready)).code).toBe('STORE_LOCKED');

    await first.kill();
    const next = openFile(file);
    expect(await next.ready).toEqual({ recovered: 1, quarantined: [] });
    expect(await contentOf(next, 'a')).toEqual(upTo(3));
    const late = owner(file);
    expect(await late.next()).toBe('STORE_LOCKED');
    expect(await codeOf(next.sendMessage('a', 'user', 'mine'))).toBe('resolved instead');
  });

  it('two processes that open at the same moment: one has it', async () => {
    const file = newFile();
    const both = [owner(file), owner(file)];
    const answers = await Promise.all(both.map((each) => each.next()));
    expect(answers.sort()).toEqual(['STORE_LOCKED', 'open']);
  });

  it('torn last record: wherever the log ends, the last whole one wins and nothing is half there', async () => {
    const file = newFile();
    const writer = owner(file, MESSAGES);
    await writer.until('done');
    await writer.kill();
    const whole = statSync(`${file}-wal`).size;
    const counts: number[] = [];
    // What a power cut takes is the end of the log: anywhere, in the middle of a page as well.
    for (let n = 0; n <= 16; n += 1) {
      const torn = newFile();
      copyFileSync(file, torn);
      copyFileSync(`${file}-wal`, `${torn}-wal`);
      truncateSync(`${torn}-wal`, whole - Math.floor((whole * n) / 24) - (n === 0 ? 0 : 1));
      counts.push(await countOf(torn));
    }
    expect(counts[0]).toBe(MESSAGES);
    expect([...counts].sort((a, b) => b - a)).toEqual(counts);
    expect(new Set(counts).size).toBeGreaterThan(4);
  });

  it('a damaged last record (its checksum is wrong): the last whole one wins', async () => {
    const file = newFile();
    const writer = owner(file, MESSAGES);
    await writer.until('done');
    await writer.kill();
    const log = readFileSync(`${file}-wal`);
    log[log.length - 100] = (log[log.length - 100] ?? 0) ^ 0xff;
    writeFileSync(`${file}-wal`, log);
    expect(await countOf(file)).toBe(MESSAGES - 1);
  });
});

/** Opens the store, expects a beginning of what was sent, and that it goes on from there; gives how much there is. */
async function countOf(file: string): Promise<number> {
  const manager = openFile(file);
  const { quarantined } = await manager.ready;
  expect(quarantined).toEqual([]);
  const found = await contentOf(manager, 'a');
  if (!Array.isArray(found)) {
    expect(found).toBe('SESSION_NOT_FOUND');
    await manager.close();
    return 0;
  }
  expect(found).toEqual(upTo(found.length));
  expect((await manager.sendMessage('a', 'user', 'goes on')).id).toBe(`a:${found.length + 1}`);
  await manager.close();
  return found.length;
}
