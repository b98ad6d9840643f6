import type { SessionClient, Unsubscribe } from '../../src/client.ts';
import type { SessionEvent, SessionEventType } from '../../src/events/types.ts';

export interface Collector {
  /** The live list, in the order of delivery. */
  readonly events: SessionEvent[];
  readonly stop: Unsubscribe;
  types(): SessionEventType[];
  /** `type`, or for a status event `previous→status`. */
  steps(): string[];
  of<T extends SessionEventType>(type: T): Array<Extract<SessionEvent, { type: T }>>;
  /** The events of one session. */
  session(id: string): SessionEvent[];
  clear(): void;
}

type Source = Pick<SessionClient, 'subscribeToAllSessions' | 'subscribeToSession'>;
export interface CollectOptions {
  session?: string;
  types?: readonly SessionEventType[];
  signal?: AbortSignal;
  from?: number;
}

/** Subscribes and keeps what comes. */
export function collect(client: Source, { session, ...options }: CollectOptions = {}): Collector {
  const events: SessionEvent[] = [];
  const listener = (event: SessionEvent) => {
    events.push(event);
  };
  const stop =
    session === undefined
      ? client.subscribeToAllSessions(listener, options)
      : client.subscribeToSession(session, listener, options);
  return {
    events,
    stop,
    types: () => events.map((event) => event.type),
    steps: () => steps(events),
    of: <T extends SessionEventType>(type: T) =>
      events.filter((event): event is Extract<SessionEvent, { type: T }> => event.type === type),
    session: (id) => events.filter((event) => event.sessionId === id),
    clear: () => {
      events.length = 0;
    },
  };
}

/** Each event as one word; a change of status as `from→to`. */
export function steps(events: readonly SessionEvent[]): string[] {
  return events.map((event) =>
    event.type === 'session_status' ? `${event.previousStatus}→${event.status}` : event.type,
  );
}

/** Reads a stream to its end, or up to `limit` events. */
export async function drain<T>(stream: AsyncIterable<T>, limit = Number.POSITIVE_INFINITY): Promise<T[]> {
  const events: T[] = [];
  if (limit <= 0) return events;
  for await (const event of stream) {
    events.push(event);
    if (events.length >= limit) break;
  }
  return events;
}

export function seqs(events: readonly SessionEvent[]): number[] {
  return events.map((event) => event.seq);
}

export function increases(numbers: readonly number[]): boolean {
  return numbers.every((n, i) => i === 0 || n > (numbers[i - 1] ?? Number.NaN));
}

/** The words of a life without incident. */
export const STARTED = ['session_created', 'initializing→active'] as const;
export const ENDED = ['active→terminating', 'terminating→terminated', 'session_terminated'] as const;
