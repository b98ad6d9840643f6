import { Timekeeper } from '../../../src/clock.ts';
import { DeadlineQueue } from '../../../src/deadlines.ts';
import type { Engine } from '../../../src/engine.ts';
import { Guard } from '../../../src/guard.ts';
import type { LostAgent } from '../../../src/session/agent-snapshot.ts';
import { SessionEntry } from '../../../src/session/entry.ts';
import { Registry } from '../../../src/session/registry.ts';
import { type Alarm, Sleep } from '../../../src/session/sleep.ts';
import { applyFact, type StoredAgent } from '../../../src/session/state.ts';
import type { StoredSnapshot } from '../../../src/store/port.ts';
import { testClock } from '../../support/clock.ts';
import { type Gate, gate } from '../../support/gate.ts';
import { bareLease } from '../../support/lease.ts';
import { factWriter } from '../facts.ts';

/** What stands around a `Sleep`: a test says what the agent, the journal and the store do. */
export function desk() {
  const clock = testClock(Date.UTC(2026, 0, 1));
  const logged: unknown[][] = [];
  const guard = new Guard((...line: unknown[]) => void logged.push(line));
  const time = new Timekeeper(clock, guard);
  const registry = new Registry();
  const agent: { written?: StoredAgent | LostAgent; saves: number } = { saves: 0 };
  const journal = { busy: false };
  /** What the store has of those that are away: the pages of who is due, and when the next one is, each time that is asked. */
  const away = {
    size: 0,
    pages: [] as Array<() => void>,
    next: [] as Array<number | Error>,
    asked: [] as Array<[after: number, by: number]>,
    read: 0,
  };
  const dormant = {
    get size() {
      return away.size;
    },
    moved: (_status: string, change: number) => {
      away.size += change;
    },
  };
  const sessions = {
    async *due(after: number, by: number) {
      away.asked.push([after, by]);
      for (const page of away.pages.splice(0)) {
        page();
        away.read += 1;
        yield;
      }
    },
    async nextDue() {
      const next = away.next.shift();
      if (next instanceof Error) throw next;
      return next;
    },
  };
  const rings: number[] = [];
  const deadlines = new DeadlineQueue<SessionEntry | Alarm>(time, (deadline) => {
    if (!('ring' in deadline)) return;
    rings.push(time.now());
    deadline.ring();
  });
  const keeper = {
    saveSoon: () => {
      agent.saves += 1;
    },
    write: () => agent.written,
  };
  const engine = {
    ...{ time, guard, registry, dormant, deadlines },
    agents: { part: { keeper } },
    stored: { get: () => ({ sessions }) },
    journal: { concerns: () => journal.busy },
    supervise() {},
  };

  /** Snapshots that were written, each of which the store takes when a test says so. */
  const writes: Array<Gate & { readonly id: string; readonly snapshot: StoredSnapshot }> = [];
  const lease = bareLease({
    putSnapshot(id, snapshot) {
      const write = { ...gate(), id, snapshot };
      writes.push(write);
      return write.promise;
    },
  });
  const sleep = new Sleep(engine as unknown as Engine, lease);

  /** A session that idles, and may go; with a time to end where one is given. */
  const idle = (id: string, terminateAfterMs?: number): SessionEntry => {
    const made = applyFact(undefined, factWriter(id).created());
    const config = { ...made.config, ...(terminateAfterMs !== undefined && { terminateAfterMs }) };
    const state = { ...made, status: 'idle' as const, config };
    const entry = new SessionEntry(state, time.now());
    registry.add(entry);
    return entry;
  };
  /** All the way. */
  const putToSleep = async (id: string, terminateAfterMs?: number): Promise<SessionEntry> => {
    const entry = idle(id, terminateAfterMs);
    sleep.fallAsleep(entry);
    writes.at(-1)?.open();
    await writes.at(-1)?.promise;
    return entry;
  };
  return {
    clock,
    time,
    logged,
    registry,
    agent,
    journal,
    away,
    deadlines,
    sleep,
    writes,
    rings,
    idle,
    putToSleep,
  };
}
