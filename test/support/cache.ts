import { expect } from 'vitest';
import { SessionError } from '../../src/errors.ts';
import type { FileSource } from '../../src/options.ts';
import { CacheScope } from '../../src/session/cache.ts';

export const START = Date.UTC(2026, 0, 1);

export function createScope({ maxBytes = 1000, files }: { maxBytes?: number; files?: FileSource } = {}) {
  let now = START;
  const scope = new CacheScope({
    maxBytes,
    files,
    now: () => now,
    isoNow: () => new Date(now).toISOString(),
  });
  const advance = (ms: number) => {
    now += ms;
  };
  return { scope, advance };
}

/** A disk whose every answer can be held back until it is let go. */
export function createDisk() {
  const contents = new Map<string, { content: string; mtimeMs: number }>();
  const calls: string[] = [];
  const held: (() => void)[] = [];
  let holding = false;
  const turn = () => (holding ? new Promise<void>((resolve) => held.push(resolve)) : undefined);
  const disk = {
    calls,
    write: (path: string, content: string, mtimeMs = 1) => void contents.set(path, { content, mtimeMs }),
    remove: (path: string) => void contents.delete(path),
    hold() {
      holding = true;
    },
    /** Lets go of what waits now, and of whatever is asked for next because of it. */
    async release() {
      holding = false;
      for (const go of held.splice(0)) go();
      await turns();
    },
    async stat(path: string) {
      calls.push(`stat ${path}`);
      await turn();
      const file = contents.get(path);
      return file && { mtimeMs: file.mtimeMs, size: file.content.length };
    },
    async read(path: string) {
      calls.push(`read ${path}`);
      const content = contents.get(path)?.content;
      await turn();
      if (content === undefined) throw Object.assign(new Error('gone'), { code: 'ENOENT' });
      return content;
    },
  };
  return disk satisfies FileSource;
}

export const turns = () => new Promise<void>((resolve) => setImmediate(resolve));

export async function refusal(call: () => unknown): Promise<SessionError> {
  try {
    await call();
  } catch (error) {
    expect(error).toBeInstanceOf(SessionError);
    return error as SessionError;
  }
  throw new Error('It was accepted.');
}
