import { deleteDB, openDB } from 'idb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { steps } from '../../../src/store/indexeddb/format.ts';
import { openDatabase, Unavailable } from '../../../src/store/indexeddb/opening.ts';
import { failureOf } from '../../support/errors.ts';
import { contentsOf, noEvents, useDatabases } from './stage.ts';

const newName = useDatabases();
const PATIENT = 2 ** 31 - 1;
const twoSteps = [...steps, () => {}];

afterEach(() => vi.restoreAllMocks());

/** A database of format 1, open in a tab that does not let go of it, until it is closed. */
async function heldOpen() {
  const name = newName();
  (await openDatabase({ name, steps, blockedMs: PATIENT }, noEvents)).close();
  return { name, other: await openDB(name) };
}

describe('an upgrade that another tab blocks', () => {
  it('says so, waits, and goes on when that tab lets go', async () => {
    const { name, other } = await heldOpen();
    const events: string[] = [];
    const database = await openDatabase(
      { name, steps: twoSteps, blockedMs: PATIENT },
      {
        ...noEvents,
        blocked: () => {
          events.push('blocked');
          other.close();
        },
        unblocked: () => events.push('unblocked'),
      },
    );
    expect([events, database.version]).toEqual([['blocked', 'unblocked'], 2]);
    database.close();
  });

  it('is given up after a bound: unavailable, and what is there stays as it is, also when it is let go', async () => {
    const { name, other } = await heldOpen();
    const before = await contentsOf(name);
    const failure = await failureOf(openDatabase({ name, steps: twoSteps, blockedMs: 0 }, noEvents));
    expect(failure).toBeInstanceOf(Unavailable);
    expect(failure).toMatchObject({ code: 'STORE_FAILED', details: { name, blocked: true } });
    other.close();
    expect(await contentsOf(name)).toEqual(before);
  });

  it('is given up also when the browser does not say what it waits for', async () => {
    const { name, other } = await heldOpen();
    const deleted = deleteDB(name);
    const failure = await failureOf(openDatabase({ name, steps, blockedMs: 0 }, noEvents));
    expect(failure.details).toEqual({ name, blocked: true });
    other.close();
    await deleted;
  });
});

describe('a database that is open', () => {
  it('hears that another tab wants to upgrade it', async () => {
    const name = newName();
    let heard = 0;
    const database = await openDatabase(
      { name, steps, blockedMs: PATIENT },
      {
        ...noEvents,
        versionchange: () => {
          heard += 1;
          database.close();
        },
      },
    );
    (await openDatabase({ name, steps: twoSteps, blockedMs: PATIENT }, noEvents)).close();
    expect(heard).toBe(1);
  });

  it('hears that the browser has closed it', async () => {
    const name = newName();
    let heard = 0;
    const database = await openDatabase(
      { name, steps, blockedMs: PATIENT },
      {
        ...noEvents,
        closed: () => {
          heard += 1;
        },
      },
    );
    database.dispatchEvent(new Event('close'));
    expect(heard).toBe(1);
    database.close();
  });
});

describe('a browser that gives no database', () => {
  it.each(['SecurityError', 'InvalidStateError'])('with %s is unavailable', async (reason) => {
    vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(() => {
      throw new DOMException('not here', reason);
    });
    const name = newName();
    const failure = await failureOf(openDatabase({ name, steps, blockedMs: PATIENT }, noEvents));
    vi.restoreAllMocks();
    expect(failure).toBeInstanceOf(Unavailable);
    expect(failure.details).toEqual({ name, fault: reason, missing: 'indexedDB' });
    expect(failure.message).toContain('not here');
  });
});
