import { describe, expect, it } from 'vitest';
import { ending, fact, life, snapshotAt } from '../../../src/testing/store/facts.ts';
import { failureOf } from '../../support/errors.ts';
import { contentsOf, openLease, tamper, useDatabases } from './stage.ts';

const newName = useDatabases();

const all = (name: string) =>
  tamper(name, async (transaction) => ({
    heads: await transaction.objectStore('sessions').getAll(),
    facts: await transaction.objectStore('facts').getAllKeys(),
    snapshots: await transaction.objectStore('snapshots').getAllKeys(),
  }));

describe('an append', () => {
  it('keeps each fact under its session, the life of that, and its place in it', async () => {
    const name = newName();
    const lease = await openLease(name);
    await lease.append([fact(1, 'a', 1), ending(2, 'a', 2), fact(3, 'a', 1), fact(4, 'b', 1)]);
    const { heads, facts } = await all(name);
    expect(facts).toEqual([
      ['a', 1, 1],
      ['a', 1, 2],
      ['a', 3, 1],
      ['b', 4, 1],
    ]);
    expect(heads.map(({ id, seq, sessionSeq }) => [id, seq, sessionSeq])).toEqual([
      ['a', 3, 1],
      ['b', 4, 1],
    ]);
    await lease[Symbol.asyncDispose]();
  });

  it('never overwrites a fact, whatever the head says: it is refused whole', async () => {
    const name = newName();
    const lease = await openLease(name);
    await lease.append(life(3));
    await tamper(name, async (transaction) => {
      const head = await transaction.objectStore('sessions').get('a');
      if (head) await transaction.objectStore('sessions').put({ ...head, sessionSeq: 2 });
    });
    const before = await contentsOf(name);
    const failure = await failureOf(Promise.resolve(lease.append([fact(4, 'b', 1), fact(5, 'a', 3)])));
    expect(failure.code).toBe('STORE_FAILED');
    expect(await contentsOf(name)).toEqual(before);
    await lease[Symbol.asyncDispose]();
  });
});

describe('a snapshot', () => {
  it('before the one that is there, or of facts to come, is STORE_FAILED and changes nothing', async () => {
    const name = newName();
    const lease = await openLease(name);
    await lease.append(life(3));
    await lease.putSnapshot('a', snapshotAt(2));
    const before = await contentsOf(name);
    for (const wrong of [1, 4]) {
      const failure = await failureOf(Promise.resolve(lease.putSnapshot('a', snapshotAt(wrong))));
      expect([failure.code, failure.sessionId]).toEqual(['STORE_FAILED', 'a']);
    }
    expect(await contentsOf(name)).toEqual(before);
    await lease[Symbol.asyncDispose]();
  });
});

describe('a session that is gone', () => {
  it('leaves its facts for cursors when it ended, and nothing when it was removed', async () => {
    const name = newName();
    const lease = await openLease(name);
    await lease.append([fact(1, 'a', 1), fact(2, 'b', 1), fact(3, 'c', 1)]);
    for (const id of ['a', 'b']) await lease.putSnapshot(id, snapshotAt(1));
    await lease.append([ending(4, 'a', 2)]);
    await lease.remove('b');
    const { heads, facts, snapshots } = await all(name);
    expect(heads.map(({ id }) => id)).toEqual(['c']);
    expect(facts).toEqual([
      ['a', 1, 1],
      ['a', 1, 2],
      ['c', 3, 1],
    ]);
    expect(snapshots).toEqual([]);
    await lease[Symbol.asyncDispose]();
  });
});
