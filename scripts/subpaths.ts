import { fileURLToPath } from 'node:url';

/**
 * Every public entry of the package and the source behind it. A new one is a line here; the architecture test
 * then names the line that package.json "exports" must have.
 */
export const subpaths = {
  '.': 'src/index.ts',
  './machines': 'machines/index.ts',
  './node': 'src/node/index.ts',
  './agents/librarian': 'src/agents/librarian.ts',
  './store': 'src/store/index.ts',
  './store/sqlite': 'src/store/sqlite.ts',
  './store/indexeddb': 'src/store/indexeddb.ts',
  './testing': 'src/testing/index.ts',
  './inspect': 'src/inspect/index.ts',
  './inspect/page': 'src/inspect/page/index.ts',
  './diagram': 'src/diagram/index.ts',
  './react': 'src/react/index.ts',
  './vue': 'src/vue/index.ts',
  './svelte': 'src/svelte/index.ts',
  './solid': 'src/solid/index.ts',
  './tabs': 'src/tabs/index.ts',
} as const satisfies Record<string, string>;

/** Files of `dist` that nobody imports, since a thread is started from them, and their sources. */
export const workers = {
  'store/sqlite/worker': 'src/store/sqlite/worker.ts',
} as const satisfies Record<string, string>;

/** Programs of package.json "bin". */
export const programs = {
  'cli/main': 'src/cli/main.ts',
} as const satisfies Record<string, string>;

/** The name of a subpath's file in `dist`, without extension: `.` → `index`, `./store/sqlite` → `store/sqlite`. */
export function distName(subpath: string): string {
  return subpath === '.' ? 'index' : subpath.slice('./'.length);
}

/** What a user writes after `from`: `chartroom`, `chartroom/store/sqlite`. */
export function specifier(subpath: string): string {
  return subpath.replace('.', 'chartroom');
}

/** Vite's aliases by which `chartroom` is the sources of this repository. */
export const sourceAliases = Object.entries(subpaths).map(([subpath, source]) => ({
  find: new RegExp(`^${specifier(subpath)}$`),
  replacement: fileURLToPath(new URL(`../${source}`, import.meta.url)),
}));
