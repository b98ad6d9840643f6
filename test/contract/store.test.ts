import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/store/memory.ts';
import type { SessionStore } from '../../src/store/port.ts';
import { openLease } from '../../src/store/sqlite/lease.ts';
import { sqliteStore } from '../../src/store/sqlite.ts';
import { verifyStore } from '../../src/testing/store/verify-store.ts';
import { InlineThread, requestFor } from '../store/sqlite/inline-thread.ts';
import { scratchFolder } from '../store/sqlite/scratch-folder.ts';

const file = scratchFolder();

function inlineSqlite(retainEvents = 100_000): SessionStore {
  const request = requestFor(file(), { retainEvents });
  return { open: ({ owner }) => openLease(new InlineThread(), { ...request, owner }) };
}

const onMemory = verifyStore(() => memoryStore(), {
  retaining: (retainEvents) => memoryStore({ retainEvents }),
});
const onSqlite = verifyStore(() => sqliteStore(file()), {
  retaining: (retainEvents) => sqliteStore(file(), { retainEvents }),
});
const onSqliteInline = verifyStore(() => inlineSqlite(), { retaining: inlineSqlite });

// A thread takes its time to start: what differs in the owner alone is left to the store without one.
const oneOwner = ({ title }: { title: string }) => !title.endsWith('; also for the next owner');

describe.each([
  ['memoryStore', onMemory],
  ['sqliteStore', onSqlite.filter(oneOwner)],
  ['sqliteStore without its thread', onSqliteInline],
] as const)('%s', (_name, cases) => {
  for (const { title, run } of cases) it(title, run);
});

describe('the contract', () => {
  it('has a title of its own for each case', () => {
    expect(new Set(onSqlite.map(({ title }) => title)).size).toBe(onSqlite.length);
  });

  it('says nothing about retention when no store with a limit can be made', () => {
    const without = verifyStore(() => memoryStore()).map(({ title }) => title);
    expect(without.length).toBeGreaterThanOrEqual(45);
    expect(without.filter((title) => title.startsWith('retention'))).toEqual([]);
  });
});
