import { realpathSync, type Stats, statSync } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { checkPath, invalidArgument } from '../check.ts';
import type { FileSource } from '../options.ts';

/**
 * A {@link FileSource} over one folder. Paths are relative to `root` and may not leave it: absolute paths,
 * `..`, NUL and symbolic links that lead outside reject `INVALID_ARGUMENT`. Only regular files exist: a
 * folder, like anything missing, has the stat `undefined`. Text is read as UTF-8.
 *
 * It keeps a caller's paths inside; it is no sandbox against somebody who moves links about under `root`
 * while it reads.
 *
 * @param root an existing folder; anything else throws `INVALID_ARGUMENT` at once
 */
export function nodeFiles(root: string): FileSource {
  const folder = realFolder(root);

  async function find(path: string): Promise<{ file: string; stats: Stats } | undefined> {
    const candidate = join(folder, checkInside(path));
    try {
      const file = await realpath(candidate);
      if (!isInside(folder, file)) throw invalidArgument('path', 'a path that stays inside the root', path);
      const stats = await stat(file);
      return stats.isFile() ? { file, stats } : undefined;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  return Object.freeze({
    async stat(path: string) {
      const found = await find(path);
      return found && { mtimeMs: found.stats.mtimeMs, size: found.stats.size };
    },
    async read(path: string) {
      const found = await find(path);
      if (found) return readFile(found.file, 'utf8');
      throw Object.assign(new Error(`There is no file ${JSON.stringify(path)}.`), { code: 'ENOENT' });
    },
  });
}

function realFolder(root: string): string {
  const path = checkPath(root, 'root');
  try {
    const folder = realpathSync(path);
    if (statSync(folder).isDirectory()) return folder;
  } catch (error) {
    throw invalidArgument('root', 'an existing folder', root, error);
  }
  throw invalidArgument('root', 'an existing folder', root);
}

/** Refuses every `..`, also one that would come back in: behind a link it means another folder. */
function checkInside(path: string): string {
  checkPath(path, 'path');
  const segments = path.split(sep === '\\' ? /[\\/]/ : '/');
  if (isAbsolute(path) || segments.includes('..')) {
    throw invalidArgument('path', 'a path relative to the root, without ..', path);
  }
  return path;
}

function isInside(folder: string, file: string): boolean {
  const way = relative(folder, file);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
