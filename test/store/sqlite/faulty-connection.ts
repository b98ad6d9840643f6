import type { Connection } from '../../../src/store/sqlite/driver.ts';
import { driver } from './stage.ts';

export interface FaultyConnection {
  readonly connection: Connection;
  /** From now on the statements that match throw this code when they run; undefined: none does. */
  fail(code: string | undefined, statements?: RegExp): void;
}

/** A connection whose disk can be made to fail. */
export function faultyConnection(path: string): FaultyConnection {
  const real = new driver(path);
  let fault: { code: string; statements: RegExp } | undefined;
  const check = (sql: string) => {
    if (fault?.statements.test(sql))
      throw Object.assign(new Error('disk I/O error'), { name: 'SqliteError', code: fault.code });
  };
  const guarded = (sql: string) => {
    const statement = real.prepare(sql);
    return new Proxy(statement, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          check(sql);
          return value.apply(target, args);
        };
      },
    });
  };
  const connection = new Proxy(real, {
    get(target, key) {
      if (key === 'prepare') return guarded;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return {
    connection,
    fail: (code, statements = /^COMMIT/) => {
      fault = code === undefined ? undefined : { code, statements };
    },
  };
}
