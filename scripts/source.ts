/**
 * `node --import ./scripts/source.ts file.ts` runs a program that imports `chartroom` on this working tree's
 * sources, with no build in between. TypeScript finds the same files by "paths", Vitest by `alias`.
 */
import { registerHooks } from 'node:module';
import { specifier, subpaths } from './subpaths.ts';

const root = new URL('../', import.meta.url);
const sources = new Map(
  Object.entries(subpaths).map(([subpath, source]) => [specifier(subpath), new URL(source, root).href]),
);

registerHooks({
  resolve: (name, context, nextResolve) => nextResolve(sources.get(name) ?? name, context),
});
