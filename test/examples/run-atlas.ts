import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const repository = join(import.meta.dirname, '../..');

export interface Run {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Record<string, string>;
  /** Sends it a signal as soon as what it has printed is enough. */
  readonly signal?: { readonly name: NodeJS.Signals; when(stdout: string): boolean };
}

/** The main job as its own process. npm’s own variables stay outside, so that only a test’s arguments count. */
export function atlas(args: readonly string[], { env = {}, signal }: RunOptions = {}): Promise<Run> {
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
  let sent = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (signal === undefined || sent || !signal.when(stdout)) return;
    sent = true;
    child.kill(signal.name);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

export function writeFiles(root: string, files: Readonly<Record<string, string>>): string {
  mkdirSync(root, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

/** Twelve files; every one of them mentions carts, one defines `totalPrice`. */
export const shopFiles: Readonly<Record<string, string>> = {
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
};

/** The figures of the summary: what they count is the same however often the job was cut off. */
export function figures({ stdout }: Run) {
  const number = (text: string | undefined) => Number(text?.replaceAll(',', ''));
  const first = (pattern: RegExp) => pattern.exec(stdout) ?? [];
  const [, sessions, ended, killed] = first(
    /^ {2}sessions +(\S+) opened at once: (\S+) ended in order, (\S+) killed$/m,
  );
  const [, files] = first(/^ {2}files +(\S+) files?,/m);
  const [, messages, questions, answers] = first(/^ {2}messages +(\S+): (\S+) questions?, (\S+) answers?$/m);
  const [, events, searches, pieces] = first(
    /^ {2}events +(\S+), of them (\S+) search(?:es)? and (\S+) streamed/m,
  );
  const [, victim, place] = first(
    /^ {2}killed +(\S+) (after piece .+|before it told its answer); the other/m,
  );
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
    place,
  };
}

/** Of the lines that say what happened, those of one kind; without their verb. */
export function linesOf(stdout: string, verb: string): string[] {
  return stdout.split('\n').flatMap((line) => (line.startsWith(`${verb} `) ? [line.slice(10)] : []));
}
