/** What there is in a module that somebody named. */
import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as testing from '../testing/index.ts';
import type { Verification } from '../testing/index.ts';
import { UsageError } from './arguments.ts';
import type { Surroundings } from './surroundings.ts';

export type TestingKit = typeof testing;

export interface NamedVerification {
  readonly name: string;
  readonly verification: Verification;
}

/** `where`: a file, and behind a `#` the one export that is wanted. Throws a {@link UsageError} when there is none. */
export async function loadVerifications(
  surroundings: Surroundings,
  { verificationOf }: TestingKit,
  where: string,
): Promise<readonly NamedVerification[]> {
  const { file, wanted, exported } = await loadExports(surroundings, where);
  const found = new Map<unknown, NamedVerification>();
  for (const [name, value] of Object.entries(exported)) {
    const verification = wanted === undefined || name === wanted ? verificationOf(value) : undefined;
    // The default export may have a name besides.
    const known = found.get(value);
    if (verification && (!known || known.name === 'default'))
      found.set(value, { name: nameOf(name, verification), verification });
  }
  if (found.size > 0) return [...found.values()];
  throw new UsageError(
    wanted === undefined
      ? `${file} exports nothing to verify: no machine, and no object with a machine, a client or a store. ` +
          `It exports ${namesIn(exported)}.`
      : `The export ${wanted} of ${file} is nothing to verify: neither a machine, nor an object with a machine, a client or a store.`,
  );
}

export interface LoadedModule {
  readonly file: string;
  /** The name behind the `#`; it is among `exported`. */
  readonly wanted: string | undefined;
  readonly exported: Readonly<Record<string, unknown>>;
}

/** `where`: a file, and behind a `#` the one export that is wanted. Throws a {@link UsageError} when it has none. */
export async function loadExports(
  { importModule }: Pick<Surroundings, 'importModule'>,
  where: string,
): Promise<LoadedModule> {
  const [file, wanted] = split(where);
  const exported = await importModule(file);
  if (wanted !== undefined && !(wanted in exported))
    throw new UsageError(`${file} exports no ${wanted}; it exports ${namesIn(exported)}.`);
  return { file, wanted, exported };
}

function split(where: string): readonly [file: string, wanted: string | undefined] {
  const at = where.lastIndexOf('#');
  // A folder may have it in its name.
  return at < 0 || existsSync(where) ? [where, undefined] : [where.slice(0, at), where.slice(at + 1)];
}

function nameOf(exported: string, verification: Verification): string {
  if ('name' in verification && verification.name !== undefined) return verification.name;
  if ('machine' in verification && verification.machine.id !== '(machine)') return verification.machine.id;
  return exported;
}

export function namesIn(exported: object): string {
  return Object.keys(exported).join(', ') || 'nothing';
}

export async function importModule(file: string): Promise<Readonly<Record<string, unknown>>> {
  const path = isAbsolute(file) ? file : resolve(file);
  try {
    return await import(pathToFileURL(path).href);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_MODULE_NOT_FOUND' && !existsSync(path))
      throw new UsageError(`There is no module ${file}.`);
    if (code === 'ERR_UNKNOWN_FILE_EXTENSION' && /\.[cm]?ts$/.test(file))
      throw new UsageError(
        `Node ${process.versions.node} loads no TypeScript; ${file} wants Node 22.18 or newer, or to be compiled.`,
      );
    throw new UsageError(
      `${file} could not be loaded: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

export async function loadTesting(): Promise<TestingKit> {
  try {
    return await import('../testing/index.ts');
  } catch (error) {
    if (!(error as Error).message.includes('fast-check')) throw error;
    throw new Error('Verifying wants fast-check, which is not installed: npm install --save-dev fast-check', {
      cause: error,
    });
  }
}
