import { hostname } from 'node:os';
import { isSessionError, SessionError } from '../errors.ts';
import type { StoreLease } from '../store/port.ts';
import { statusOf } from './files.ts';

/** An import must not cut what a manager, which knows its own limits, keeps for cursors. */
const RETAIN_ALL = Number.MAX_SAFE_INTEGER;

/** Opens the file of a store for one command; what is in the way is said in words of the command line. */
export async function openStore(file: string, { readOnly }: { readOnly: boolean }): Promise<StoreLease> {
  if (readOnly && !statusOf(file))
    throw new SessionError('STORE_FAILED', `There is no store ${file}.`, { details: { path: file } });
  // Imported by both, it would be bundled into a chunk of its own, and not find its worker from there.
  const { sqliteStore } = await import('../store/sqlite.ts');
  try {
    const owner = `chartroom import, process ${process.pid} on ${hostname()}`;
    return await sqliteStore(file, { readOnly, retainEvents: RETAIN_ALL }).open({ owner });
  } catch (error) {
    throw reworded(error, file);
  }
}

function reworded(error: unknown, file: string): unknown {
  if (!isSessionError(error)) return error;
  const { code, details } = error;
  const say = (message: string) => new SessionError(code, message, { details, cause: error });
  if (code === 'STORE_LOCKED') {
    return say(
      `${file} belongs to ${details?.owner === undefined ? 'another program' : `"${details.owner}"`}; close that first. sessions, export and check work meanwhile.`,
    );
  }
  if (code === 'STORE_VERSION' && details?.format === 0)
    return say(`${file} is empty: no program has made a store of it yet.`);
  if (code === 'STORE_VERSION' && Number(details?.format) < Number(details?.newest))
    return say(
      `${file} has format ${details?.format}, and this chartroom reads ${details?.newest}; a program that opens it to write takes it there.`,
    );
  return error;
}
