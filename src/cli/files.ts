import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { MAX_DOCUMENT_LENGTH } from '../store/document.ts';

/** A file that could not be read or written; the message names it and says what to do. */
export class FileError extends Error {
  override readonly name = 'FileError';
}

/**
 * The whole text is there under its name, or nothing of it. What is there already stays, unless `force`; even then
 * only a file is replaced, and of a link the link itself. A power cut may still take the name: {@link syncFolder}.
 */
export function writeWhole(path: string, text: string, { force = false }: { force?: boolean } = {}): void {
  checkFree(path, force);
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path).slice(0, 100)}.${randomUUID()}.tmp`);
  try {
    const file = openSync(temporary, 'wx');
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (force) renameSync(temporary, path);
    else putInPlace(temporary, path);
  } catch (error) {
    throw asFileError(error, path, 'written');
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Throws for what {@link writeWhole} would not replace. */
export function checkFree(path: string, force: boolean): void {
  const found = statusOf(path, lstatSync);
  if (!found) return;
  if (found.isDirectory()) throw new FileError(`${path} is a folder; name a file in it.`);
  if (!found.isFile() && !found.isSymbolicLink()) throw new FileError(`${path} is no regular file.`);
  if (!force) throw new FileError(`${path} is there already; --force replaces it.`);
}

/** `undefined` for what is not there. */
export function statusOf(path: string, stat: typeof statSync = statSync): Stats | undefined {
  try {
    return stat(path, { throwIfNoEntry: false });
  } catch (error) {
    throw asFileError(error, path, 'looked at');
  }
}

/** A link is only made where there is none, whoever was quicker; a rename would replace that. */
function putInPlace(temporary: string, path: string): void {
  try {
    linkSync(temporary, path);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw new FileError(`${path} is there already; --force replaces it.`);
    // A file system without hard links.
    checkFree(path, false);
    renameSync(temporary, path);
  }
}

/** Makes new names in a folder survive a power cut, where the system can. */
export function syncFolder(folder: string): void {
  let handle: number | undefined;
  try {
    handle = openSync(folder, 'r');
    fsyncSync(handle);
  } catch {
    // Windows opens no folders.
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** The text of a document's file. */
export function readText(path: string): string {
  try {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      // UTF-8 takes at most three bytes for a code unit.
      if (size > MAX_DOCUMENT_LENGTH * 3)
        throw new FileError(`${path} has ${size} bytes, more than any document has.`);
      return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (error instanceof TypeError) throw new FileError(`${path} is no document: it is not UTF-8 text.`);
    throw asFileError(error, path, 'read');
  }
}

export function asFileError(error: unknown, path: string, verb: string): unknown {
  const code = codeOf(error);
  if (error instanceof FileError || code === undefined) return error;
  return new FileError(`${path} could not be ${verb}: ${REASONS[code] ?? code}.`, { cause: error });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'part of its path is not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many files are open',
};

function codeOf(error: unknown): string | undefined {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return typeof code === 'string' ? code : undefined;
}
