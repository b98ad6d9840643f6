/**
 * `node --import` of this file gives a store's file no more pages than it has once `limited` lies beside it, some
 * more when `ballast-1` does, and any number when `ballast-2` does: SQLite then says that the disk is full.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { onStoreThread } from '../support/store-thread.ts';

const { FOLDER: folder = '' } = process.env;
const SOME = 120;

const isThere = (name: string) => existsSync(join(folder, name));
let least: number | undefined;

onStoreThread((_, statements) => {
  const { run } = statements;
  statements.run = function (this: Database.Statement, ...values: unknown[]) {
    if (this.source === 'BEGIN IMMEDIATE') limit(this.database);
    return run.apply(this, values);
  };
});

function limit(database: Database.Database): void {
  if (!isThere('limited')) return;
  least ??= database.pragma('page_count', { simple: true }) as number;
  const pages = isThere('ballast-2') ? 1_000_000 : least + (isThere('ballast-1') ? 2 * SOME : SOME);
  database.pragma(`max_page_count = ${pages}`);
}
