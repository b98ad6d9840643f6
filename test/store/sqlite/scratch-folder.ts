import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** Gives paths of files that do not exist yet, in a folder that goes when the tests of this file are over. */
export function scratchFolder(): (name?: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'chartroom-sqlite-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  let files = 0;
  return (name) => join(folder, name ?? `${++files}.db`);
}
