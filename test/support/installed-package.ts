/** The package as somebody else gets it: packed by npm, installed in an empty project outside this repository. */
import { globSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { type Bundle, bundle } from '../../scripts/bundle.ts';
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

/** What a browser would be sent for this program, which may import any entry: see {@link bundle}. */
export function bundleEntry(
  { project }: InstalledPackage,
  program: string,
  options: { readonly external?: readonly string[] } = {},
): Promise<Bundle> {
  return bundle(program, { folder: project, ...options });
}
