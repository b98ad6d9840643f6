import { describe, expect, it } from 'vitest';
import { documentOf, ids } from '../../../src/testing/store/facts.ts';
import { codeOf } from '../../support/errors.ts';
import { openLease, tamper, useDatabases } from './stage.ts';

const newName = useDatabases();

describe('saved sessions', () => {
  it('are listed in the order in which they were first put', async () => {
    const lease = await openLease(newName());
    for (const id of ['c', 'a', 'b', 'a']) await lease.saved.put(documentOf(id));
    await lease.saved.delete('c');
    await lease.saved.put(documentOf('c'));
    expect(await lease.saved.ids()).toEqual(['a', 'b', 'c']);
    expect(ids(await lease.saved.list())).toEqual(['a', 'b', 'c']);
    await lease[Symbol.asyncDispose]();
  });

  it('of more than one page are all listed', async () => {
    const lease = await openLease(newName());
    const names = Array.from({ length: 130 }, (_, n) => `s${n}`);
    await Promise.all(names.map((id) => lease.saved.put(documentOf(id))));
    expect(ids(await lease.saved.list())).toEqual(names);
    await lease[Symbol.asyncDispose]();
  });

  it('that are not what was written are STORE_CORRUPT, left out of the list, and can be deleted', async () => {
    const name = newName();
    const lease = await openLease(name);
    for (const id of ['a', 'b']) await lease.saved.put(documentOf(id));
    await tamper(name, async (transaction) => {
      const row = await transaction.objectStore('saved').get('a');
      if (row) await transaction.objectStore('saved').put({ ...row, document: '{"id":"a"}' });
    });
    expect(await codeOf(Promise.resolve(lease.saved.get('a')))).toBe('STORE_CORRUPT');
    expect(ids(await lease.saved.list())).toEqual(['b']);
    expect(await lease.saved.ids()).toEqual(['a', 'b']);
    expect([await lease.saved.delete('a'), await lease.saved.delete('a')]).toEqual([true, false]);
    await lease[Symbol.asyncDispose]();
  });
});
