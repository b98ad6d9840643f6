import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { StoreFile } from '../../../src/store/sqlite/store-file.ts';
import { requestFor } from './inline-thread.ts';
import { scratchFolder } from './scratch-folder.ts';
import { driver, factRow, lifeRows, openFile, rowsOf, tamper } from './stage.ts';

const file = scratchFolder();
const loaded = (store: StoreFile, id = 'a') => {
  const [text] = store.loader.load([id]);
  return (JSON.parse(String(text)).records as Array<{ seq: number }>).map(({ seq }) => seq);
};
const code = (expected: string) => expect.objectContaining({ code: expected });

describe('a write', () => {
  it('of an owner that another has followed is STORE_LOCKED, and changes nothing', () => {
    const path = file();
    const late = openFile(path);
    late.append(lifeRows(2));
    // As when somebody deletes the lock by hand: the system knows of two files then.
    rmSync(`${path}.lock`);
    const next = openFile(path);
    expect([late.state.epoch, next.state.epoch]).toEqual([1, 2]);
    expect(() => late.append(lifeRows(3, 3))).toThrow(code('STORE_LOCKED'));
    expect(() => late.write(() => late.saved.put({ id: 's', document: '{}' }))).toThrow(
      /another owner meanwhile/,
    );
    expect([loaded(next), next.saved.list()]).toEqual([[1, 2], '[]']);
    next.append(lifeRows(3, 3));
    late.close();
    expect(rowsOf(path, 'SELECT owner FROM store')).toEqual([{ owner: 'test' }]);
    next.append(lifeRows(4, 4));
    next.close();
  });

  it('that fails is taken back whole, and the next succeeds', () => {
    const store = openFile(file());
    expect(() =>
      store.write(() => {
        store.saved.put({ id: 's', document: '{}' });
        throw new Error('midway');
      }),
    ).toThrow('midway');
    expect(store.saved.list()).toBe('[]');
    store.append(lifeRows(1));
    expect(() => store.append([factRow(2), factRow(3, 'a', 9)])).toThrow(code('STORE_FAILED'));
    expect([loaded(store), store.state.lastSeq]).toEqual([[1], 1]);
    store.append(lifeRows(2, 2));
    expect(loaded(store)).toEqual([1, 2]);
    store.close();
  });

  it('that finds the disk full changes nothing, and the next succeeds once there is room', () => {
    const path = file();
    openFile(path).close();
    const connection = new driver(path);
    const store = new StoreFile(requestFor(path), connection, new driver(':memory:'));
    store.append(lifeRows(2));
    // No smaller than the file is now: as if the disk had just been filled.
    connection.pragma('max_page_count = 1');
    const large = { payload: JSON.stringify('x'.repeat(100_000)) };
    expect(() => store.append([factRow(3), factRow(4, 'a', 4, large)])).toThrow(code('SQLITE_FULL'));
    expect([loaded(store), store.state.lastSeq]).toEqual([[1, 2], 2]);
    connection.pragma('max_page_count = 1000000');
    store.append([factRow(3), factRow(4, 'a', 4, large)]);
    expect(loaded(store)).toEqual([1, 2, 3, 4]);
    store.close();
  });
});

describe('reading', () => {
  it('sees one moment, whatever another process writes meanwhile', () => {
    const path = file();
    const owner = openFile(path);
    owner.append(lifeRows(1));
    const reader = openFile(path, { readOnly: true });
    reader.read(() => {
      expect(loaded(reader)).toEqual([1]);
      owner.append(lifeRows(2, 2));
      expect(loaded(reader)).toEqual([1]);
    });
    expect(reader.read(() => loaded(reader))).toEqual([1, 2]);
    reader.close();
    owner.close();
  });

  it('that goes on after a cut in between says so: nobody would see the gap', () => {
    const store = openFile(file(), { retainEvents: 2 });
    store.append(lifeRows(3));
    const page = { from: 0, to: 3, id: undefined, limit: 1, resumed: false };
    expect(store.facts(page)).toEqual({ facts: expect.stringContaining('"seq":2'), next: undefined });
    store.append(lifeRows(9, 4));
    expect(() => store.facts({ ...page, from: 2, resumed: true })).toThrow(
      expect.objectContaining({ code: 'STORE_FAILED', details: { cutSeq: 7 } }),
    );
    expect(store.facts({ ...page, from: 7, to: 9, resumed: true }).facts).toContain('"seq":8');
    store.close();
  });
});

describe('closing', () => {
  it('keeps what was acknowledged also when it cannot tidy up', () => {
    const path = file();
    const store = openFile(path);
    store.append(lifeRows(2));
    tamper(path, 'UPDATE store SET epoch = 99');
    store.close();
    const next = openFile(path);
    expect([loaded(next), next.state.epoch]).toEqual([[1, 2], 100]);
    next.close();
  });
});
