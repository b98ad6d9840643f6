/**
 * One hunt, in a process of its own: random runs of the engine in a copy, until one of them breaks an invariant or
 * all are made. `fork`ed by `hunts.ts`, which gives it its task and listens.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { VerificationError, verifyClient } from '../../src/testing/index.ts';
import { verifyStore } from '../../src/testing/store/verify-store.ts';

export type Task =
  | { readonly by: 'client'; readonly folder: string; readonly seed: number; readonly runs: number }
  | { readonly by: 'store'; readonly folder: string; readonly store: 'memory' | 'sqlite' };

/** How a hunt ended, in the words of whoever found it. */
export interface Kill {
  /** What broke: an invariant, a case of the store contract, a test. */
  readonly broke: string;
  /** How many runs, or cases, it took. */
  readonly runs: number;
  /** Length of the shrunk run. */
  readonly steps?: number;
}

export type Said = { readonly still: number } | { readonly done: Kill | null };

/** Of the store contract; each has a store of its own. */
const CASES_AT_ONCE = 8;

async function hunt(task: Task): Promise<Kill | null> {
  const load = (file: string) => import(pathToFileURL(join(task.folder, file)).href);
  return task.by === 'client' ? huntClient(task, load) : huntStore(task, load);
}

type Load = (file: string) => Promise<Record<string, never>>;

async function huntClient({ seed, runs }: Extract<Task, { by: 'client' }>, load: Load): Promise<Kill | null> {
  // Loaded by a manager when it needs them; here at once, because loading takes as long as it takes.
  const { later } = (await load('src/later.ts')) as unknown as typeof import('../../src/later.ts');
  await Promise.all(Object.values(later).map((part) => part()));
  const { createSessionManager } = (await load(
    'src/index.ts',
  )) as unknown as typeof import('../../src/index.ts');
  const { memoryStore } = (await load(
    'src/store/memory.ts',
  )) as unknown as typeof import('../../src/store/memory.ts');
  try {
    await verifyClient(({ options }) => createSessionManager(options), {
      name: 'seeded',
      runs,
      seed,
      createStore: memoryStore,
      traceFolder: false,
      onProgress: (progress) => say({ still: progress.runs }),
    });
    return null;
  } catch (error) {
    if (error instanceof VerificationError)
      return { broke: error.invariant, runs: error.runs, steps: error.steps.length };
    return {
      broke: `${(error as Error).name}: ${(error as Error).message}`.split('\n', 1)[0] ?? '',
      runs: 1,
    };
  }
}

async function huntStore({ store }: Extract<Task, { by: 'store' }>, load: Load): Promise<Kill | null> {
  const folder = await mkdtemp(join(tmpdir(), 'chartroom-strength-store-'));
  let files = 0;
  const file = () => {
    files += 1;
    return join(folder, `${files}.db`);
  };
  const { memoryStore } = (await load(
    'src/store/memory.ts',
  )) as unknown as typeof import('../../src/store/memory.ts');
  const { sqliteStore } = (await load(
    'src/store/sqlite.ts',
  )) as unknown as typeof import('../../src/store/sqlite.ts');
  const create = (retainEvents = 100_000) =>
    store === 'memory' ? memoryStore({ retainEvents }) : sqliteStore(file(), { retainEvents });
  try {
    const cases = verifyStore(() => create(), { retaining: create });
    for (let from = 0; from < cases.length; from += CASES_AT_ONCE) {
      say({ still: from });
      const some = cases.slice(from, from + CASES_AT_ONCE);
      const results = await Promise.allSettled(some.map(({ run }) => run()));
      const n = results.findIndex(({ status }) => status === 'rejected');
      if (n >= 0) return { broke: some[n]?.title ?? '', runs: from + n + 1 };
    }
    return null;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function say(said: Said): void {
  process.send?.(said);
}

process.once('disconnect', () => process.exit(1));
process.once('message', (task) => {
  hunt(task as Task).then(
    (done) => process.send?.({ done } satisfies Said, () => process.exit(0)),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
});
