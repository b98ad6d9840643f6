/**
 * Runs that once failed, in a file that is read first: each has a name, and is made again before any random run.
 * The file belongs in version control.
 */
import type { Json } from '../data.ts';
import type { TraceKind } from './trace.ts';

const FORMAT = 'chartroom-regressions';
const VERSION = 1;

export interface Regression {
  /** In words, unique in its file; it may be changed by hand. */
  readonly name: string;
  readonly kind: TraceKind;
  /** What failed: the machine's id, or the name that the test gave. */
  readonly subject: string;
  /** What it broke. */
  readonly invariant: string;
  /** The run itself, as in a trace. */
  readonly run: Json;
}

/** Those of one subject, in the order of the file. A file that is not there holds none. */
export async function readRegressions(file: string, kind: TraceKind, subject: string): Promise<Regression[]> {
  const all = await readAll(file);
  return all.filter((each) => each.kind === kind && each.subject === subject);
}

/** Adds one under a name of its own, unless the same run is there. Resolves with the name that it has. */
export function keepRegression(file: string, found: Omit<Regression, 'name'>): Promise<string> {
  return alone(file, () => add(file, found));
}

async function add(file: string, found: Omit<Regression, 'name'>): Promise<string> {
  const all = await readAll(file);
  const run = JSON.stringify(found.run);
  const known = all.find((each) => each.subject === found.subject && JSON.stringify(each.run) === run);
  if (known) return known.name;
  const names = new Set(all.map(({ name }) => name));
  const base = `${found.subject}: ${found.invariant}`;
  let name = base;
  for (let n = 2; names.has(name); n += 1) name = `${base} (${n})`;
  const regressions = [...all, { name, ...found }];
  const text = `${JSON.stringify({ format: FORMAT, version: VERSION, regressions }, null, 2)}\n`;
  const { rename, writeFile } = await import('node:fs/promises');
  // Written beside it and moved over it: a test run that is stopped half way leaves the old file whole.
  const draft = `${file}.new`;
  await writeFile(draft, text);
  await rename(draft, file);
  return name;
}

const LOCK_RETRY_MS = 20;
/** A writer that has not let go by then is dead. */
const LOCK_STALE_MS = 10_000;

/** One writer at a time, be it of this process or, as test runners have it, of another. */
async function alone<R>(file: string, write: () => Promise<R>): Promise<R> {
  const { mkdir, open, rm, stat } = await import('node:fs/promises');
  const { dirname, resolve } = await import('node:path');
  await mkdir(dirname(resolve(file)), { recursive: true });
  const lock = `${file}.lock`;
  for (;;) {
    try {
      await (await open(lock, 'wx')).close();
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const age = Date.now() - ((await stat(lock).catch(() => undefined))?.mtimeMs ?? Date.now());
      if (age > LOCK_STALE_MS) await rm(lock, { force: true });
      else await new Promise((later) => setTimeout(later, LOCK_RETRY_MS));
    }
  }
  try {
    return await write();
  } finally {
    await rm(lock, { force: true });
  }
}

async function readAll(file: string): Promise<Regression[]> {
  const { readFile } = await import('node:fs/promises');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return parse(text, file);
}

function parse(text: string, file: string): Regression[] {
  const wrong = (what: string): TypeError =>
    new TypeError(`${file} is no file of regressions: ${what}. Mend it, or delete it to begin anew.`);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw wrong(`it is no JSON (${(error as Error).message})`);
  }
  const { format, version, regressions } = (document ?? {}) as Record<string, unknown>;
  if (format !== FORMAT || version !== VERSION)
    throw wrong(`expected "format": "${FORMAT}", "version": ${VERSION}`);
  if (!Array.isArray(regressions) || !regressions.every(isRegression))
    throw wrong('expected a list of "regressions", each with name, kind, subject, invariant and run');
  return regressions;
}

function isRegression(value: unknown): value is Regression {
  if (typeof value !== 'object' || value === null) return false;
  const { name, kind, subject, invariant, run } = value as Record<string, unknown>;
  return [name, kind, subject, invariant].every((each) => typeof each === 'string') && run !== undefined;
}
