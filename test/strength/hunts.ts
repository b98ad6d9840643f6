/** Hunts for a bug: in how many processes, how long one of them may say nothing, and what comes of it. */
import { fork, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Bug } from './bug.ts';
import type { Kill, Said, Task } from './hunt.ts';
import { copyEngine, type Defect, removeEngine } from './scratch.ts';

const HUNT = fileURLToPath(new URL('./hunt.ts', import.meta.url));
const VITEST = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));

/** A bug, or what somebody else's patch makes of the engine. */
export type Quarry = Bug | { readonly title: string; readonly patch: string };

export interface Effort {
  readonly seeds: readonly number[];
  /** Random runs with each seed. */
  readonly runs: number;
  /** Processes at a time. */
  readonly jobs: number;
  /** Without a word for so long, a process hangs, and that is a failure like any other. */
  readonly patienceMs: number;
}

/** Of one bug: what each seed came to, `null` where the bug was not noticed. */
export interface Outcome {
  readonly title: string;
  readonly by: 'client' | 'store' | 'tests';
  readonly kills: ReadonlyArray<Kill | null>;
}

/** Goes on to the next bug while the last hunts of one are under way. Tells of each as it is done. */
export async function hunt(
  quarries: readonly Quarry[],
  effort: Effort,
  told: (outcome: Outcome, done: number) => void,
): Promise<Outcome[]> {
  const turns = new Turnstile(effort.jobs);
  let done = 0;
  return Promise.all(
    quarries.map(async (quarry) => {
      const outcome = await huntOne(quarry, effort, turns);
      done += 1;
      told(outcome, done);
      return outcome;
    }),
  );
}

async function huntOne(quarry: Quarry, effort: Effort, turns: Turnstile): Promise<Outcome> {
  const { title } = quarry;
  const by = ('by' in quarry && quarry.by) || 'client';
  const seeds = by === 'client' ? effort.seeds : [0];
  let copy: Promise<string> | undefined;
  const kills = await Promise.all(
    seeds.map((seed) =>
      turns.pass(async () => {
        copy ??= copyEngine(defectOf(quarry), by === 'tests');
        return run(await copy, quarry, seed, effort);
      }),
    ),
  ).finally(async () => {
    if (copy) await removeEngine(await copy);
  });
  return { title, by, kills };
}

const defectOf = (quarry: Quarry): Defect =>
  'patch' in quarry ? { patch: quarry.patch } : { edits: quarry.edits };

function run(
  folder: string,
  quarry: Quarry,
  seed: number,
  { runs, patienceMs }: Effort,
): Promise<Kill | null> {
  if ('by' in quarry && quarry.by === 'tests') return runTests(folder, quarry.tests);
  const task: Task =
    'by' in quarry && quarry.by === 'store'
      ? { by: 'store', folder, store: quarry.store }
      : { by: 'client', folder, seed, runs };
  return runHunt(task, patienceMs);
}

function runHunt(task: Task, patienceMs: number): Promise<Kill | null> {
  return new Promise((resolve) => {
    const child = fork(HUNT, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    let last = 0;
    let over = false;
    const end = (kill: Kill | null): void => {
      if (over) return;
      over = true;
      clearTimeout(watch);
      child.kill('SIGKILL');
      resolve(kill);
    };
    const hangs = () => end({ broke: 'a run does not come to its end', runs: last + 1 });
    let watch = setTimeout(hangs, patienceMs);
    child.on('message', (said: Said) => {
      clearTimeout(watch);
      if ('done' in said) return end(said.done);
      last = said.still;
      watch = setTimeout(hangs, patienceMs);
    });
    child.on('exit', (code) => end({ broke: `the process died (${code})`, runs: last + 1 }));
    child.send(task);
  });
}

function runTests(folder: string, tests: readonly string[]): Promise<Kill | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [VITEST, 'run', ...tests], { cwd: folder, stdio: 'ignore' });
    child.on('exit', (code) => resolve(code === 0 ? null : { broke: tests.join(', '), runs: 1 }));
  });
}

/** Lets so many through at a time, in the order in which they came. */
class Turnstile {
  #free: number;
  readonly #waiting: Array<() => void> = [];

  constructor(width: number) {
    this.#free = width;
  }

  async pass<R>(task: () => Promise<R>): Promise<R> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}
