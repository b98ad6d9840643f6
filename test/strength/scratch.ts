/** Copies of the engine in which a defect is: what is under test is imported from there, all else from here. */
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { applyEdit, type Edit } from './bug.ts';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** All that the engine is imported with. */
const ENGINE = ['src', 'machines', 'package.json', 'tsconfig.json'];
/** All that its tests are run with. */
const TESTS = ['test', 'scripts', 'bench', 'examples', 'docs', 'vitest.config.ts', 'biome.json', 'README.md'];

/** What is wrong with a copy. */
export type Defect = { readonly edits: readonly Edit[] } | { readonly patch: string };

/** Those that are there. Whatever ends this process, they go with it. */
const copies = new Set<string>();
process.once('exit', () => {
  for (const folder of copies) rmSync(folder, { recursive: true, force: true });
});

export async function copyEngine(defect: Defect, withTests = false): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'chartroom-strength-'));
  copies.add(folder);
  try {
    for (const part of [...ENGINE, ...(withTests ? TESTS : [])])
      await cp(join(root, part), join(folder, part), { recursive: true }).catch(unlessMissing);
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
    if ('patch' in defect) await applyPatch(folder, defect.patch);
    else for (const edit of defect.edits) await applyEditIn(folder, edit);
    return folder;
  } catch (error) {
    await removeEngine(folder);
    throw error;
  }
}

export async function removeEngine(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  copies.delete(folder);
}

async function applyEditIn(folder: string, edit: Edit): Promise<void> {
  const file = join(folder, edit.file);
  await writeFile(file, applyEdit(await readFile(file, 'utf8'), edit));
}

async function applyPatch(folder: string, patch: string): Promise<void> {
  // A copy that lies inside of some repository is none of that repository's files.
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir(), GIT_DIR: join(folder, 'no-repository') };
  await promisify(execFile)('git', ['apply', '--whitespace=nowarn', patch], { cwd: folder, env });
}

function unlessMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
