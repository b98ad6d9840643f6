import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSource } from '../support/program.ts';
import type { Report } from './report.ts';

const MAIN = 'test/strength/main.ts';
const SECONDS = 1000;
const hunt = (...args: string[]) => runSource(MAIN, ...args);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chartroom-strength-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A unified diff of one line of the engine. */
function patchOf(name: string, file: string, line: string, instead: string): string {
  const path = join(folder, name);
  const text = [`--- a/${file}`, `+++ b/${file}`, ...hunkOf(file, line, instead), ''].join('\n');
  writeFileSync(path, text);
  return path;
}

function hunkOf(file: string, line: string, instead: string): string[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  const at = lines.indexOf(line);
  const [before, after] = [lines[at - 1], lines[at + 1]];
  return [`@@ -${at},3 +${at},3 @@`, ` ${before}`, `-${line}`, `+${instead}`, ` ${after}`];
}

describe('hunting seeded bugs', () => {
  it('tells of one that is killed, and of the engine without it', { timeout: 120 * SECONDS }, async () => {
    const json = join(folder, 'report.json');
    const args = ['--seeds', '1', '--runs', '20', '--only', 'acknowledged before durable', '--json', json];
    const { code, stdout } = await hunt(...args);
    expect(stdout).toContain('The engine without them is clean.');
    expect(stdout).toMatch(/\[\d\/2, \d+ s\] acknowledged before durable: killed on 1 of 1, in run \d+/);
    const { bugs, ...rest }: Report = JSON.parse(readFileSync(json, 'utf8'));
    expect(rest).toEqual({ seeds: 1, runs: 20 });
    expect(bugs).toMatchObject([{ title: 'acknowledged before durable', by: 'client', killed: 1, of: 1 }]);
    expect(code).toBe(0);
  });

  it('takes a patch for a bug, and fails for one that survives', { timeout: 120 * SECONDS }, async () => {
    const file = 'src/supervision.ts';
    const line = '  if (!wantsRestart(policy.restart, failure)) return { restart: false, escalate: false };';
    const harmless = patchOf('harmless.patch', file, line, `${line} // as ever`);
    const harmful = patchOf('harmful.patch', file, line, '  if (failure === "killed") throw new Error();');
    const { code, stdout } = await hunt(
      '--seeds',
      '1',
      '--runs',
      '15',
      '--patch',
      harmless,
      '--patch',
      harmful,
    );
    expect(stdout).toContain('harmless.patch: survives');
    expect(stdout).toContain('harmful.patch: killed on 1 of 1');
    expect(stdout).toContain('Random runs kill 1 of 2 bugs');
    expect(code).toBe(1);
  });

  it.each([
    [['--seeds', '0'], '--seeds must be a whole number of at least 1.'],
    [['--runs', 'many'], '--runs must be a whole number of at least 1.'],
    [['--only', 'no such bug'], 'No bug has "no such bug" in its title'],
    [
      ['--record', '--patch', 'x.patch'],
      '--record keeps what was measured of the bugs here, not of patches.',
    ],
    [['--what'], "Unknown option '--what'"],
  ])('refuses %s before it begins', async (args, message) => {
    const { code, stderr } = await hunt(...args);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});
