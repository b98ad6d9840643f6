import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { describe, expect, it } from 'vitest';
import { distName, specifier, subpaths } from '../scripts/subpaths.ts';
import { loadedFrom, resolveImport, root, type SourceFile, sourceFiles } from './support/source-tree.ts';

const machines = sourceFiles('machines/**/*.ts');
const src = sourceFiles('src/**/*.ts');
const library = [...machines, ...src];
const examples = sourceFiles('examples/**/*.{ts,tsx}');
const visualizations = sourceFiles('visualizations/**/*.{ts,tsx}');
const others = sourceFiles('{bench,scripts,test}/**/*.ts', '*.ts', 'scripts/*.mjs');

const manifest = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
const builtins = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]));
/** `elkjs/lib/elk.js` → `elkjs` */
const packageOf = (name: string) => name.split('/', name.startsWith('@') ? 2 : 1).join('/');
const isIn = (folder: string, path: string) => path.startsWith(`${folder}/`);

/** `importer → imported` for each import that `allowed` refuses; `imported` is a path or a package. */
function strayImports(files: readonly SourceFile[], allowed: (imported: string) => boolean): string[] {
  return files.flatMap(({ path, imports }) =>
    imports
      .map(({ from }) => resolveImport(path, from) ?? from)
      .filter((imported) => !allowed(imported))
      .map((imported) => `${path} → ${imported}`),
  );
}

describe('the arrows', () => {
  it('lead from machines/ to xstate and to machines/, nowhere else', () => {
    expect(strayImports(machines, (to) => to === 'xstate' || isIn('machines', to))).toEqual([]);
  });

  it('lead from src/ to src/, machines/, Node and what package.json lets a user install', () => {
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    // What is built of visualizations/ and shown in a page.
    const allowed = (to: string) =>
      isIn('src', to) || isIn('machines', to) || isIn('dist/inspector/in-page', to) || builtins.has(to);
    expect(strayImports(src, (to) => allowed(to) || declared.includes(packageOf(to)))).toEqual([]);
  });

  it('lead from examples/ to chartroom through its public entries', () => {
    const entries = Object.keys(subpaths).map(specifier);
    const isPrivate = (to: string) => /^(src|machines|test|scripts|dist)\//.test(to);
    const isUnknown = (to: string) => /^chartroom(\/|$)/.test(to) && !entries.includes(to);
    // What builds a page has to know where the sources are.
    const app = examples.filter(({ path }) => path !== 'examples/workspace/site.ts');
    expect(strayImports(app, (to) => !isPrivate(to) && !isUnknown(to))).toEqual([]);
  });

  it('lead from visualizations/ to what can be looked at, through its public entry', () => {
    const entries = ['.', './inspect', './inspect/page', './diagram', './machines'].map(specifier);
    const isPrivate = (to: string) => /^(src|machines|test|scripts|dist|examples)\//.test(to);
    const isElse = (to: string) => /^chartroom(\/|$)/.test(to) && !entries.includes(to);
    const app = visualizations.filter(({ path }) => !/\/(build|vite\.config)\.ts$/.test(path));
    expect(strayImports(app, (to) => !isPrivate(to) && !isElse(to) && !builtins.has(to))).toEqual([]);
  });

  it('form no cycle', () => {
    const loadsItself = ({ path, imports }: SourceFile) =>
      imports.some(({ from, typeOnly }) => {
        const to = resolveImport(path, from);
        return to !== undefined && !typeOnly && loadedFrom(to, library).has(path);
      });
    expect(library.filter(loadsItself).map(({ path }) => path)).toEqual([]);
  });
});

