import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const repository = join(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'atlas-run-'));
afterAll(() => rmSync(scratch, { recursive: true }));

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
interface RunOptions {
  env?: Record<string, string>;
  /** Interrupts it as soon as its output holds this. */
  interruptAt?: string;
}

/** The main job as its own process. npm’s own variables stay outside, so that only a test’s arguments count. */
function atlas(args: string[], { env = {}, interruptAt }: RunOptions = {}): Promise<Run> {
  const child = spawn(
    process.execPath,
    ['--import', './scripts/source.ts', 'examples/atlas/main.ts', ...args],
    {
      cwd: repository,
      env: { PATH: process.env.PATH ?? '', ...env },
    },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (interruptAt !== undefined && stdout.includes(interruptAt)) child.kill('SIGINT');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

function folder(name: string, files: Record<string, string>): string {
  const root = join(scratch, name);
  mkdirSync(root, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

/** Twelve files; every one of them mentions carts, one defines `totalPrice`. */
const shop = folder('shop', {
  'cart/total.ts': [
    '// The cart knows its total.',
    'export function totalPrice(cart) {',
    '  return cart.sum;',
    '}',
  ].join('\n'),
  'README.md': '# The shop\n\nA cart, a till.\n\nThe cart is emptied at the till.\n',
  ...Object.fromEntries(
    Array.from({ length: 10 }, (_, i) => [
      `aisle-${i}/shelf.ts`,
      `import { totalPrice } from '../cart/total.ts';\nexport const shelfNumber${i} = ${i};\ntotalPrice(cart);\nlend(cart);\n`,
    ]),
  ),
});

/** The figures of the summary, and what the lines above it say of the same things. */
function figures({ stdout }: Run) {
  const number = (text: string | undefined) => Number(text?.replaceAll(',', ''));
  const first = (pattern: RegExp) => pattern.exec(stdout) ?? [];
  const lines = (verb: string) =>
    stdout
      .split('\n')
      .filter((line) => line.startsWith(`${verb} `))
      .map((line) => line.split(/\s+/)[1]);
  const [, sessions, ended, killed] = first(
    /^ {2}sessions +(\S+) opened at once: (\S+) ended in order, (\S+) killed$/m,
  );
  const [, files] = first(/^ {2}files +(\S+) files?,/m);
  const [, messages, questions, answers] = first(/^ {2}messages +(\S+): (\S+) questions?, (\S+) answers?$/m);
  const [, events, searches, pieces] = first(
    /^ {2}events +(\S+), of them (\S+) search(?:es)? and (\S+) streamed/m,
  );
  const [, victim] = first(/^ {2}killed +(\S+) (?:after piece|in its search)/m);
  return {
    sessions: number(sessions),
    ended: number(ended),
    killed: number(killed),
    files: number(files),
    messages: number(messages),
    questions: number(questions),
    answers: number(answers),
    events: number(events),
    searches: number(searches),
    pieces: number(pieces),
    victim,
    lines,
  };
}

function expectSound(run: Run, sessions: number) {
  expect(run.stderr).toBe('');
  expect(run.stdout).toMatch(/✓ isolated: all 8 checks hold/);
  expect(run.stdout).not.toContain('\u001b');
  expect(run.code).toBe(0);
  const summary = figures(run);
  expect(summary.sessions).toBe(sessions);
  expect(summary.lines('opened')).toHaveLength(sessions);
  expect(summary.lines('indexed')).toHaveLength(sessions);
  expect(new Set(summary.lines('opened')).size).toBe(sessions);
  expect(summary.ended + summary.killed).toBe(sessions);
  expect(summary.killed).toBe(1);
  expect(summary.lines('killed')).toEqual([summary.victim]);
  expect(summary.lines('ended').toSorted()).toEqual(
    summary
      .lines('opened')
      .filter((id) => id !== summary.victim)
      .toSorted(),
  );
  expect(summary.questions + summary.answers).toBe(summary.messages);
  expect(summary.lines('answered')).toHaveLength(summary.answers);
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

  it('says that nothing was found where nothing is, and then kills a session in its search', async () => {
    const run = await atlas([shop, '--question', 'penguins?']);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('penguins?\n    nothing found in any session\n');
    expect(figures(run).lines('killed')).toHaveLength(1);
    expect(run.stdout).toMatch(/killed +\S+ in its search; the other 9 went on/);
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

  it('interrupted stops all sessions and says so', async () => {
    const run = await atlas([shop, '--pace', '2000'], { interruptAt: 'indexed' });
    expect(run.stderr).toBe('Interrupted: all sessions were stopped.\n');
    expect(run.code).toBe(130);
    expect(run.stdout).not.toContain('isolated');
  });

  it('explains itself', async () => {
    const run = await atlas(['--help']);
    expect(run.code).toBe(0);
    for (const word of ['Usage: npm start', '--sessions', '--question', '--pace', '--plain', 'Exit codes']) {
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
