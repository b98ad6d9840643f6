import { type BuildOptions, build } from 'esbuild';
import { expect, it } from 'vitest';
import { root } from '../support/source-tree.ts';

/** The files of Solid that end in a bundle of the binding and of what renders it. */
async function copies(options: BuildOptions): Promise<string[]> {
  const contents = `
    export { SessionProvider, useSession } from './src/solid/index.ts';
    export { createSignal } from 'solid-js';
    export { isServer, render, renderToString } from 'solid-js/web';`;
  const { metafile } = await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: 'esm',
    logLevel: 'error',
    external: ['xstate', 'seroval', 'seroval-plugins'],
    ...options,
    metafile: true,
  });
  return Object.keys(metafile.inputs).filter((path) => path.startsWith('node_modules/solid-js/dist/'));
}

it.each([
  ['a page', { platform: 'browser' }, 'solid.js'],
  ['a page in development', { platform: 'browser', conditions: ['development'] }, 'dev.js'],
  ['a server', { platform: 'node' }, 'server.js'],
  ['a worker', { platform: 'neutral', conditions: ['worker'] }, 'server.js'],
] as const)('takes the one copy of Solid that everything else in %s takes', async (_place, options, file) => {
  expect(
    await copies({ ...options, conditions: [...('conditions' in options ? options.conditions : [])] }),
  ).toEqual([`node_modules/solid-js/dist/${file}`]);
});
