import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { isSessionError } from 'chartroom';
import type { StoreLease } from 'chartroom/store';
import { sqliteStore } from 'chartroom/store/sqlite';
import { ForeignStoreError, readJob, type StoredJob } from './job.ts';
import { countText } from './terminal.ts';

/** What is in the way of the store, in one line that says what to do. */
export class StoreProblem extends Error {
  override readonly name = 'StoreProblem';
}

export interface StoreRequest {
  readonly file: string;
  /** The folder that is asked about. */
  readonly root: string;
  /** Undefined: as many as the job that is found there has. */
  readonly sessions: number | undefined;
  /** Empty: those of the job that is found there. */
  readonly questions: readonly string[];
  /** A job that is found there is given up. */
  readonly fresh: boolean;
}

export interface OpenedStore {
  readonly lease: StoreLease;
  /** To go on with; undefined where a new one begins. */
  readonly job: StoredJob | undefined;
  /** What became of what was there before. */
  readonly note: string | undefined;
}

/** The store of a folder, in the repository and out of git's sight; each folder has its own. */
export function defaultStore(root: string, repository: string): string {
  const folder = join(repository, '.chartroom');
  try {
    mkdirSync(folder, { recursive: true });
    if (!existsSync(join(folder, '.gitignore'))) writeFileSync(join(folder, '.gitignore'), '*\n');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StoreProblem(`There is no place for the store: ${why}. Name a file for it with --store.`);
  }
  if (root === repository) return join(folder, 'atlas.db');
  const name = basename(root).replace(/[^A-Za-z0-9_-]/g, '-') || 'root';
  const hash = createHash('sha256').update(root).digest('hex').slice(0, 8);
  return join(folder, `atlas-${name.slice(0, 60)}-${hash}.db`);
}

/**
 * Opens the store and looks at what it holds, under its lock. What is done, or given up, makes room for a new job;
 * what is somebody else's stays as it is. Throws {@link StoreProblem}.
 */
export async function openStore(request: StoreRequest): Promise<OpenedStore> {
  const { file, fresh } = request;
  let lease: StoreLease | undefined;
  try {
    lease = await leaseOf(file);
    const job = await readJob(lease);
    const note = job && farewell(job, request);
    if (note === undefined) return { lease, job, note };
    await removeStore(lease, file);
    return { lease: await leaseOf(file), job: undefined, note };
  } catch (error) {
    await lease?.[Symbol.asyncDispose]();
    if (!fresh || !isDamage(error) || !isStoreFile(file)) throw asProblem(error, file);
    const kept = moveAside(file);
    const note = `What was in ${file} could not be read, and is kept as ${kept}.`;
    return { lease: await leaseOf(file), job: undefined, note };
  }
}

/** What is in the way, in one line; anything else stays as it is. */
export function asProblem(error: unknown, file: string): unknown {
  const say = (message: string) => new StoreProblem(message, { cause: error });
  if (error instanceof ForeignStoreError)
    return say(`${file} ${error.message}. Name another file with --store.`);
  if (!isSessionError(error) || !error.code.startsWith('STORE_')) return error;
  const { code, message, details } = error;
  if (code === 'STORE_LOCKED')
    return say(
      `${file} belongs to ${details?.owner ?? 'another program'}, which is at work on it: let it end, or name another file with --store.`,
    );
  if (code === 'STORE_VERSION') return say(`${message} Or name another file with --store.`);
  if (code === 'STORE_CORRUPT')
    return say(
      `${named(message, file)} ${isStoreFile(file) ? 'Start anew with --fresh, or name' : 'Name'} another file with --store.`,
    );
  if (details?.full === true)
    return say(`The disk is full. What was done is kept in ${file}: make room, and npm start goes on.`);
  return say(message);
}

function named(message: string, file: string): string {
  return message.includes(file) ? message : `${file}: ${message}`;
}

/** Why the job makes room for another; undefined when it is gone on with. */
function farewell({ plan, doneAt }: StoredJob, request: StoreRequest): string | undefined {
  const { file, root, sessions, questions, fresh } = request;
  if (fresh) return `The job that ${file} held was given up; this is a new one.`;
  if (plan.folder.root !== root)
    throw new StoreProblem(
      `${file} holds the atlas of ${plan.folder.root}. Name another file with --store, or start anew with --fresh.`,
    );
  if (doneAt !== undefined)
    return `The job that ${file} held was done on ${momentText(doneAt)}; this is a new one.`;
  const count = plan.parts.length;
  if (sessions !== undefined && sessions !== count)
    throw unlike(file, countText(count, 'session'), '--sessions');
  const same = questions.length === plan.asked.length && questions.every((text, n) => text === plan.asked[n]);
  if (questions.length > 0 && !same) throw unlike(file, 'other questions', '--question');
  return undefined;
}

/** ISO 8601 for people. */
function momentText(at: string): string {
  return `${at.slice(0, 10)} at ${at.slice(11, 16)} UTC`;
}

function unlike(file: string, what: string, option: string): StoreProblem {
  return new StoreProblem(
    `${file} holds an unfinished job with ${what}. Leave ${option} out to go on with it, or start anew with --fresh.`,
  );
}

function leaseOf(file: string): Promise<StoreLease> {
  // The events of a job are its record: none may go before it is done.
  const store = sqliteStore(file, { retainEvents: Number.MAX_SAFE_INTEGER });
  return store.open({ owner: `npm start, process ${process.pid} on ${hostname()}` });
}

/** Under its lock where the system lets open files go, so that nobody else can come in between. The lock stays. */
async function removeStore(lease: StoreLease, file: string): Promise<void> {
  if (process.platform === 'win32') await lease[Symbol.asyncDispose]();
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  await lease[Symbol.asyncDispose]();
}

function isDamage(error: unknown): boolean {
  return isSessionError(error) && error.code === 'STORE_CORRUPT';
}

/** Whether the file says in its first bytes that it is an SQLite file of chartroom's. */
function isStoreFile(file: string): boolean {
  const head = Buffer.alloc(72);
  try {
    const descriptor = openSync(file, 'r');
    readSync(descriptor, head, 0, head.length, 0);
    closeSync(descriptor);
  } catch {
    return false;
  }
  return head.toString('latin1', 0, 16) === 'SQLite format 3\0' && head.toString('latin1', 68) === 'chrt';
}

/** Gives the name that it has from now on. */
function moveAside(file: string): string {
  let kept = `${file}.damaged`;
  for (let n = 2; existsSync(kept); n++) kept = `${file}.damaged-${n}`;
  renameSync(file, kept);
  for (const suffix of ['-wal', '-shm'])
    if (existsSync(file + suffix)) renameSync(file + suffix, kept + suffix);
  return kept;
}
