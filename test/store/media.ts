import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { memoryStore } from '../../src/store/memory.ts';
import type { SessionStore } from '../../src/store/port.ts';
import { sqliteStore } from '../../src/store/sqlite.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** An empty folder that is gone after the test. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'chartroom-store-'));
  folders.push(folder);
  return folder;
}

/** A store that answers at once, and one that takes its time. */
export const media: ReadonlyArray<readonly [name: string, open: () => SessionStore]> = [
  ['memory', memoryStore],
  ['a file', () => sqliteStore(join(scratchFolder(), 'store.db'))],
];
