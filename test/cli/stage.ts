import { loadTesting } from '../../src/cli/modules.ts';
import { runProgram } from '../../src/cli/program.ts';
import type { Output, Surroundings } from '../../src/cli/surroundings.ts';
import { SessionError } from '../../src/errors.ts';
import type { InspectorServer, ServerOptions } from '../../src/inspect/server/index.ts';
import { memoryStore } from '../../src/store/memory.ts';
import type { SessionStore, StoreLease } from '../../src/store/port.ts';

export const NOW = Date.UTC(2026, 5, 1);

export interface Told {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface StageOptions {
  /** Where both streams lead. */
  terminal?: boolean;
  /** After this many writes nobody reads stdout any more. */
  readers?: number;
  /** What every lease is replaced with before a command gets it. */
  wrap?: (lease: StoreLease) => StoreLease;
  now?: () => number;
  /** What modules export, by file name. */
  modules?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** In place of the inspector's server. */
  serveInspector?: (options: ServerOptions) => Promise<InspectorServer>;
  /** What the person does while it is served, before Ctrl-C. */
  meanwhile?: () => void | Promise<void>;
}

/** Stores in memory by file name, and a command line on them that tells what it wrote. */
export function stage({
  terminal = false,
  readers = Infinity,
  wrap,
  now = () => NOW,
  modules = {},
  serveInspector = () => Promise.reject(new Error('no inspector here')),
  meanwhile = () => {},
}: StageOptions = {}) {
  const stores = new Map<string, SessionStore>();
  const opened: Array<readonly [file: string, readOnly: boolean]> = [];
  const storeOf = (file: string): SessionStore => {
    const store = stores.get(file) ?? memoryStore();
    stores.set(file, store);
    return store;
  };
  async function chartroom(...argv: string[]): Promise<Told> {
    const told = { out: '', err: '' };
    let writes = 0;
    const to = (name: 'out' | 'err'): Output => ({
      isTTY: terminal,
      colours: terminal,
      write(text) {
        if (name === 'out') writes += 1;
        if (writes > readers) return false;
        told[name] += text;
        return true;
      },
    });
    const surroundings: Surroundings = {
      stdout: to('out'),
      stderr: to('err'),
      version: '1.2.3',
      now,
      loadTesting,
      keepConsoleOff: () => {},
      serveInspector,
      interrupted: async () => meanwhile(),
      async importModule(file) {
        const module = modules[file];
        if (module) return module;
        throw new Error(`no module ${file}`);
      },
      async open(file, { readOnly }) {
        if (readOnly && !stores.has(file))
          throw new SessionError('STORE_FAILED', `There is no store ${file}.`);
        const lease = await storeOf(file).open({ owner: 'chartroom' });
        opened.push([file, readOnly]);
        return wrap ? wrap(lease) : lease;
      },
    };
    const code = await runProgram(argv, surroundings);
    return { code, ...told };
  }
  /** Works on a store as a program would, and gives it back. */
  async function within<R>(file: string, use: (lease: StoreLease) => Promise<R>): Promise<R> {
    await using lease = await storeOf(file).open({ owner: 'test' });
    return await use(lease);
  }
  return { chartroom, within, opened };
}
