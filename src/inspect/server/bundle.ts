import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of the web app. */
export interface BundledFile {
  readonly type: string;
  readonly body: Buffer;
  readonly etag: string;
  /** Its name changes with what it holds. */
  readonly immutable: boolean;
}

/** By the names that a request may ask for, without a leading slash. */
export type Bundle = ReadonlyMap<string, BundledFile>;

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
  txt: 'text/plain; charset=utf-8',
  md: 'text/plain; charset=utf-8',
};
/** For pages that open the app by themselves: it is not served. */
const IN_PAGE = 'in-page/';
const HASHED = /^assets\/.+-[\w-]{8}\.\w+$/;

/** Where the web app of this package is: `dist/inspector`, from the sources and from `dist` alike. */
export function bundleFolder(from?: string): string {
  return join(ownPackage(from).folder, 'dist', 'inspector');
}

/** Of chartroom. */
export function ownVersion(from?: string): string {
  return ownPackage(from).version;
}

function ownPackage(from = import.meta.url): { readonly folder: string; readonly version: string } {
  for (let folder = dirname(fileURLToPath(from)); ; folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    const { name, version } = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
    if (name === 'chartroom') return { folder, version: String(version) };
    if (folder === dirname(folder))
      throw new Error(
        `No package.json of chartroom is above ${from}. If a bundler has put chartroom there, keep it out of the bundle: ` +
          'the inspector is served from the files of the package.',
      );
  }
}

/**
 * All of it, read once. What is asked for later is looked up by its whole name: no path is ever made out of a request.
 */
export async function readBundle(folder: string): Promise<Bundle> {
  const bundle = new Map<string, BundledFile>();
  for (const entry of await listed(folder)) {
    const path = join(entry.parentPath, entry.name);
    const type = TYPES[entry.name.split('.').at(-1) ?? ''];
    if (!entry.isFile() || type === undefined) continue;
    const name = relative(folder, path).split(sep).join('/');
    if (name.startsWith(IN_PAGE)) continue;
    const body = await readFile(path);
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    bundle.set(name, { type, body, etag, immutable: HASHED.test(name) });
  }
  if (!bundle.has('index.html')) throw notBuilt(folder);
  return bundle;
}

async function listed(folder: string) {
  try {
    return await readdir(folder, { recursive: true, withFileTypes: true });
  } catch (error) {
    throw notBuilt(folder, error);
  }
}

function notBuilt(folder: string, cause?: unknown): Error {
  const message = `The inspector's page is not in ${folder}; in the repository of chartroom, build it: npm run build`;
  return new Error(message, cause === undefined ? undefined : { cause });
}
