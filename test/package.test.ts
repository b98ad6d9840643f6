import { copyFileSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bytesOf, type Chunk, ENGINE_PAGE } from '../scripts/bundle.ts';
import { distName, specifier, subpaths } from '../scripts/subpaths.ts';
import { useChromium } from './support/browser.ts';
import { connection, lit, openSession } from './support/inspector-page.ts';
import { bundleEntry, type InstalledPackage, installPackage } from './support/installed-package.ts';
import { pageBuilds } from './support/page-builds.ts';
import { run, tool } from './support/program.ts';
import { root } from './support/source-tree.ts';

const MINUTE = 60_000;

// Each test starts a process or two.
vi.setConfig({ testTimeout: 2 * MINUTE });

const FRAMEWORKS = ['react', 'vue', 'svelte', 'solid-js'];

let installed: InstalledPackage;
beforeAll(async () => {
  installed = await installPackage();
}, 5 * MINUTE);
afterAll(() => {
  if (installed) rmSync(dirname(installed.project), { recursive: true });
});

/** As `npm install` of an optional peer would. */
const installPeer = (name: string) => {
  const folder = join(installed.project, 'node_modules', name);
  if (!existsSync(folder)) symlinkSync(`${root}/node_modules/${name}`, folder, 'junction');
};

describe('the tarball', () => {
  it('holds dist, the manifest, the licence and the README', () => {
    const topLevel = new Set(installed.files.map((path) => path.split('/')[0]));
    const expected = ['LICENSE', 'README.md', 'dist', 'package.json'];
    expect([...topLevel]).toEqual(
      expected.filter((name) => name === 'dist' || existsSync(`${root}/${name}`)),
    );
  });

  it('holds in dist a module and its types for every entry, and nothing but such files and source maps', () => {
    const entries = Object.keys(subpaths).map((subpath) => `dist/${distName(subpath)}`);
    const wanted = entries.flatMap((name) => [`${name}.js`, `${name}.d.ts`]);
    expect(installed.files).toEqual(expect.arrayContaining(wanted));
    const dist = installed.files.filter((path) => /^dist\/(?!inspector\/)/.test(path));
    expect(dist.filter((path) => !/\.(js|js\.map|d\.ts)$/.test(path))).toEqual([]);
  });

  it("holds the inspector's page, and with the layout that it brings along the licence of that", () => {
    const page = installed.files.filter((path) => path.startsWith('dist/inspector/'));
    expect(page).toEqual(expect.arrayContaining(['dist/inspector/index.html', 'dist/inspector/viewer.html']));
    expect(page.filter((path) => /elk-worker\..+\.js$/.test(path))).toHaveLength(1);
    expect(page).toContain('dist/inspector/assets/elk-worker.LICENSE.md');
    expect(page.filter((path) => path.startsWith('dist/inspector/in-page/'))).toEqual([
      'dist/inspector/in-page/app.js',
      'dist/inspector/in-page/elk.LICENSE.md',
      'dist/inspector/in-page/elk.js',
    ]);
    expect(page.filter((path) => path.endsWith('.map'))).toEqual([]);
  });

  it('holds each source once: what entries share is in a chunk that they import', () => {
    const sources = installed.files
      .filter((path) => path.endsWith('.js.map'))
      .flatMap((path) => JSON.parse(readFileSync(join(installed.folder, path), 'utf8')).sources)
      .map((source: string) => source.replace(/^(\.\.\/)+/, ''));
    expect(sources).toContain('src/manager.ts');
    expect(sources.filter((source, index) => sources.indexOf(source) !== index)).toEqual([]);
  });

  it('has nothing for publint to say', async () => {
    const { tarball } = installed;
    const file = readFileSync(tarball);
    const buffer = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
    const { messages, pkg } = await publint({ pack: { tarball: buffer }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it('has types that resolve wherever its modules do', async () => {
    const { code, stdout, stderr } = await run(tool('attw'), [installed.tarball, '--profile', 'esm-only']);
    expect(code, stdout + stderr).toBe(0);
  });
});

describe('installed in an empty project', () => {
  const node = (file: string) => run(process.execPath, [file], { cwd: installed.project });

  it('runs a plain JavaScript program', async () => {
    copyFileSync(`${root}/test/support/consumer/program.mjs`, join(installed.project, 'program.mjs'));
    const { code, stdout, stderr } = await node('program.mjs');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      types: [
        'session_created',
        'session_status',
        'conversation_added',
        'session_status',
        'session_status',
        'session_terminated',
      ],
      history: [['user', 'hello']],
      refusal: 'SESSION_NOT_FOUND',
      left: [['b', 1]],
    });
  });

  it('keeps sessions in a file, whatever becomes of the process, and lists them from the command line', async () => {
    const { project } = installed;
    installPeer('better-sqlite3');
    const program = `
      import { createSessionManager } from 'chartroom';
      import { sqliteStore } from 'chartroom/store/sqlite';
      const rooms = createSessionManager({ store: sqliteStore('rooms.db') });
      const { session } = await rooms.getOrCreateSession('ada');
      await session.send('user', 'again');
      console.log((await session.context.history()).length);
      process.kill(process.pid, 'SIGKILL');`;
    writeFileSync(join(project, 'durable.mjs'), program);
    expect((await node('durable.mjs')).stdout).toBe('1\n');
    expect((await node('durable.mjs')).stdout).toBe('2\n');
    const { code, stdout, stderr } = await run(
      join(project, 'node_modules/.bin/chartroom'),
      ['sessions', 'rooms.db'],
      {
        cwd: project,
      },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/ada +active +2 /);
  });

  it('verifies from the command line, with fast-check beside it, and asks for that where it is missing', async () => {
    const lamp = `
      import { createMachine } from 'xstate';
      export const lamp = createMachine({
        id: 'lamp',
        initial: 'off',
        states: { off: { on: { press: 'on' } }, on: { on: { press: 'off', burn: 'burnt' } }, burnt: { type: 'final' } },
      });`;
    writeFileSync(join(installed.project, 'lamp.mjs'), lamp);
    const verify = (...argv: string[]) =>
      run(join(installed.project, 'node_modules/.bin/chartroom'), ['verify', 'lamp.mjs', ...argv], {
        cwd: installed.project,
      });
    const { code, stderr } = await verify();
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        'chartroom verify: Verifying wants fast-check, which is not installed: npm install --save-dev fast-check\n',
    });
    for (const name of ['fast-check', 'idb', 'react']) installPeer(name);
    const { stdout } = await verify('--seed', '1', '--terminate', 'burn');
    expect(stdout).toMatch(/^lamp breaks "it can .*start {3}← breaks here/s);
    expect((await verify('--terminate', 'press', '--terminate', 'burn')).code).toBe(0);
  });

  it('serves the inspector of its sessions, with ws beside it, and asks for that where it is missing', async () => {
    const program = `
      import { createSessionManager } from 'chartroom';
      import { inspectSessions } from 'chartroom/inspect';
      const rooms = createSessionManager();
      try {
        const inspector = await inspectSessions(rooms);
        const page = await fetch(inspector.url);
        console.log(page.status, (await page.text()).includes('<title>'));
        await inspector.close();
      } catch (error) {
        console.log(error.message);
      }
      await rooms.close();`;
    writeFileSync(join(installed.project, 'inspect.mjs'), program);
    expect((await node('inspect.mjs')).stdout).toContain('npm install ws');
    installPeer('ws');
    expect(await node('inspect.mjs')).toEqual({ code: 0, stderr: '', stdout: '200 true\n' });
  });

  it('draws a machine from the command line, with elkjs beside it, and asks for that where it is missing', async () => {
    const door = "import { createMachine } from 'xstate'; export const door = createMachine({ id: 'door' });";
    writeFileSync(join(installed.project, 'door.mjs'), door);
    const draw = () =>
      run(join(installed.project, 'node_modules/.bin/chartroom'), ['diagram', 'door.mjs'], {
        cwd: installed.project,
      });
    const { code, stderr } = await draw();
    expect(code).toBe(1);
    expect(stderr).toContain('npm install elkjs');
    installPeer('elkjs');
    expect((await draw()).stdout).toMatch(/^<svg .*<\/svg>\n$/s);
  });

  it('gives each entry something to import', async () => {
    for (const name of ['fast-check', 'idb', ...FRAMEWORKS]) installPeer(name);
    const names = Object.keys(subpaths).map(specifier);
    const program = names.map((name) => `console.log(Object.keys(await import('${name}')).length > 0);`);
    writeFileSync(join(installed.project, 'entries.mjs'), program.join('\n'));
    const { stdout, stderr } = await node('entries.mjs');
    expect({ stderr, stdout }).toEqual({ stderr: '', stdout: 'true\n'.repeat(names.length) });
  });

  it('has one class of errors, whichever entry it came through', async () => {
    const program = `
      import { SessionError } from 'chartroom';
      import { nodeFiles } from 'chartroom/node';
      const error = await Promise.resolve().then(() => nodeFiles('.').read('../outside')).catch((error) => error);
      console.log(error instanceof SessionError);`;
    writeFileSync(join(installed.project, 'errors.mjs'), program);
    expect(await node('errors.mjs')).toEqual({ code: 0, stderr: '', stdout: 'true\n' });
  });

  it.each([
    {
      module: 'nodenext',
      moduleResolution: 'nodenext',
      lib: ['es2023', 'esnext.disposable', 'dom'],
      types: [],
    },
    {
      module: 'nodenext',
      moduleResolution: 'nodenext',
      lib: ['es2023', 'esnext.disposable'],
      types: ['node'],
    },
    { module: 'esnext', moduleResolution: 'bundler', lib: ['es2023', 'esnext.disposable', 'dom'], types: [] },
  ])('type-checks a program that uses every entry, under $moduleResolution with $lib', async (options) => {
    const { project } = installed;
    for (const name of FRAMEWORKS) installPeer(name);
    if (!existsSync(join(project, 'node_modules/@types')))
      symlinkSync(`${root}/node_modules/@types`, join(project, 'node_modules/@types'), 'junction');
    const files = ['types.ts', ...(options.lib.includes('dom') ? ['pages.ts'] : [])];
    for (const file of files) copyFileSync(`${root}/test/support/consumer/${file}`, join(project, file));
    const compilerOptions = { ...options, target: 'es2023', strict: true, noEmit: true };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    const { code, stdout } = await run(tool('tsc'), ['-p', project]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  });
});

/** What a page that uses them has anyway. */
const HAD_ANYWAY = ['xstate', ...FRAMEWORKS];
/** Programs and what a page may be sent for them: gzipped, frameworks apart, the real number and about 1 % more. */
const BUDGETS: ReadonlyArray<readonly [what: string, program: string, atOnce: number, later: number]> = [
  ['the engine', ENGINE_PAGE, 30_600, 12_750],
  [
    'the event schemas',
    "import { eventSchemas } from 'chartroom';\nconsole.log(eventSchemas);",
    8300,
    Infinity,
  ],
  ...(
    [
      ['react', 8050],
      ['vue', 8200],
      ['svelte', 8200],
      ['solid', 8150],
      ['tabs', 14_350],
      ['store/indexeddb', 11_550],
    ] as const
  ).map(
    ([entry, atOnce]) =>
      [entry, `import * as all from 'chartroom/${entry}';\nconsole.log(all);`, atOnce, 0] as const,
  ),
  [
    'isSessionError',
    "import { isSessionError } from 'chartroom';\nconsole.log(isSessionError(1));",
    340,
    Infinity,
  ],
];

const codeOf = (chunks: readonly Chunk[]) => chunks.map(({ code }) => code).join('\n');

describe('in a browser bundle', () => {
  beforeAll(() => installPeer('idb'));

  /** Files of which something is in these chunks: of a package, or the program itself. */
  const filesIn = (chunks: readonly Chunk[]) =>
    chunks.flatMap(({ inputs }) => inputs).map((path) => path.replace(/^.*node_modules\//, ''));

  it.each(BUDGETS)('%s takes no more than it may', async (what, program, atOnce, later) => {
    const bundle = await bundleEntry(installed, program, { external: HAD_ANYWAY });
    const sizes = { atOnce: bytesOf(bundle.atOnce), later: bytesOf(bundle.later) };
    console.log(`${what}: ${sizes.atOnce} B gzipped at once, ${sizes.later} B later`);
    expect(sizes.atOnce).toBeLessThanOrEqual(atOnce);
    expect(sizes.later).toBeLessThanOrEqual(later);
  });

  it('the engine imports nothing but xstate', async () => {
    const { atOnce, later } = await bundleEntry(installed, ENGINE_PAGE);
    const imports = [...atOnce, ...later].flatMap((chunk) => chunk.imports);
    expect([...new Set(imports)]).toEqual(['xstate']);
  });

  it('the engine has nothing with it at once that only an agent, a cache or a full store needs', async () => {
    const { atOnce, later } = await bundleEntry(installed, ENGINE_PAGE);
    const isOfSchemas = (path: string) => path.startsWith('valibot/');
    expect(filesIn(later).some(isOfSchemas)).toBe(true);
    expect(filesIn(atOnce).filter(isOfSchemas)).toEqual([]);
    for (const text of [
      'There is no saved session',
      'limits.cacheBytes or cache less',
      'came back without',
    ]) {
      expect(codeOf(later)).toContain(text);
      expect(codeOf(atOnce)).not.toContain(text);
    }
  });

  it('the engine has nothing with it, not even later, that nobody asks for', async () => {
    const { atOnce, later } = await bundleEntry(installed, ENGINE_PAGE);
    const sources = (name: string) =>
      JSON.parse(readFileSync(join(installed.folder, `${name}.map`), 'utf8')).sources as string[];
    const files = filesIn([...atOnce, ...later]).filter((path) => path.startsWith('chartroom/dist/'));
    const used = files.flatMap((path) => sources(path.slice('chartroom/'.length)));
    expect(used.some((path) => path.endsWith('src/manager.ts'))).toBe(true);
    const optional =
      /\/src\/(events\/schemas|(testing|inspect|diagram|node|cli|agents)\/|store\/(?!memory|wake-index))/;
    expect(used.filter((path) => optional.test(path))).toEqual([]);
  });

  it('whoever only tells errors apart has the error class and nothing else', async () => {
    const { atOnce } = await bundleEntry(
      installed,
      "import { isSessionError } from 'chartroom';\nconsole.log(isSessionError(1));",
    );
    expect(filesIn(atOnce)).toEqual(['program.js', expect.stringMatching(/^chartroom\/dist\/errors-/)]);
    expect(atOnce.flatMap(({ imports }) => imports)).toEqual([]);
  });
});

describe('`chartroom/inspect/page` in a browser bundle', () => {
  it('adds 5 kB at most, minified and gzipped, to what is loaded at once, and nothing where it is not called', async () => {
    const sizeOf = async (imports: string, more: string) => {
      const contents = `import { createSessionManager } from 'chartroom';
        ${imports}
        globalThis.manager = createSessionManager(); ${more}`;
      const { atOnce } = await bundleEntry(installed, contents);
      return { bytes: bytesOf(atOnce), opens: codeOf(atOnce).includes('popup-blocked') };
    };
    const imports = "import { openInspector } from 'chartroom/inspect/page';";
    const without = await sizeOf('', '');
    const uncalled = await sizeOf(imports, '');
    const withIt = await sizeOf(imports, 'globalThis.open = () => openInspector(manager);');
    console.log(`chartroom/inspect/page: ${withIt.bytes - without.bytes} B gzipped at once`);
    expect([uncalled.opens, withIt.opens]).toEqual([false, true]);
    expect(withIt.bytes - without.bytes).toBeLessThanOrEqual(5000);
  });
});

describe('a page made of it opens its inspector', () => {
  const pages = useChromium();
  const program = `
    import { createSessionManager } from 'chartroom';
    import { openInspector } from 'chartroom/inspect/page';
    const manager = createSessionManager();
    await manager.createSession({ id: 'ada' });
    const button = Object.assign(document.createElement('button'), { textContent: 'Inspect' });
    button.onclick = () => openInspector(manager);
    document.body.append(button);`;

  it.each(Object.entries(pageBuilds))('by %s', async (_name, buildPage) => {
    await using built = await buildPage({ project: installed.project, program });
    const { page, requests } = await pages.open();
    await page.goto(built.url);
    const opened = page.waitForEvent('popup');
    await page.getByRole('button', { name: 'Inspect' }).click();
    const shown = await opened;
    await connection(shown, 'Live').waitFor();
    await openSession(shown, 'ada');
    await lit(shown, 'running.active').waitFor();
    expect(requests.filter((address) => !address.startsWith(built.url))).toEqual([]);
  });
});
