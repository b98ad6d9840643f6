/** Subscriptions and streams that a run opens, and what each of them must have been given. */
import type { SessionEvent } from '../../events/types.ts';
import type { Seen } from './model.ts';
import type { Command, Topic } from './scenario.ts';
import { Violation } from './violation.ts';

export interface Watch {
  readonly name: string;
  readonly topic: Topic;
  readonly types: readonly string[] | null;
  /** Everything after this cursor; without one, everything published from `since` on. */
  readonly from: number | null;
  /** The length of the trace when it was opened. */
  readonly since: number;
  /** The length of the trace when it was closed. */
  until: number | null;
  readonly generation: number;
  readonly seen: SessionEvent[];
  /** Whether a gap is allowed: the store forgets, or the buffer is small. */
  readonly lossy: boolean;
  readonly stream: boolean;
  ended: boolean;
  /** Its reader is held up, and what it has not read is no loss yet. */
  waiting: boolean;
  close(): void;
}

/** Listeners hear of an event in the order in which they subscribed, whatever they subscribed to. */
export class DeliveryOrder {
  #seq = 0;
  #newest = 0;

  /** `order` counts subscriptions, 0 is the run's own; one that replays is not in step with the others. */
  check({ seq, type }: SessionEvent, order: number): void {
    if (seq === this.#seq && order < this.#newest) {
      throw new Violation(
        10,
        `subscription ${order} heard of ${type} ${seq} after subscription ${this.#newest}`,
      );
    }
    this.#seq = seq;
    this.#newest = order;
  }
}

export type WatchCommand = Extract<Command, { do: 'subscribe' | 'stream' }>;

/** The events that a watch is owed; a stream of one session is over after its `session_terminated`. */
function owed(watch: Watch, trace: readonly Seen[]): SessionEvent[] {
  const until = watch.until ?? trace.length;
  const { from, since } = watch;
  return trace
    .slice(0, until)
    .filter(({ event }, index) => (from === null ? index >= since : event.seq > from))
    .map(({ event }) => event)
    .filter((event) => watch.topic === null || event.sessionId === watch.topic)
    .filter((event) => watch.types === null || watch.types.includes(event.type));
}

/**
 * Checks that a watch saw what it is owed, each event once and in order, a gap standing for a run of others.
 * A watch that was closed may have been closed before the last of it arrived.
 */
export function checkWatch(watch: Watch, trace: readonly Seen[], opened: boolean): void {
  const expected = owed(watch, trace);
  let next = 0;
  let seq = -1;
  let over = false;
  for (const event of watch.seen) {
    if (event.seq <= seq && event.type !== 'gap') throw complaint(watch, `seq ${event.seq} after ${seq}`);
    if (over) throw complaint(watch, `${event.type} ${event.seq} after session_terminated`);
    over = watch.stream && watch.topic !== null && event.type === 'session_terminated';
    if (event.type === 'gap') {
      if (!watch.lossy) throw complaint(watch, `a gap ${event.from}–${event.to} without cause`);
      if (event.from <= seq) throw complaint(watch, `a gap from ${event.from} after ${seq}`);
      while (next < expected.length && (expected[next]?.seq ?? 0) <= event.to) next += 1;
      seq = event.to;
      continue;
    }
    const due = expected[next];
    if (due?.seq !== event.seq || due.type !== event.type) {
      throw complaint(watch, `${event.type} ${event.seq} instead of ${due?.type} ${due?.seq}`);
    }
    if (JSON.stringify(due) !== JSON.stringify(event)) throw complaint(watch, `event ${event.seq} differs`);
    next += 1;
    seq = event.seq;
  }
  if (over && !watch.ended) throw complaint(watch, 'the stream goes on after session_terminated');
  const missing = expected[next];
  // A replay waits until the manager knows what is in its store.
  if (missing && !over && watch.until === null && opened && !watch.waiting)
    throw complaint(watch, `${missing.type} ${missing.seq} is missing`);
}

function complaint(watch: Watch, message: string): Violation {
  return new Violation(10, `${watch.name}: ${message}`);
}
