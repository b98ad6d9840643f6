/** The package as somebody else gets it: packed by npm, installed in an empty project outside this repository. */
import { globSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { build } from 'tsdown';
import { run } from './program.ts';
import { root } from './source-tree.ts';

export interface InstalledPackage {
  readonly tarball: string;
  /** The project that installed it. */
  readonly project: string;
  /** Where it lies there. */
  readonly folder: string;
  /** Every file of it, from `folder`, with forward slashes. */
  readonly files: readonly string[];
}

/** Builds, packs and installs; `remove` the folder `project` lies in when done. */
export async function installPackage(): Promise<InstalledPackage> {
  const place = mkdtempSync(join(tmpdir(), 'chartroom-package-'));
  const project = join(place, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
  // npm builds first, by the script `prepack`, as it does before publishing.
  await npm(['pack', '--pack-destination', place], root);
  const [tarball = 'no tarball'] = globSync(join(place, '*.tgz'));
  await npm(['install', tarball, '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'], project);
  const folder = join(project, 'node_modules', 'chartroom');
  const files = globSync('**', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  return { tarball, project, folder, files: files.map((path) => path.split(sep).join('/')).sort() };
}

async function npm(args: string[], cwd: string): Promise<void> {
  const { code, stdout, stderr } = await run('npm', args, { cwd, timeoutMs: 180_000 });
  if (code !== 0) throw new Error(`npm ${args.join(' ')} exited with ${code}:\n${stdout}${stderr}`);
}

export interface Bundle {
  /** Minified: all that is loaded with the entry. */
  readonly code: string;
  /** What is loaded only when somebody asks for it by `import()`. */
  readonly later: string;
  /** What it still imports. */
  readonly imports: readonly string[];
}

/** What a browser would be sent for `import 'chartroom'`: the dependencies with it, XState apart. */
export async function bundleMainEntry({ folder, project }: InstalledPackage): Promise<Bundle> {
  const [bundle] = await build({
    config: false,
    cwd: project,
    entry: {
      bundle: join(folder, JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).exports['.']),
    },
    platform: 'browser',
    target: 'es2023',
    deps: { alwaysBundle: /^(?!xstate$)/, neverBundle: ['xstate'] },
    minify: true,
    outputOptions: { comments: { annotation: false, jsdoc: false, legal: false } },
    dts: false,
    write: false,
    logLevel: 'warn',
    failOnWarn: true,
  });
  const chunks = (bundle?.chunks ?? []).filter((chunk) => chunk.type === 'chunk');
  const named = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const loaded = new Set(chunks.filter(({ isEntry }) => isEntry));
  for (const { imports } of loaded)
    for (const name of imports) {
      const chunk = named.get(name);
      if (chunk) loaded.add(chunk);
    }
  const external = chunks.flatMap(({ imports }) => imports).filter((name) => !named.has(name));
  return {
    code: [...loaded].map(({ code }) => code).join(''),
    later: chunks
      .filter((chunk) => !loaded.has(chunk))
      .map(({ code }) => code)
      .join(''),
    imports: [...new Set(external)],
  };
}
