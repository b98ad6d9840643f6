import { type Driver, loadDriver } from '../../../src/store/sqlite/driver.ts';
import { openStoreFile } from '../../../src/store/sqlite/opening.ts';
import type { FactRow, OpenRequest } from '../../../src/store/sqlite/protocol.ts';
import type { StoreFile } from '../../../src/store/sqlite/store-file.ts';
import { AT } from '../../support/facts.ts';
import { requestFor } from './inline-thread.ts';

export const driver: Driver = loadDriver();

export function openFile(path: string, changes?: Partial<OpenRequest>): StoreFile {
  return openStoreFile(driver, requestFor(path, changes));
}

/** What another program would do to the file, also while it is open. */
export function tamper(path: string, sql: string): void {
  const connection = new driver(path);
  connection.exec(sql);
  connection.close();
}

export function rowsOf(path: string, sql: string): unknown[] {
  const connection = new driver(path, { readonly: true });
  const rows = connection.prepare(sql).all();
  connection.close();
  return rows;
}

export function factRow(seq: number, id = 'a', sessionSeq = seq, changes: Partial<FactRow> = {}): FactRow {
  return {
    seq,
    id,
    sessionSeq,
    type: 'x',
    at: AT,
    payload: `{"n":${seq}}`,
    status: undefined,
    wakeAt: undefined,
    ends: false,
    ...changes,
  };
}

/** Facts `from` to `to` of one session, which has the store to itself. */
export function lifeRows(to: number, from = 1, id = 'a'): FactRow[] {
  return Array.from({ length: to - from + 1 }, (_, n) => factRow(from + n, id));
}

export const snapshotRow = (id: string, sessionSeq: number) => ({
  id,
  sessionSeq,
  version: 1,
  data: `{"upTo":${sessionSeq}}`,
  wakeAt: undefined,
});
