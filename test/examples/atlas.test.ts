import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  figures,
  linesOf,
  type Run,
  type RunOptions,
  atlas as runAtlas,
  shopFiles,
  writeFiles,
} from './run-atlas.ts';

const scratch = mkdtempSync(join(tmpdir(), 'atlas-run-'));
afterAll(() => rmSync(scratch, { recursive: true }));

let stores = 0;
const newStore = () => join(scratch, `${++stores}.db`);
/** Each run with a store of its own. */
const atlas = (args: string[], options?: RunOptions) => runAtlas([...args, '--store', newStore()], options);
const folder = (name: string, files: Record<string, string>) => writeFiles(join(scratch, name), files);
const shop = folder('shop', shopFiles);

/** The sessions of which the lines of one kind speak. */
const idsOf = ({ stdout }: Run, verb: string) => linesOf(stdout, verb).map((line) => line.split(/\s+/)[0]);

function expectSound(run: Run, sessions: number) {
  expect(run.stderr).toBe('');
  expect(run.stdout).toMatch(/✓ isolated: all 8 checks hold/);
  expect(run.stdout).not.toContain('\u001b');
  expect(run.code).toBe(0);
  const summary = figures(run);
  expect(summary.sessions).toBe(sessions);
  expect(idsOf(run, 'opened')).toHaveLength(sessions);
  expect(idsOf(run, 'indexed')).toHaveLength(sessions);
  expect(new Set(idsOf(run, 'opened')).size).toBe(sessions);
  expect(summary.ended + summary.killed).toBe(sessions);
  expect(summary.killed).toBe(1);
  expect(idsOf(run, 'killed')).toEqual([summary.victim]);
  expect(idsOf(run, 'ended').toSorted()).toEqual(
    idsOf(run, 'opened')
      .filter((id) => id !== summary.victim)
      .toSorted(),
  );
  expect(summary.questions + summary.answers).toBe(summary.messages);
  expect(idsOf(run, 'answered')).toHaveLength(summary.answers);
  expect(summary.searches).toBe(summary.questions);
  // The killed session took one question with it.
  expect(summary.answers).toBe(summary.questions - 1);
  expect(summary.pieces).toBeGreaterThan(summary.answers);
  expect(summary.events).toBeGreaterThan(summary.messages + summary.pieces + summary.sessions * 4);
  return summary;
}

describe('the atlas', { timeout: 60_000 }, () => {
  it('of a small folder: ten sessions, one killed in mid-answer, figures that add up', async () => {
    const run = await atlas([shop]);
    const summary = expectSound(run, 10);
    expect(summary.files).toBe(12);
    expect(run.stdout).toMatch(/after piece \d+ of \d+; the other 9 went on with \d+ events/);
  });

  it('answers a question put to every session from the file that holds it', async () => {
    const run = await atlas([shop, '--question', 'Where is totalPrice defined?', '--sessions=12']);
    expectSound(run, 12);
    expect(run.stdout).toMatch(
      /Where is totalPrice defined\?\n {4}cart\/total\.ts:2 {2,}export function totalPrice\(cart\) \{\n/,
    );
  });

  it('says that nothing was found where nothing is, and then kills a session before it tells an answer', async () => {
    const run = await atlas([shop, '--question', 'penguins?']);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('penguins?\n    nothing found in any session\n');
    expect(idsOf(run, 'killed')).toHaveLength(1);
    expect(run.stdout).toMatch(/killed +\S+ before it told its answer; the other 9 went on/);
  });

  it('of this repository', async () => {
    const run = await atlas([], { env: { npm_config_sessions: '12' } });
    const summary = expectSound(run, 12);
    expect(summary.files).toBeGreaterThan(50);
  });

  it('of fewer files than sessions lets sessions share a file, and says so', async () => {
    const two = folder('two', { 'a.ts': 'let alpha;\n', 'b.ts': 'let beta;\n' });
    const run = await atlas([two, '--question', 'alpha beta']);
    expectSound(run, 10);
    expect(run.stdout).toContain('Only 2 files for 10 sessions: several sessions look after the same file.');
  });

  it('with one session kills nobody', async () => {
    const run = await atlas([shop, '--sessions', '1']);
    expect(run.code).toBe(0);
    expect(figures(run)).toMatchObject({ sessions: 1, ended: 1, killed: 0 });
    expect(run.stdout).toMatch(/✓ isolated: all 6 checks hold/);
  });

  it('explains itself', async () => {
    const run = await atlas(['--help']);
    expect(run.code).toBe(0);
    for (const word of [
      'Usage: npm start',
      '--sessions',
      '--question',
      '--pace',
      '--plain',
      '--store',
      '--fresh',
      'Exit codes',
    ]) {
      expect(run.stdout).toContain(word);
    }
  });

  it.concurrent.each([
    ['a missing folder', [join(scratch, 'nowhere')], 1, /^There is no folder .*nowhere\.\n$/],
    [
      'a file for a folder',
      [join(shop, 'README.md')],
      1,
      /README\.md is a file; the atlas reads a folder\.\n$/,
    ],
    ['an empty folder', [folder('empty', {})], 1, /empty holds no text file to read\.\n$/],
    ['--sessions 0', [shop, '--sessions', '0'], 2, /--sessions must be a positive integer, got “0”/],
    ['an unknown option', ['--colour'], 2, /--colour[\s\S]*Try: npm start -- --help/],
  ])('refuses %s with a plain sentence', async (_, args, code, message) => {
    const run = await atlas(args);
    expect(run.stderr).toMatch(message);
    expect(run.stderr).not.toMatch(/\n {4}at /);
    expect(run.stdout).toBe('');
    expect(run.code).toBe(code);
  });
});
