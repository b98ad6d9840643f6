/** Fills one store, started by `stored.ts`: large appends, each written while the next is made. */
import { performance } from 'node:perf_hooks';
import type { JournalRecord } from '../src/store/port.ts';
import { sqliteStore } from '../src/store/sqlite.ts';
import { idOf } from './populations.ts';
import { Scribe } from './scribe.ts';
import { FILL_LIMIT_MS, type Filling } from './stored.ts';

const APPENDED = 20_000;

// Whoever wanted the store is gone.
const abandoned = (): never => process.exit(1);
process.on('disconnect', abandoned);

const { file, sessions, messages, idle = false }: Filling = JSON.parse(process.argv[2] ?? '');
const scribe = new Scribe();
const lease = await sqliteStore(file, { retainEvents: Number.MAX_SAFE_INTEGER }).open({ owner: 'bench' });
const step = Math.max(1, Math.floor(APPENDED / (2 + messages)));
let written: unknown;
let filled = 0;
while (filled < sessions && performance.now() < FILL_LIMIT_MS) {
  const facts: JournalRecord[] = [];
  const end = Math.min(sessions, filled + step);
  for (; filled < end; filled += 1) {
    const id = idOf(filled);
    facts.push(...scribe.session(id, messages));
    if (idle) facts.push(scribe.idle(id, messages + 3));
  }
  await written;
  written = lease.append(facts);
  if (filled % (step * 20) === 0) process.send?.(filled);
}
await written;
await lease[Symbol.asyncDispose]();
process.off('disconnect', abandoned);
process.send?.(filled, () => process.disconnect());
