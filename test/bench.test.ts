import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { verdict } from '../bench/table.ts';

const main = fileURLToPath(new URL('../bench/main.ts', import.meta.url));

function bench(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('the benchmarks', () => {
  it('all run, and print one table with a line for each', { timeout: 120_000 }, () => {
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
    ]) {
      expect(stdout).toContain(what);
    }
    expect(stdout).toMatch(/\d+ of \d+ goals met .*meaningless/);
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
});
