/**
 * `node --import` of this file kills the process around the n-th statement of the store's transactions, on the
 * thread that runs them. It takes nothing of the store but its driver and the fact that it starts a thread.
 */
import type Database from 'better-sqlite3';
import { onStoreThread } from '../support/store-thread.ts';
import type { Plan } from './plan.ts';
import { die } from './report.ts';

type Method = (this: Database.Database, sql: string, ...rest: unknown[]) => unknown;

const { death } = JSON.parse(process.env.CHARTROOM_CRASH ?? '{}') as Plan;
onStoreThread((driver, statements) => {
  if (death.at !== 'statement') return;
  const { n, when } = death;
  let left = n;
  let writing = false;
  const around = <R>(sql: string, work: () => R): R => {
    if (sql.startsWith('BEGIN IMMEDIATE')) writing = true;
    if (!writing && !/^(journal_mode|wal_checkpoint|CREATE)/.test(sql.trim())) return work();
    if (/^(COMMIT|ROLLBACK)/.test(sql)) writing = false;
    left -= 1;
    const here = left === 0;
    if (here && when === 'before') die(`before ${nameOf(sql)}`);
    const result = work();
    if (here) die(`after ${nameOf(sql)}`);
    return result;
  };
  const { run } = statements;
  statements.run = function (this: Database.Statement, ...values: unknown[]) {
    return around(this.source, () => run.apply(this, values));
  };
  for (const name of ['exec', 'pragma'] as const) {
    const original = driver.prototype[name] as unknown as Method;
    driver.prototype[name] = function (this: Database.Database, sql: string, ...rest: unknown[]) {
      return around(sql, () => original.call(this, sql, ...rest));
    } as never;
  }
});

/** The verb and the table. */
function nameOf(sql: string): string {
  const name =
    /^(\w+(?: OR REPLACE)?(?: INTO| FROM| TABLE| IMMEDIATE)?(?: \w+)?)/.exec(sql.trim())?.[0] ?? sql;
  return name.replaceAll(/\s+/g, ' ');
}
