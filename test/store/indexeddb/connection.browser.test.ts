import { describe, expect, it } from 'vitest';
import { type Connection, native } from '../../../src/store/indexeddb/connection.ts';
import { lost } from '../../../src/store/indexeddb/faults.ts';
import { savedRow } from '../../../src/store/indexeddb/rows.ts';
import { codeOf, failureOf } from '../../support/errors.ts';
import { connectionTo, contentsOf, failNextCommit, useDatabases } from './stage.ts';

const newName = useDatabases();

const keep = (connection: Connection, id: string, position = 1) =>
  connection.write(async (transaction) => {
    native(transaction, 'saved').add(savedRow(id, position, '{}'));
  });
const kept = (connection: Connection) =>
  connection.read((transaction) => transaction.objectStore('saved').getAllKeys());

/** Under a claim, with all that its watcher hears. */
async function claimed(name = newName()) {
  const heard: string[] = [];
  const connection = await connectionTo(name, {
    full: ({ message }) => heard.push(`full: ${message}`),
    written: () => heard.push('written'),
    lost: ({ message }) => heard.push(`lost: ${message}`),
  });
  const row = await connection.claim('test');
  return { name, connection, row, heard };
}

describe('a write', () => {
  it('takes effect in the order of the calls, and is read by what is asked after it', async () => {
    const { connection } = await claimed();
    const first = keep(connection, 'a', 1);
    const between = kept(connection);
    const second = keep(connection, 'b', 2);
    const after = kept(connection);
    await Promise.all([first, second]);
    expect([await between, await after]).toEqual([['a'], ['a', 'b']]);
    await connection.close();
  });

  it('asks for the disk, and resolves after the commit and not before', async () => {
    const { connection } = await claimed();
    const order: string[] = [];
    const { transaction } = IDBDatabase.prototype;
    IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...args) {
      IDBDatabase.prototype.transaction = transaction;
      const begun = transaction.apply(this, args);
      order.push(begun.durability);
      begun.addEventListener('complete', () => order.push('committed'));
      return begun;
    };
    await keep(connection, 'a').then(() => order.push('resolved'));
    expect(order).toEqual(['strict', 'committed', 'resolved']);
    await connection.close();
  });

  it('that throws midway changes nothing, and the next one works', async () => {
    const { connection, heard } = await claimed();
    const failing = connection.write(async (transaction) => {
      native(transaction, 'saved').add(savedRow('a', 1, '{}'));
      throw new TypeError('a slip');
    });
    expect((await failureOf(failing)).message).toContain('a slip');
    expect(await kept(connection)).toEqual([]);
    await keep(connection, 'b');
    expect([await kept(connection), heard]).toEqual([['b'], ['written', 'written']]);
    await connection.close();
  });

  it('that adds what is there is refused whole, and poisons nothing', async () => {
    const { connection } = await claimed();
    await keep(connection, 'a');
    const failure = await failureOf(
      connection.write(async (transaction) => {
        native(transaction, 'saved').add(savedRow('b', 2, '{}'));
        native(transaction, 'saved').add(savedRow('a', 3, '{}'));
      }),
    );
    expect([failure.code, failure.details?.fault]).toEqual(['STORE_FAILED', 'ConstraintError']);
    expect(await kept(connection)).toEqual(['a']);
    await keep(connection, 'b', 2);
    await connection.close();
  });

  it('of an owner whom another has followed is STORE_LOCKED, changes nothing, and is the last', async () => {
    const { name, connection, row, heard } = await claimed();
    const next = await claimed(name);
    expect(next.row.epoch).toBe(row.epoch + 1);
    expect(await codeOf(keep(connection, 'a'))).toBe('STORE_LOCKED');
    await keep(next.connection, 'b');
    expect(await kept(next.connection)).toEqual(['b']);
    expect(await codeOf(kept(connection))).toBe('STORE_LOCKED');
    expect(heard).toEqual(['written', expect.stringContaining('lost: ')]);
    await connection.close();
    await next.connection.close();
  });
});

describe('a write that the browser gives up', () => {
  it('for want of room is STORE_FAILED and full, changes nothing, and the next one may work', async () => {
    const { connection, heard } = await claimed();
    failNextCommit('QuotaExceededError');
    const failure = await failureOf(keep(connection, 'a'));
    expect([failure.code, failure.details?.full]).toEqual(['STORE_FAILED', true]);
    expect(await kept(connection)).toEqual([]);
    await keep(connection, 'b');
    expect(await kept(connection)).toEqual(['b']);
    expect(heard).toEqual(['written', `full: ${failure.message}`, 'written']);
    await connection.close();
  });

  it('with its fate unknown poisons: every later call is STORE_FAILED, and nothing is tried again', async () => {
    const { name, connection, heard } = await claimed();
    failNextCommit('UnknownError');
    const failure = await failureOf(keep(connection, 'a'));
    expect([failure.code, failure.details?.fault]).toEqual(['STORE_FAILED', 'UnknownError']);
    const before = await contentsOf(name);
    for (const call of [keep(connection, 'b'), kept(connection)]) {
      const later = await failureOf(call);
      expect([later.code, later.details?.poisoned]).toEqual(['STORE_FAILED', true]);
    }
    expect(await contentsOf(name)).toEqual(before);
    expect(heard).toEqual(['written', expect.stringContaining('lost: An earlier write failed')]);
  });
});

describe('the end of a connection', () => {
  it('waits for the writes in flight; later calls are STORE_LOCKED', async () => {
    const { name, connection } = await claimed();
    const order: string[] = [];
    const written = keep(connection, 'a').then(() => order.push('written'));
    await connection.close();
    order.push('closed');
    await written;
    expect(order).toEqual(['written', 'closed']);
    expect(await codeOf(keep(connection, 'b'))).toBe('STORE_LOCKED');
    expect(await codeOf(kept(connection))).toBe('STORE_LOCKED');
    const next = await claimed(name);
    expect(await kept(next.connection)).toEqual(['a']);
    await next.connection.close();
  });

  it('that another tab wants comes at once; what was on its way gets there, and no more', async () => {
    const { name, connection, heard } = await claimed();
    const written = keep(connection, 'a');
    connection.lose(lost(name, 'Another tab upgrades it'));
    await written;
    expect((await failureOf(keep(connection, 'b'))).details).toEqual({ name, lost: true });
    connection.lose(lost(name, 'again'));
    expect(heard).toEqual(['written', expect.stringContaining('lost: Another tab upgrades it')]);
    const next = await claimed(name);
    expect(await kept(next.connection)).toEqual(['a']);
    await next.connection.close();
  });

  it('is the last that is heard, whatever becomes of what was on its way', async () => {
    const { name, connection, heard } = await claimed();
    failNextCommit('QuotaExceededError');
    const refused = failureOf(keep(connection, 'a'));
    connection.lose(lost(name, 'Another tab deletes it'));
    expect((await refused).details?.full).toBe(true);
    expect(heard).toEqual(['written', expect.stringContaining('lost: Another tab deletes it')]);
  });

  it('that came without a word is found by the next call', async () => {
    const { connection, heard } = await claimed();
    const { transaction } = IDBDatabase.prototype;
    IDBDatabase.prototype.transaction = () => {
      IDBDatabase.prototype.transaction = transaction;
      throw new DOMException('The database connection is closing.', 'InvalidStateError');
    };
    expect(await codeOf(keep(connection, 'a'))).toBe('STORE_FAILED');
    expect((await failureOf(kept(connection))).details?.poisoned).toBe(true);
    expect(heard).toHaveLength(2);
  });
});
