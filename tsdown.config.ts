import { join } from 'node:path';
import { defineConfig } from 'tsdown';
import { distName, programs, subpaths, workers } from './scripts/subpaths.ts';

interface Module {
  readonly importedIds: readonly string[];
  readonly dynamicallyImportedIds: readonly string[];
}
interface Modules {
  getModuleInfo(id: string): Module | null;
}

/** What is loaded together with these modules. */
function loadedWith(ids: readonly string[], modules: Modules): Set<string> {
  const loaded = new Set(ids);
  for (const id of loaded)
    for (const imported of modules.getModuleInfo(id)?.importedIds ?? []) loaded.add(imported);
  return loaded;
}

const source = (path: string) => join(import.meta.dirname, path);
let atOnce: Set<string> | undefined;
let afterwards: Set<string> | undefined;

/**
 * What the engine shares with the parts of it that are loaded later is one file, apart from the rest; so is the error
 * class, which most who are not the engine need too. Bundlers that split code decide by whole files: otherwise they
 * take all that stands beside what is shared for needed by everybody who needs a part.
 */
function chunkOf(id: string, modules: Modules): string | null {
  if (id === source('src/errors.ts')) return 'errors';
  // Whoever names an entry has all that the entry's own file imports; this is to be left out when nobody asks for it.
  if (id === source('src/events/schemas.ts')) return 'schemas';
  const later = modules.getModuleInfo(source('src/later.ts'))?.dynamicallyImportedIds ?? [];
  atOnce ??= loadedWith([source('src/manager.ts')], modules);
  afterwards ??= loadedWith(later, modules);
  return atOnce.has(id) && afterwards.has(id) ? 'shared' : null;
}

export default defineConfig({
  entry: {
    ...Object.fromEntries(Object.entries(subpaths).map(([subpath, source]) => [distName(subpath), source])),
    ...workers,
    ...programs,
  },
  tsconfig: 'tsconfig.build.json',
  format: 'esm',
  platform: 'neutral',
  deps: { neverBundle: [/^node:/] },
  plugins: [
    {
      // It is built after this, into `dist` as well, and is no part of any bundle. Rolldown takes the folder that the
      // outputs go to for the root.
      name: 'the-app-of-the-inspector',
      resolveId: (id) => {
        const [, file] = /\/dist\/(inspector\/in-page\/.+)/.exec(id) ?? [];
        return file === undefined ? null : { id: join(import.meta.dirname, file), external: 'relative' };
      },
    },
  ],
  target: 'es2023',
  dts: { generator: 'tsgo' },
  sourcemap: true,
  failOnWarn: true,
  // The declarations come from its command line, which is stable.
  suppressWarnings: 'TypeScript 7.0 does not yet have a stable API',
  inputOptions: { preserveEntrySignatures: 'allow-extension' },
  outputOptions: {
    codeSplitting: {
      groups: [{ name: chunkOf, debugName: 'what is shared', includeDependenciesRecursively: false }],
    },
  },
});
