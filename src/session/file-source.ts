import { describe } from '../check.ts';
import { toErrorInfo, wrapThrown } from '../error-info.ts';
import { isSessionError, SessionError } from '../errors.ts';
import type { FileSource, FileStat } from '../options.ts';

/** `undefined` for a file that is not there; `STORE_FAILED` for an answer that is no stat. */
export async function statOf(files: FileSource, path: string): Promise<FileStat | undefined> {
  const stat = await asked(path, () => files.stat(path));
  if (stat === undefined) return undefined;
  const { mtimeMs, size } = Object(stat) as Partial<FileStat>;
  if (typeof mtimeMs === 'number' && typeof size === 'number') return { mtimeMs, size };
  throw badAnswer(path, 'stat', '{ mtimeMs: number, size: number } or undefined', stat);
}

/** `undefined` for a file that is not there; `STORE_FAILED` for an answer that is no text. */
export async function contentOf(files: FileSource, path: string): Promise<string | undefined> {
  const content = await asked(path, () => files.read(path));
  if (content === undefined || typeof content === 'string') return content;
  throw badAnswer(path, 'read', 'a string', content);
}

/** A `SessionError` passes, any other failure but `ENOENT` is wrapped: `STORE_FAILED`, with the cause. */
async function asked<T>(path: string, question: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await question();
  } catch (error) {
    if (isSessionError(error)) throw error;
    if (toErrorInfo(error).code === 'ENOENT') return undefined;
    throw wrapThrown('STORE_FAILED', `The file source failed on ${JSON.stringify(path)}`, error);
  }
}

function badAnswer(path: string, method: string, expected: string, received: unknown): SessionError {
  return new SessionError(
    'STORE_FAILED',
    `The file source's ${method}(${JSON.stringify(path)}) must give ${expected}; it gave ${describe(received)}.`,
  );
}
