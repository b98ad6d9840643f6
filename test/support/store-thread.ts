/** Gets at the driver of a store on its own thread; to be loaded with `node --import`. */
import { createRequire, syncBuiltinESMExports } from 'node:module';
import threads, { isMainThread, type WorkerOptions } from 'node:worker_threads';
import type Database from 'better-sqlite3';

type Statements = { run(this: Database.Statement, ...values: unknown[]): Database.RunResult };

/** `change` gets the driver, and the prototype of its statements, before the store's thread has loaded either. */
export function onStoreThread(change: (driver: typeof Database, statements: Statements) => void): void {
  if (isMainThread) {
    followIntoThreads();
    return;
  }
  const driver = createRequire(import.meta.url)('better-sqlite3') as typeof Database;
  const memory = new driver(':memory:');
  const statements: Statements = Object.getPrototypeOf(memory.prepare('SELECT 1'));
  memory.close();
  change(driver, statements);
}

/** Threads are started without the options of their process: here they get them all the same. */
function followIntoThreads(): void {
  const { Worker } = threads;
  threads.Worker = class extends Worker {
    constructor(file: string | URL, options: WorkerOptions = {}) {
      super(file, { ...options, execArgv: process.execArgv });
    }
  };
  syncBuiltinESMExports();
}
