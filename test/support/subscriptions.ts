import { SimulatedClock } from 'xstate';
import { Timekeeper } from '../../src/clock.ts';
import { Bus } from '../../src/events/bus.ts';
import type { FactSource } from '../../src/events/cursor.ts';
import { Subscriptions } from '../../src/events/subscriptions.ts';
import type { SessionEvent } from '../../src/events/types.ts';
import { Journal } from '../../src/journal.ts';
import { memoryStore } from '../../src/store/memory.ts';
import type { Gate } from './gate.ts';
import { loggedGuard } from './log.ts';

interface Given {
  readonly retainEvents?: number;
  readonly ready?: Gate;
  readonly facts?: FactSource['facts'];
}

/** Subscriptions over a real bus, journal and memory store. */
export async function subscriptionsOver({ retainEvents = 100, ready, facts }: Given = {}) {
  const { guard, lines } = loggedGuard();
  const bus = new Bus(guard);
  const journal = new Journal(new Timekeeper(new SimulatedClock(), guard));
  const lease = await memoryStore({ retainEvents }).open({ owner: 'test' });
  journal.open(lease, { apply() {}, publish: (fact) => bus.publish(fact) });
  if (facts) journal.facts = facts;
  const subscriptions = new Subscriptions(bus, journal, guard, ready?.promise ?? Promise.resolve());
  const heard: SessionEvent[] = [];
  const lengths = new Map<string, number>();
  const next = (id: string) => {
    const sessionSeq = lengths.get(id) ?? 0;
    lengths.set(id, sessionSeq + 1);
    return { id, sessionSeq };
  };
  return {
    subscriptions,
    bus,
    lines,
    heard,
    listener: (event: SessionEvent) => void heard.push(event),
    /** `count` facts of a session, each of them an event. */
    async happen(count: number, id = 'a') {
      for (let n = 0; n < count; n++)
        await journal.commit(id, (batch) => batch.add(next(id), 'file_added', { path: 'x' }));
    },
    end: (id = 'a') =>
      journal.commit(id, (batch) => batch.add(next(id), 'session_terminated', { reason: 'normal' })),
  };
}
type World = Awaited<ReturnType<typeof subscriptionsOver>>;

/** Listeners, streams, and what the bus holds. */
export const counts = ({ subscriptions, bus }: World) => [
  subscriptions.listeners,
  subscriptions.streams,
  bus.listeners,
];
