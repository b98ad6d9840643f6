import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Scribe, TEXT } from '../bench/scribe.ts';
import { formatTable, verdict } from '../bench/table.ts';
import { createSessionManager, memoryStore } from '../src/index.ts';

const main = fileURLToPath(new URL('../bench/main.ts', import.meta.url));

/** Where the benchmarks put their files: all of them must be gone in the end. */
let scratch = '';

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'chartroom-bench-test-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

const environment = () => ({ ...process.env, TMPDIR: scratch });

function bench(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    encoding: 'utf8',
    env: environment(),
  });
  return { status, stdout, stderr };
}

describe('the benchmarks', () => {
  it('all run, print one table with a line for each, and leave no file', { timeout: 300_000 }, async () => {
    const { status, stdout, stderr } = bench('--quick');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const expected = [
      'create to active',
      'send to acknowledged',
      'terminate to gone',
      'memory of a live session',
    ];
    for (const what of [
      ...expected,
      'RSS of',
      'list',
      'crash at once',
      'publish to',
      'close a manager',
      'gzipped',
      'durable send, 1 caller',
      'durable send, 200 callers',
      'facts in an append, 20 on one session',
      'ready with 40 stored',
      'touched and back',
      'memory of each of 50 asleep',
      'memory of each of 50 fallen asleep',
      'awake again, one of 50',
      'awake again, one that fell asleep',
      'complete runs of 20 commands',
      'runs of a machine',
    ]) {
      expect(stdout).toContain(what);
    }
    expect(stdout).toMatch(/\d+ of \d+ goals met .*meaningless/);
    expect(await readdir(scratch)).toEqual([]);
  });

  it('leave no file when they are interrupted', async () => {
    const running = spawn(process.execPath, [main, '--only', 'recovery'], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const text of running.stdout.setEncoding('utf8')) if (/sessions stored/.test(text)) break;
    expect(await readdir(scratch)).toHaveLength(1);
    running.kill('SIGTERM');
    const [code] = await once(running, 'exit');
    expect(code).toBe(1);
    expect(await readdir(scratch)).toEqual([]);
  });

  it('refuse a name that is not theirs, with the names that are', () => {
    const { status, stderr } = bench('--only', 'nonsense');
    expect(status).toBe(2);
    expect(stderr).toContain('create');
  });

  it('judge a ratio by processor time, and a row without a peer by its own figure', () => {
    const row = { what: 'x', unit: 'µs', ours: 3, theirs: 1, oursCpu: 1, theirsCpu: 1, goal: 1.5 };
    expect(verdict(row)).toBe('met');
    expect(verdict({ ...row, oursCpu: 2 })).toBe('missed');
    expect(verdict({ what: 'y', unit: 'ms', ours: 6, goal: 5 })).toBe('missed');
    expect(verdict({ what: 'z', unit: 'ms', ours: 6 })).toBe('');
  });

  it('judge a rate by the lower of its ratios, which must not be under its goal', () => {
    const rates = { ours: 80, theirs: 100, oursCpu: 90, theirsCpu: 100, goal: 0.7, rate: true };
    const row = { what: 'x', unit: '/s', ...rates };
    expect(verdict(row)).toBe('met');
    expect(verdict({ ...row, ours: 69 })).toBe('missed');
    expect(verdict({ ...row, oursCpu: 69 })).toBe('missed');
    expect(formatTable([{ benchmark: 'x', rows: [row] }])).toContain('≥ 0.7 ×  met');
  });

  it('fill bare stores with the facts that the engine writes', async () => {
    const clock = { now: () => 0, setTimeout: () => undefined, clearTimeout: () => {} };
    const store = memoryStore();
    const manager = createSessionManager({ store, clock });
    const session = await manager.createSession({ id: 'ada' });
    for (let n = 0; n < 2; n += 1) await session.send('user', TEXT);
    await manager.close();
    const lease = await store.open({ owner: 'test' });
    const written: unknown[] = [];
    for await (const fact of lease.facts({ from: 0 })) written.push(fact);
    expect(new Scribe(0, new Date(0).toISOString()).session('ada', 2)).toEqual(written);
  });
});
