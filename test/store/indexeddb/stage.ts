import { deleteDB } from 'idb';
import { afterEach } from 'vitest';

let count = 0;

/** Names of databases that do not exist yet, and are deleted after the test. */
export function useDatabases(): () => string {
  const used: string[] = [];
  afterEach(async () => {
    await Promise.all(used.splice(0).map((name) => deleteDB(name)));
  });
  return () => {
    count += 1;
    // Tests of several files may share an origin.
    const name = `rooms ${count} ${crypto.randomUUID()}`;
    used.push(name);
    return name;
  };
}
