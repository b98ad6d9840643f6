/**
 * `node --import` of this file makes the next commit of a store fail as SQLite does when the system cannot sync, as
 * soon as `FILE.sync-fails` exists; the one after it would succeed.
 */
import { existsSync, rmSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { onStoreThread } from '../support/store-thread.ts';

const marker = `${process.env.FILE}.sync-fails`;

onStoreThread((driver, statement) => {
  const { run } = statement;
  statement.run = function (this: Database.Statement, ...values: unknown[]) {
    if (this.source !== 'COMMIT' || !existsSync(marker)) return run.apply(this, values);
    rmSync(marker);
    this.database.exec('ROLLBACK');
    throw new driver.SqliteError('disk I/O error', 'SQLITE_IOERR_FSYNC');
  };
});
