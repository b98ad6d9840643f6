/** Runs commands the way a person would, in a process of their own. */
import { spawn } from 'node:child_process';
import { root } from './source-tree.ts';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Resolves whatever the exit code, `null` after `timeoutMs`; the caller judges. */
export function run(
  command: string,
  args: readonly string[],
  { cwd = root, timeoutMs = 60_000 }: { cwd?: string; timeoutMs?: number } = {},
): Promise<Outcome> {
  // A colour code would only be in the way of the assertions, and npm's settings of this run are not the program's.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));
  const child = spawn(command, args, {
    cwd,
    timeout: timeoutMs,
    env: { ...env, NO_COLOR: '1', FORCE_COLOR: undefined, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
    });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...output }));
  });
}

/** A tool of node_modules/.bin. */
export const tool = (name: string): string => `${root}/node_modules/.bin/${name}`;

/** A program of this repository on the sources as they are, with the Node that runs the tests. */
export const runSource = (file: string, ...args: string[]): Promise<Outcome> =>
  run(process.execPath, ['--import', './scripts/source.ts', file, ...args]);
