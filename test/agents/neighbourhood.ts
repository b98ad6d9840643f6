import { expect } from 'vitest';
import type { AnyActorLogic, AnyEventObject } from 'xstate';
import {
  createSessionManager,
  type JsonObject,
  type SessionManager,
  type SessionManagerOptions,
} from '../../src/index.ts';
import { type TestClock, testClock } from '../support/clock.ts';
import { strays } from '../support/errors.ts';
import { type Collector, collect } from '../support/events.ts';
import { turns } from '../support/turns.ts';

export const boom = new Error('boom');
export const fail = (): never => {
  throw boom;
};

/** The metadata of the one session in which a test's code throws. */
export const FAULTY = { metadata: { faulty: true } } as const;

export function isFaulty(session: { readonly metadata: JsonObject }): boolean {
  return session.metadata.faulty === true;
}

export interface Neighbourhood {
  readonly manager: SessionManager<AnyEventObject>;
  readonly clock: TestClock;
  /** Every event of every session. */
  readonly seen: Collector;
  /** Each call of the logger. */
  readonly logged: unknown[][];
}

type Options = Partial<Omit<SessionManagerOptions<AnyActorLogic>, 'clock'>>;

/**
 * Lets `fault` do its worst in a manager where a healthy session lives, and then asks of everybody else that
 * nothing happened: the neighbour, its agent, the manager, the timers, the process.
 */
export async function besideNeighbour(options: Options, fault: (place: Neighbourhood) => Promise<void>) {
  const clock = testClock();
  const logged: unknown[][] = [];
  const stray = await strays(async () => {
    const manager = createSessionManager<AnyActorLogic>({
      clock,
      logger: (...entry: unknown[]) => logged.push(entry),
      ...options,
    });
    const seen = collect(manager);
    const neighbour = await manager.createSession({ id: 'neighbour' });
    await neighbour.send('user', 'before');
    const before = manager.stats();

    await fault({ manager, clock, seen, logged });
    await turns();

    expect((await manager.listSessions()).map(({ id }) => id)).toEqual(['neighbour']);
    expect(manager.stats()).toEqual(before);
    await neighbour.send('user', 'after');
    if (options.agent) await neighbour.dispatch({ type: 'ping' });
    expect(await neighbour.info()).toMatchObject({ status: 'active', restarts: 0 });
    expect((await neighbour.context.history()).map(({ content }) => content)).toEqual(['before', 'after']);
    expect(seen.session('neighbour').map(({ type }) => type)).toEqual([
      'session_created',
      'session_status',
      'conversation_added',
      'conversation_added',
    ]);
    await (await manager.createSession({ id: 'newcomer' })).terminate();
    await manager.close();
    expect(clock.pending).toBe(0);
  });
  expect(stray).toEqual([]);
}

/** How a {@link story} begins, and how that of a running session ends but for its last line. */
export const started = ['session_created', 'initializing→active'] as const;
export const ended = ['active→terminating', 'terminating→terminated'] as const;

/** One line for each event of a session: its type, the change of status, how it ended and why. */
export function story(seen: Collector, id: string): string[] {
  return seen.session(id).map((event) => {
    switch (event.type) {
      case 'session_status':
        return `${event.previousStatus}→${event.status}`;
      case 'session_crashed':
        return `crashed, ${event.restarting ? 'restarting' : 'for good'}: ${event.error.message}`;
      case 'session_terminated':
        return `gone (${event.reason})${event.error ? `: ${event.error.message}` : ''}`;
      default:
        return event.type;
    }
  });
}
