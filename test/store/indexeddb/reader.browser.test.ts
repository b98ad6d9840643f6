import { describe, expect, it } from 'vitest';
import * as reader from '../../../src/store/indexeddb/reader.ts';
import {
  collect,
  ending,
  fact,
  factSeqs,
  headIds,
  life,
  seqs,
  statusFact,
} from '../../../src/testing/store/facts.ts';
import { codeOf, failureOf } from '../../support/errors.ts';
import { connectionTo, openLease, tamper, useDatabases } from './stage.ts';

const newName = useDatabases();

describe('heads', () => {
  it('of more sessions than one page are all there, in order, by every index', async () => {
    const lease = await openLease(newName());
    const count = 1100;
    await lease.append(
      Array.from({ length: count }, (_, n) => statusFact(n + 1, `s${n}`, 1, 'active', { wakeAt: count - n })),
    );
    const names = Array.from({ length: count }, (_, n) => `s${n}`);
    expect(await headIds(lease)).toEqual(names);
    expect(await headIds(lease, { status: ['active', 'idle'], after: 10 })).toEqual(names.slice(10));
    expect(await headIds(lease, { wakeAfter: 0, wakeBy: 1e9, after: 1 })).toEqual(names.slice(1).reverse());
    expect(await headIds(lease, { limit: 1030 })).toEqual(names.slice(0, 1030));
    expect(await lease.counts()).toEqual({ active: count });
    await lease[Symbol.asyncDispose]();
  });
});

describe('facts', () => {
  it('come in pages that go on where the last one ended, of all sessions and of one', async () => {
    const name = newName();
    const lease = await openLease(name);
    await lease.append(life(10));
    await lease[Symbol.asyncDispose]();
    const connection = await connectionTo(name);
    for (const id of [undefined, 'a']) {
      const found: number[][] = [];
      let next: reader.FactsPage['next'] = { from: 2, behind: undefined };
      while (next !== undefined) {
        const request: reader.FactsRequest = { ...next, to: 9, id, rows: 4, cutSeq: 0, resumed: true };
        const page: reader.FactsPage = await connection.read((each) => reader.facts(each, request));
        found.push(seqs(page.facts));
        next = page.next;
      }
      expect(found).toEqual([
        [3, 4, 5, 6],
        [7, 8, 9],
      ]);
    }
    await connection.close();
  });

  it('of a session are found without a look at all that came before', async () => {
    const lease = await openLease(newName());
    // Of another life too, with facts of others between, and some that are cut.
    await lease.append([...life(100), ending(101, 'a', 101)]);
    await lease.append(
      Array.from({ length: 1000 }, (_, n) => [
        fact(102 + 2 * n, 'a', n + 1),
        fact(103 + 2 * n, 'b', n + 1),
      ]).flat(),
    );
    for (const [from, first] of [
      [0, 1],
      [100, 101],
      [101, 102],
      [102, 104],
      [1500, 1502],
      [2000, 2002],
      [2099, 2100],
      [2100, undefined],
    ])
      expect((await factSeqs(lease, { from: from as number, sessionId: 'a', limit: 1 }))[0]).toBe(first);
    const { transaction } = IDBDatabase.prototype;
    let transactions = 0;
    IDBDatabase.prototype.transaction = function (...args) {
      transactions += 1;
      return transaction.apply(this, args);
    };
    expect(await factSeqs(lease, { from: 2001, sessionId: 'a', limit: 3 })).toEqual([2002, 2004, 2006]);
    IDBDatabase.prototype.transaction = transaction;
    expect(transactions).toBe(1);
    await lease[Symbol.asyncDispose]();
  });

  it('of large payloads come in smaller pages, and all', async () => {
    const lease = await openLease(newName());
    const text = 'x'.repeat(200_000);
    await lease.append(Array.from({ length: 40 }, (_, n) => fact(n + 1, 'a', n + 1, { payload: { text } })));
    expect(seqs(await collect(lease, { from: 0 }))).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
    expect(seqs(await collect(lease, { from: 5, sessionId: 'a', limit: 30 }))).toEqual(
      Array.from({ length: 30 }, (_, n) => n + 6),
    );
    await lease[Symbol.asyncDispose]();
  });

  it('that are cut between two pages are STORE_FAILED: a gap is never silent', async () => {
    const lease = await openLease(newName(), { retainEvents: 50 });
    await lease.append(life(40));
    const facts = lease.facts({ from: 0 }) as AsyncIterable<{ seq: number }>;
    const pages = facts[Symbol.asyncIterator]();
    expect((await pages.next()).value.seq).toBe(1);
    await lease.append(life(400, 41));
    const rest = async () => {
      for (let step = await pages.next(); !step.done; step = await pages.next());
    };
    expect((await failureOf(rest())).message).toMatch(/were cut while/);
    await lease[Symbol.asyncDispose]();
  });

  it('leave out a corrupt row, which is STORE_CORRUPT when its session alone is asked for', async () => {
    const name = newName();
    const lease = await openLease(name);
    await lease.append([fact(1, 'a', 1), fact(2, 'b', 1), fact(3, 'a', 2)]);
    await tamper(name, async (transaction) => {
      const row = await transaction.objectStore('facts').get(['a', 1, 2]);
      if (row) await transaction.objectStore('facts').put({ ...row, payload: '{"text":"forged"}' });
    });
    expect(seqs(await collect(lease, { from: 0 }))).toEqual([1, 2]);
    expect(await codeOf(collect(lease, { from: 0, sessionId: 'a' }))).toBe('STORE_CORRUPT');
    expect(seqs(await collect(lease, { from: 0, sessionId: 'b' }))).toEqual([2]);
    await lease[Symbol.asyncDispose]();
  });
});
