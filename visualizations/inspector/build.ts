/**
 * Builds the inspector's app into `dist/inspector`: the page with its assets, ELK's worker as a file of its own under
 * its own licence, and `viewer.html`, one file without ELK, for traces that are saved. In `in-page` there is the app for
 * pages that open it themselves: one document as a text in a module, and ELK in another one, under its own licence too.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type Alias, build, type InlineConfig } from 'vite';
import { sourceAliases } from '../../scripts/subpaths.ts';
import { elkScript } from './src/in-page/elk-script.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const repository = fileURLToPath(new URL('../..', import.meta.url));
const target = join(repository, 'dist/inspector');

/** The diagrams load elkjs by themselves when nobody gives it to them. In the app it always is given. */
const withoutElk: Alias = {
  find: 'elkjs/lib/elk.bundled.js',
  replacement: join(here, 'src/no-elk.ts'),
};

const common = {
  root: here,
  configFile: false,
  base: './',
  logLevel: 'warn',
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  resolve: {
    alias: [withoutElk, ...sourceAliases],
  },
} satisfies InlineConfig;

/** The folder that it is in. It is there as a whole or not at all: what builds elsewhere at the same time meets no half. */
export async function buildInspector(): Promise<string> {
  const out = `${target}.${process.pid}`;
  await mkdir(out, { recursive: true });
  try {
    await buildInto(out);
    await putInPlace(out);
  } finally {
    await rm(out, { recursive: true, force: true });
  }
  return target;
}

/** Several may build at once, out of the same sources: whoever comes first has done it for all. */
async function putInPlace(out: string): Promise<void> {
  const before = `${out}.before`;
  await rename(target, before).catch(unless('ENOENT'));
  await rename(out, target).catch(unless('ENOTEMPTY', 'EEXIST'));
  await rm(before, { recursive: true, force: true });
}

function unless(...codes: readonly string[]): (error: NodeJS.ErrnoException) => void {
  return (error) => {
    if (!codes.includes(error.code ?? '')) throw error;
  };
}

async function buildInto(out: string): Promise<void> {
  await build({
    ...common,
    build: {
      outDir: out,
      emptyOutDir: false,
      target: 'es2023',
      modulePreload: { polyfill: false },
      rolldownOptions: { external: /^node:/ },
      // Nothing is put into a page as data: its policy takes scripts and styles from the server only.
      assetsInlineLimit: 0,
    },
  });
  await writeFile(join(out, 'viewer.html'), await viewer());
  const elk = await readElk();
  await writeFile(
    join(out, 'assets/elk-worker.LICENSE.md'),
    `assets/elk-worker.min-….js is ${elk.notice}\n${elk.licence}`,
  );
  await mkdir(join(out, 'in-page'));
  await writeFile(join(out, 'in-page/app.js'), await appModule(elk));
  await writeFile(join(out, 'in-page/elk.js'), moduleOf({ program: licensed(elk) }));
  await writeFile(join(out, 'in-page/elk.LICENSE.md'), `in-page/elk.js holds ${elk.notice}\n${elk.licence}`);
}

/** Script and style go into the template; its policy names them by their hashes, so that nothing else runs in it. */
async function viewer(): Promise<string> {
  const { script, style } = await inline('src/viewer.tsx');
  const policy = policyOf([sourceOf(script)], sourceOf(style)).join('; ');
  return filled('viewer.html', { script, style, policy });
}

/** The document for pages. Of scripts that are not its own it allows ELK's, for where no worker may be made of it. */
async function appModule(elk: Elk): Promise<string> {
  const { script, style } = await inline('src/page.tsx');
  const scripts = [sourceOf(script), sourceOf(elkScript(licensed(elk)))];
  const policy = [...policyOf(scripts, sourceOf(style)), 'worker-src blob:'].join('; ');
  const { version } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8'));
  return moduleOf({
    html: await filled('page.html', { script, style, policy }),
    scriptSource: sourceOf(script),
    styleSource: sourceOf(style),
    version,
  });
}

/** With its licence in front, in the text: the comments of a module are lost when somebody minifies it. */
function licensed({ program, notice, licence }: Elk): string {
  const comment = `This is ${notice}\n${licence}`.replaceAll('*/', '* /');
  return `/*!\n${comment}\n*/\n${program}`;
}

/** Texts are the one thing that every bundler, and a browser without one, loads alike. */
function moduleOf(texts: Readonly<Record<string, string>>): string {
  return Object.entries(texts)
    .map(([name, text]) => `export const ${name} = ${JSON.stringify(text)};\n`)
    .join('');
}

async function inline(entry: string): Promise<{ script: string; style: string }> {
  const built = await build({
    ...common,
    build: {
      write: false,
      target: 'es2023',
      cssCodeSplit: false,
      modulePreload: false,
      rolldownOptions: {
        input: join(here, entry),
        external: /^node:/,
        output: { codeSplitting: false },
      },
    },
  });
  const outputs = [built].flat().flatMap((each) => ('output' in each ? each.output : []));
  const script = outputs.flatMap((file) => (file.type === 'chunk' ? file.code : [])).join('\n');
  const style = outputs
    .flatMap((file) => (file.type === 'asset' && file.fileName.endsWith('.css') ? String(file.source) : []))
    .join('\n');
  return { script: withoutTags(script), style };
}

function policyOf(scripts: readonly string[], style: string): string[] {
  return [
    "default-src 'none'",
    `script-src ${scripts.join(' ')}`,
    `style-src ${style}`,
    'img-src data: blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ];
}

async function filled(
  file: string,
  parts: { readonly policy: string; readonly style: string; readonly script: string },
): Promise<string> {
  const template = await readFile(join(here, file), 'utf8');
  return template
    .replace('%POLICY%', () => parts.policy)
    .replace('%STYLE%', () => parts.style)
    .replace('%SCRIPT%', () => parts.script);
}

/** In a script within HTML these would end it, or make it another one. In JavaScript both occur in strings only. */
function withoutTags(script: string): string {
  return script.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
}

/** As a policy names a text. */
function sourceOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

interface Elk {
  /** Its worker, unchanged. */
  readonly program: string;
  readonly notice: string;
  readonly licence: string;
}

async function readElk(): Promise<Elk> {
  const read = (file: string) => readFile(join(repository, 'node_modules/elkjs', file), 'utf8');
  const { version } = JSON.parse(await read('package.json'));
  return {
    program: await read('lib/elk-worker.min.js'),
    notice:
      `elkjs ${version} (https://github.com/kieler/elkjs), unchanged, a program of its own\n` +
      'that the inspector talks to by messages. It is under the Eclipse Public License 2.0; its source is at that address.\n',
    licence: await read('LICENSE.md'),
  };
}

async function sizes(folder: string): Promise<string> {
  const files = await readdir(folder, { recursive: true });
  const lines = await Promise.all(
    files.sort().map(async (file) => {
      const path = join(folder, file);
      if (!(await stat(path)).isFile()) return [];
      const bytes = await readFile(path);
      const kilobytes = (count: number) => (count / 1000).toFixed(1).padStart(8);
      return `${kilobytes(bytes.length)} kB ${kilobytes(gzipSync(bytes).length)} kB gzip  ${file}`;
    }),
  );
  return lines.flat().join('\n');
}

if (import.meta.main) {
  process.stdout.write(`dist/inspector\n${await sizes(await buildInspector())}\n`);
}
