import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as esbuild from 'esbuild';
import * as vite from 'vite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import webpack from 'webpack';
import { useChromium } from '../support/browser.ts';
import { type InstalledPackage, installPackage } from '../support/installed-package.ts';
import { type BuiltPage, served } from '../support/page-builds.ts';
import { root } from '../support/source-tree.ts';

const MINUTE = 60_000;
// Each test runs a bundler.
vi.setConfig({ testTimeout: 2 * MINUTE });

const OUTCOME = {
  heard: [
    'session_created',
    'session_status',
    'conversation_added',
    'conversation_added',
    'llm_response',
    'session_status',
    'session_status',
    'session_terminated',
  ],
  history: ['user: hello', 'assistant: HELLO'],
  answer: 'HELLO',
  file: 'A',
  saved: 2,
  refusal: 'SESSION_NOT_FOUND',
};

const pages = useChromium();
let installed: InstalledPackage;
let files: BuiltPage;
/** Where the program lies, beside `node_modules`. */
let program: string;
beforeAll(async () => {
  installed = await installPackage();
  program = join(installed.project, 'program');
  cpSync(`${root}/test/support/consumer/page`, program, { recursive: true });
  files = await served(installed.project);
}, 5 * MINUTE);
afterAll(async () => {
  await files?.[Symbol.asyncDispose]();
  if (installed) rmSync(dirname(installed.project), { recursive: true });
});

/** A page of the project with this script. */
function write(page: string, head: string): void {
  const path = join(installed.project, page);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `<!doctype html><meta charset="utf-8" /><title>chartroom</title>${head}`);
}

/** What came of the program in that page, and the scripts that it asked for. */
async function run(path: string): Promise<{ outcome: unknown; scripts: string[] }> {
  const { page, requests } = await pages.open();
  await page.goto(`${files.url}${path}`);
  const outcome = await page.evaluate('globalThis.outcome');
  return { outcome, scripts: requests.filter((url) => /\.m?js$/.test(url)) };
}

describe('a session with an agent that answers, in a page and in a worker', () => {
  it('bundled and minified by esbuild', async () => {
    await esbuild.build({
      entryPoints: ['page.mjs', 'worker.mjs'].map((name) => join(program, name)),
      outdir: join(installed.project, 'esbuild'),
      outExtension: { '.js': '.mjs' },
      bundle: true,
      minify: true,
      splitting: true,
      format: 'esm',
    });
    write('esbuild/index.html', '<script type="module" src="./page.mjs"></script>');
    expect((await run('esbuild/index.html')).outcome).toEqual([OUTCOME, OUTCOME]);
  });

  it('in a production build of Vite', async () => {
    write('program/index.html', '<script type="module" src="./page.mjs"></script>');
    await vite.build({
      root: program,
      base: './',
      configFile: false,
      logLevel: 'error',
      build: { outDir: join(installed.project, 'vite') },
      worker: { format: 'es' },
    });
    expect((await run('vite/index.html')).outcome).toEqual([OUTCOME, OUTCOME]);
  });

  it('in a production build of webpack', async () => {
    const compiler = webpack({
      mode: 'production',
      context: program,
      entry: './page.mjs',
      output: { path: join(installed.project, 'webpack'), publicPath: 'auto' },
      performance: false,
      // Terser takes its time, and leaves what is done as it is.
      optimization: { minimize: false },
    });
    const problems = await new Promise((resolve, reject) =>
      compiler?.run((error, stats) =>
        error ? reject(error) : resolve(stats?.toJson({ all: false, errors: true, warnings: true })),
      ),
    );
    await new Promise((resolve) => compiler?.close(resolve));
    expect(problems).toMatchObject({ errors: [], warnings: [] });
    write('webpack/index.html', '<script defer src="./main.js"></script>');
    expect((await run('webpack/index.html')).outcome).toEqual([OUTCOME, OUTCOME]);
  });

  it('in a page without a bundler, by an import map', async () => {
    const entryOf = (name: string) => {
      const folder = join(installed.project, 'node_modules', name);
      const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      let entry = exports['.'];
      while (typeof entry !== 'string') entry = entry.module ?? entry.import ?? entry.default;
      return [name, join('/node_modules', name, entry)];
    };
    const imports = Object.fromEntries(['chartroom', 'valibot', 'xstate'].map(entryOf));
    write(
      'plain.html',
      `<script type="importmap">${JSON.stringify({ imports })}</script>
      <script type="module">
        import { talk } from './program/talk.mjs';
        globalThis.outcome = talk();
      </script>`,
    );
    expect((await run('plain.html')).outcome).toEqual(OUTCOME);
  });
});

it('a page that only talks is sent nothing of what is loaded later', async () => {
  writeFileSync(
    join(program, 'small.mjs'),
    `import { createSessionManager } from 'chartroom';
    const rooms = createSessionManager();
    const session = await rooms.createSession();
    await session.send('user', 'hello');
    globalThis.outcome = session.context.history().then((history) => history.length);
    globalThis.save = () => rooms.saveSession(session.id).then(({ messageCount }) => messageCount);`,
  );
  await esbuild.build({
    entryPoints: [join(program, 'small.mjs')],
    outdir: join(installed.project, 'small'),
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
  });
  write('small/index.html', '<script type="module" src="./small.js"></script>');
  const { page, requests } = await pages.open();
  const later = () => requests.filter((url) => /\/(agents|stored|cache)-[^/]*\.js$/.test(url)).length;
  await page.goto(`${files.url}small/index.html`);
  expect([await page.evaluate('globalThis.outcome'), later()]).toEqual([1, 0]);
  expect([await page.evaluate('globalThis.save()'), later()]).toEqual([1, 1]);
});
