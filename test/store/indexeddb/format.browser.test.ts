import { openDB } from 'idb';
import { describe, expect, it } from 'vitest';
import { type Step, steps } from '../../../src/store/indexeddb/format.ts';
import { openDatabase } from '../../../src/store/indexeddb/opening.ts';
import { life } from '../../../src/testing/store/facts.ts';
import { codeOf, failureOf } from '../../support/errors.ts';
import { contentsOf, noEvents, openLease, tamper, useDatabases } from './stage.ts';

const newName = useDatabases();
const open = (name: string, applied = steps) =>
  openDatabase({ name, steps: applied, blockedMs: 60_000 }, noEvents);

async function storeWithFacts(): Promise<string> {
  const name = newName();
  const lease = await openLease(name);
  await lease.append(life(3));
  await lease[Symbol.asyncDispose]();
  return name;
}

async function foreignDatabase(version: number): Promise<string> {
  const name = newName();
  const database = await openDB(name, version, {
    upgrade: (made) => void made.createObjectStore('carts').put('full', 'mine'),
  });
  database.close();
  return name;
}

/** Format 2: every head knows its owner. */
const nextStep: Step = async (database, transaction) => {
  database.createObjectStore('notes' as never);
  for (const head of await transaction.objectStore('sessions').getAll())
    await transaction.objectStore('sessions').put({ ...head, status: 'migrated' });
};

describe('the format', () => {
  it('of a new database is the newest', async () => {
    const name = newName();
    const database = await open(name);
    expect([database.version, (await database.get('store', 'one'))?.format]).toEqual([1, 1]);
    database.close();
  });

  it('of a newer chartroom is STORE_VERSION, and the database stays untouched', async () => {
    const name = await storeWithFacts();
    (await open(name, [...steps, () => {}])).close();
    const before = await contentsOf(name);
    const failure = await failureOf(open(name));
    expect([failure.code, failure.details]).toEqual(['STORE_VERSION', { name, newest: 1 }]);
    expect(await codeOf(openLease(name, { fallback: 'memory' }))).toBe('STORE_VERSION');
    expect(await contentsOf(name)).toEqual(before);
  });

  it('that the store itself says is newer is STORE_VERSION, and the database stays untouched', async () => {
    const name = await storeWithFacts();
    await tamper(name, async (transaction) => {
      const row = await transaction.objectStore('store').get('one');
      if (row) await transaction.objectStore('store').put({ ...row, format: 7 }, 'one');
    });
    const before = await contentsOf(name);
    const failure = await failureOf(open(name));
    expect([failure.code, failure.details]).toEqual(['STORE_VERSION', { name, newest: 1, format: 7 }]);
    expect(await codeOf(openLease(name, { fallback: 'memory' }))).toBe('STORE_VERSION');
    expect(await contentsOf(name)).toEqual(before);
  });

  it.each([1, 2])(
    'of a stranger of version 1 is STORE_CORRUPT for format %i, and stays untouched',
    async (n) => {
      const name = await foreignDatabase(1);
      const before = await contentsOf(name);
      expect(await codeOf(open(name, [...steps, nextStep].slice(0, n)))).toBe('STORE_CORRUPT');
      expect(await contentsOf(name)).toEqual(before);
    },
  );

  it('is no format when the store has lost its own row: STORE_CORRUPT', async () => {
    const name = await storeWithFacts();
    await tamper(name, (transaction) => transaction.objectStore('store').clear());
    expect(await codeOf(open(name))).toBe('STORE_CORRUPT');
    expect(await codeOf(open(name, [...steps, nextStep]))).toBe('STORE_CORRUPT');
  });
});

describe('a migration', () => {
  it('takes an older format to the newest, with all that is stored', async () => {
    const name = await storeWithFacts();
    const database = await open(name, [...steps, nextStep]);
    expect([database.version, (await database.get('store', 'one'))?.format]).toEqual([2, 2]);
    expect(await database.getAll('sessions')).toMatchObject([{ id: 'a', sessionSeq: 3, status: 'migrated' }]);
    expect(await database.count('facts')).toBe(3);
    database.close();
  });

  it.each<[string, Step]>([
    [
      'throws midway',
      async (database, transaction) => {
        await nextStep(database, transaction);
        throw new Error('no room for notes');
      },
    ],
    [
      'breaks a constraint',
      async (database, transaction) => {
        await nextStep(database, transaction);
        const [head] = await transaction.objectStore('sessions').getAll();
        if (head) await transaction.objectStore('sessions').add(head);
      },
    ],
  ])('that %s is STORE_FAILED, and leaves the original', async (_how, step) => {
    const name = await storeWithFacts();
    const before = await contentsOf(name);
    const failure = await failureOf(open(name, [...steps, step]));
    expect(failure.code).toBe('STORE_FAILED');
    expect(failure.message).toContain('from format 1 to 2, and was left as it is');
    expect(await contentsOf(name)).toEqual(before);
    const lease = await openLease(name);
    expect((await lease.load('a')).records).toEqual(life(3));
    await lease[Symbol.asyncDispose]();
  });
});