describe('what importing `chartroom` loads', () => {
  const loaded = [...loadedFrom(subpaths['.'], library)];

  it('holds the manager', () => {
    expect(loaded).toContain('src/manager.ts');
  });

  it('holds no Node built-in', () => {
    expect(loaded.filter((name) => builtins.has(name))).toEqual([]);
  });

  it('holds no store but the one in memory', () => {
    const stores = loaded.filter((path) => isIn('src/store', path));
    expect(stores.filter((path) => !/\/(memory|port|wake-index)\.ts$/.test(path))).toEqual([]);
  });

  it('holds nothing of the optional entries', () => {
    // What of `src/store` may be there is said above.
    const optional = Object.entries(subpaths)
      .filter(([subpath, source]) => source.startsWith('src/') && subpath !== '.' && subpath !== './store')
      .map(([, source]) => source)
      .flatMap((source) => [source, source.replace(/(\/index)?\.ts$/, '/')]);
    expect(loaded.filter((path) => optional.some((start) => path.startsWith(start)))).toEqual([]);
  });
});

describe.each(['./inspect', './inspect/page', './diagram', './tabs'] as const)(
  'what importing `%s` loads',
  (subpath) => {
    it('runs in a page: no Node built-in, and no package that is optional, before it is used', () => {
      const loaded = [...loadedFrom(subpaths[subpath], library, 'at once')];
      const optional = Object.keys(manifest.peerDependencies);
      expect(loaded.filter((name) => builtins.has(name) || optional.includes(packageOf(name)))).toEqual([]);
    });
  },
);

describe('what importing `./tabs` loads', () => {
  it('is no engine, which tabs that only follow do without', () => {
    const loaded = loadedFrom(subpaths['./tabs'], library);
    expect([...loaded].filter((path) => path === 'xstate' || path === 'src/manager.ts')).toEqual([]);
  });
});

describe('the charts are pure', () => {
  const impure =
    'Date Math.random performance crypto console process globalThis window fetch setTimeout setInterval ' +
    'setImmediate queueMicrotask clearTimeout clearInterval localStorage indexedDB WebSocket Worker require';

  it.each(machines)('$path', ({ names }) => {
    expect(impure.split(' ').filter((name) => names.has(name))).toEqual([]);
  });
});

describe('the public entries', () => {
  it('are the same in package.json as in the table of subpaths', () => {
    const exports = Object.keys(subpaths).map((subpath) => [subpath, `./dist/${distName(subpath)}.js`]);
    expect(manifest.exports).toEqual({
      ...Object.fromEntries(exports),
      './package.json': './package.json',
    });
  });

  it.each(Object.entries(subpaths))('%s has its source, %s', (_subpath, source) => {
    expect(existsSync(`${root}/${source}`)).toBe(true);
  });

  const indexes = library.filter(({ path }) => /(^|\/)index\.ts$/.test(path));
  it.each(indexes)('$path is a list of names, without logic', ({ listOnly, exportsAll }) => {
    expect({ listOnly, exportsAll }).toEqual({ listOnly: true, exportsAll: false });
  });
});

describe('the files', () => {
  it('have 400 lines at most', () => {
    const long = [...library, ...examples, ...visualizations, ...others].filter(({ lines }) => lines > 400);
    expect(long.map(({ path, lines }) => `${path}: ${lines} lines`)).toEqual([]);
  });

  // The parts of a verification are tested by what it finds: clients, machines and stores with seeded bugs.
  const provedTogether = ['client', 'machine', 'store'].map((part) => `src/testing/${part}`);

  it('have a test of the same name when they hold logic', () => {
    // What lives in a page is tested in one.
    const testsOf = (path: string) =>
      ['.test.ts', '.browser.test.ts', '.browser.test.tsx'].map(
        (ending) => `test/${path.replace(/^src\//, '').replace(/\.ts$/, ending)}`,
      );
    const isTested = (path: string) => testsOf(path).some((test) => existsSync(`${root}/${test}`));
    const own = library.filter(({ path }) => !provedTogether.some((folder) => isIn(folder, path)));
    const missing = own.filter(({ path, hasLogic }) => hasLogic && !isTested(path));
    expect(missing.map(({ path }) => `${path} wants ${testsOf(path).join(' or ')}`)).toEqual([]);
  });
});
