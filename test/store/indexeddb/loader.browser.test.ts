import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Writing } from '../../../src/store/indexeddb/format.ts';
import { snapshotRow } from '../../../src/store/indexeddb/rows.ts';
import { fact, life, snapshotAt } from '../../../src/testing/store/facts.ts';
import { failureOf } from '../../support/errors.ts';
import { openLease, tamper, useDatabases } from './stage.ts';

const newName = useDatabases();

afterEach(() => vi.restoreAllMocks());

const damages: ReadonlyArray<[string, string, (transaction: Writing) => Promise<unknown>]> = [
  ['a fact is missing', 'its fact 3 is missing', (t) => t.objectStore('facts').delete(['a', 1, 3])],
  ['the newest fact is missing', 'its fact 4 is missing', (t) => t.objectStore('facts').delete(['a', 1, 4])],
  [
    'a fact was changed',
    'its fact 3 does not match its checksum',
    async (t) => {
      const row = await t.objectStore('facts').get(['a', 1, 3]);
      if (row) await t.objectStore('facts').put({ ...row, payload: '{"n":1}' });
    },
  ],
  [
    'a fact is one of another session',
    'its fact 3 does not match its checksum',
    async (t) => {
      const row = await t.objectStore('facts').get(['b', 5, 1]);
      if (row) await t.objectStore('facts').put({ ...row, id: 'a', life: 1, sessionSeq: 3, seq: 99 });
    },
  ],
  [
    'there are more facts than the head counts',
    'it has more facts than its head counts',
    async (t) => {
      const head = await t.objectStore('sessions').get('a');
      if (head) await t.objectStore('sessions').put({ ...head, sessionSeq: 3 });
    },
  ],
  ['its snapshot is missing', 'its snapshot is missing', (t) => t.objectStore('snapshots').delete('a')],
  [
    'its snapshot is one of another life',
    'its snapshot is missing',
    (t) => t.objectStore('snapshots').put(snapshotRow('a', 99, { sessionSeq: 2, version: 1 }, '{}')),
  ],
  [
    'its snapshot was changed',
    'its snapshot does not match its checksum',
    async (t) => {
      const row = await t.objectStore('snapshots').get('a');
      if (row) await t.objectStore('snapshots').put({ ...row, data: '{"upTo":3}' });
    },
  ],
  [
    'its head makes no sense',
    'the browser cannot read what it holds of it (DataError)',
    async (t) => {
      const head = await t.objectStore('sessions').get('a');
      if (head) await t.objectStore('sessions').put({ ...head, snapshotSeq: {} as never });
    },
  ],
];

describe('load', () => {
  it.each(damages)('is STORE_CORRUPT for one session alone when %s', async (_what, reason, damage) => {
    const name = newName();
    const lease = await openLease(name);
    await lease.append([...life(4), fact(5, 'b', 1)]);
    await lease.putSnapshot('a', snapshotAt(2));
    await tamper(name, damage);
    const failure = await failureOf(Promise.resolve(lease.load('a')));
    expect([failure.code, failure.sessionId, failure.details]).toEqual(['STORE_CORRUPT', 'a', { reason }]);
    expect(await lease.load('b')).toEqual({ records: [fact(5, 'b', 1)] });
    await lease.remove('a');
    expect(await lease.load('a')).toEqual({ records: [] });
    await lease[Symbol.asyncDispose]();
  });

  it('is STORE_CORRUPT when the browser has lost the file of a large value', async () => {
    const lease = await openLease(newName());
    await lease.append(life(2));
    vi.spyOn(IDBObjectStore.prototype, 'getAll').mockImplementation(() => {
      throw new DOMException('The file is missing.', 'NotFoundError');
    });
    expect((await failureOf(Promise.resolve(lease.load('a')))).code).toBe('STORE_CORRUPT');
    vi.restoreAllMocks();
    await lease[Symbol.asyncDispose]();
  });

  it('passes on trouble of the whole store as STORE_FAILED', async () => {
    const lease = await openLease(newName());
    await lease.append(life(2));
    vi.spyOn(IDBObjectStore.prototype, 'getAll').mockImplementation(() => {
      throw new DOMException('The disk is gone.', 'UnknownError');
    });
    expect((await failureOf(Promise.resolve(lease.load('a')))).code).toBe('STORE_FAILED');
    vi.restoreAllMocks();
    await lease[Symbol.asyncDispose]();
  });
});
