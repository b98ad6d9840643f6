import { readFileSync, statSync } from 'node:fs';
import { open, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { type IgnoreRule, ignoring } from './ignore.ts';

export interface SourceFile {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly bytes: number;
}

export interface Folder {
  readonly root: string;
  /** By path. */
  readonly files: readonly SourceFile[];
  readonly skipped: { binary: number; huge: number; unreadable: number };
  /** Whether it holds more than {@link MAX_FILES}; then the rest is left out. */
  readonly truncated: boolean;
}

/** What is told of a folder. */
export interface FolderFacts extends Omit<Folder, 'files'> {
  readonly files: number;
  readonly bytes: number;
}

/** The folder cannot be read as one: the command was right, what it names is not. */
export class FolderError extends Error {
  override readonly name = 'FolderError';
}

export const MAX_FILES = 5000;
export const MAX_FILE_BYTES = 512 * 1024;
const PROBE_BYTES = 4096;

/** Finds the text files of a folder, without those of a `store` that may lie there. Throws {@link FolderError}. */
export async function scanFolder(given: string, store?: string): Promise<Folder> {
  await assertFolder(given);
  const root = await realpath(given); // one name for one folder, whichever link leads to it
  const listed = ignoring(await readFile(join(root, '.gitignore'), 'utf8').catch(() => ''));
  const ignored: IgnoreRule = (path, isFolder) =>
    listed(path, isFolder) || (store !== undefined && isOfStore(join(root, path), store));
  const folder = { root, files: [] as SourceFile[], skipped: { binary: 0, huge: 0, unreadable: 0 } };
  const truncated = await collect(folder, '', ignored);
  if (folder.files.length === 0) {
    const { binary, huge, unreadable } = folder.skipped;
    const others = binary + huge + unreadable;
    const why = others > 0 ? ` (${others} left out: binary, too large or unreadable)` : '';
    throw new FolderError(`${root} holds no text file to read${why}.`);
  }
  return { ...folder, truncated };
}

/** The file itself, its log, its lock, or what was moved aside. */
function isOfStore(path: string, store: string): boolean {
  return path === store || path.startsWith(`${store}-`) || path.startsWith(`${store}.`);
}

export function factsOf({ files, ...folder }: Folder): FolderFacts {
  return { ...folder, files: files.length, bytes: files.reduce((sum, file) => sum + file.bytes, 0) };
}

/**
 * Reads the lines of the folder's files, each file once. Of one that was changed or removed since
 * `sinceMs` (epoch milliseconds) nobody can say what it held: undefined.
 */
export function lineReader(root: string, sinceMs: number): (path: string) => readonly string[] | undefined {
  const read = new Map<string, readonly string[] | undefined>();
  return (path) => {
    if (!read.has(path)) read.set(path, linesOf(join(root, path), sinceMs));
    return read.get(path);
  };
}

function linesOf(file: string, sinceMs: number): readonly string[] | undefined {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined || stats.mtimeMs >= sinceMs ? undefined : readFileSync(file, 'utf8').split('\n');
}

/** The name of a file's language, by its extension. */
export function languageOf(path: string): string {
  const extension = extname(path).slice(1).toLowerCase();
  return LANGUAGES[extension] ?? (extension === '' ? 'text' : extension);
}

async function assertFolder(root: string): Promise<void> {
  const stats = await stat(root).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
      throw new FolderError(`There is no folder ${root}.`);
    }
    throw new FolderError(`${root} cannot be read: ${error.message}.`);
  });
  if (!stats.isDirectory()) throw new FolderError(`${root} is a file; the atlas reads a folder.`);
}

type Collected = Pick<Folder, 'root' | 'skipped'> & { files: SourceFile[] };

/** True when it stopped at the limit. Links are not followed: they may lead out, or round in a circle. */
async function collect(folder: Collected, at: string, ignored: IgnoreRule): Promise<boolean> {
  const entries = await readdir(join(folder.root, at), { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) {
    folder.skipped.unreadable += 1;
    return false;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = at === '' ? entry.name : `${at}/${entry.name}`;
    if (ignored(path, entry.isDirectory())) continue;
    if (folder.files.length >= MAX_FILES) return true;
    if (entry.isDirectory()) {
      if (await collect(folder, path, ignored)) return true;
    } else if (entry.isFile()) {
      await consider(folder, path);
    }
  }
  return false;
}

async function consider(folder: Collected, path: string): Promise<void> {
  const probed = await probe(join(folder.root, path)).catch(() => undefined);
  if (probed === undefined) folder.skipped.unreadable += 1;
  else if (probed.bytes > MAX_FILE_BYTES) folder.skipped.huge += 1;
  else if (probed.isBinary) folder.skipped.binary += 1;
  else folder.files.push({ path, bytes: probed.bytes });
}

/** A file is taken for binary when it has a NUL near its beginning, as git does. */
async function probe(path: string): Promise<{ bytes: number; isBinary: boolean }> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(PROBE_BYTES), 0, PROBE_BYTES, 0);
    return { bytes: size, isBinary: buffer.subarray(0, bytesRead).includes(0) };
  } finally {
    await handle.close();
  }
}

const LANGUAGES: Readonly<Record<string, string>> = {
  c: 'C',
  cc: 'C++',
  cpp: 'C++',
  cs: 'C#',
  css: 'CSS',
  ex: 'Elixir',
  exs: 'Elixir',
  go: 'Go',
  h: 'C',
  hs: 'Haskell',
  html: 'HTML',
  java: 'Java',
  js: 'JavaScript',
  json: 'JSON',
  jsx: 'JavaScript',
  kt: 'Kotlin',
  lua: 'Lua',
  md: 'Markdown',
  mjs: 'JavaScript',
  php: 'PHP',
  py: 'Python',
  rb: 'Ruby',
  rs: 'Rust',
  scala: 'Scala',
  sh: 'Shell',
  sql: 'SQL',
  svelte: 'Svelte',
  swift: 'Swift',
  toml: 'TOML',
  ts: 'TypeScript',
  tsx: 'TypeScript',
  vue: 'Vue',
  yaml: 'YAML',
  yml: 'YAML',
};
