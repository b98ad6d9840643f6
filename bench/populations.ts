/** Fleets of live sessions, ours and the peers', on which the same work is done. */
import { assign, createActor, setup, spawnChild, stopChild } from 'xstate';
import { sessionMachine } from '../machines/index.ts';
import { createSessionManager, type SessionManager } from '../src/index.ts';
import type { Options } from './harness.ts';

/** What every contender can do. Ours answers with promises; the peers answer at once and are not awaited. */
export interface Population {
  readonly size: number;
  create(id: string): unknown;
  send(id: string, text: string): unknown;
  /** To its end. */
  end(id: string): unknown;
  /** Stops it where it stands, where that is less than its end. */
  stop?(id: string): unknown;
}

export const SIZES = { 1000: '1k', 10000: '10k', 100000: '100k' } as const;
export const LARGEST = 100_000;

export function sizesOf({ quick }: Options): number[] {
  return quick ? [20, 40] : Object.keys(SIZES).map(Number);
}

export function sizeName(size: number): string {
  return SIZES[size as keyof typeof SIZES] ?? String(size);
}

export function idOf(index: number): string {
  return `s${index}`;
}

/** Every fleet holds `s0` to `s<size - 1>`. */
export async function fill<P extends Population>(population: P, options: Options): Promise<P> {
  for (let index = 0; index < population.size; index += 1) {
    await population.create(idOf(index));
    if (index % 20_000 === 19_999) options.say(`${index + 1} sessions`);
  }
  return population;
}

export class OurSessions implements Population {
  readonly size: number;
  readonly manager: SessionManager;

  constructor(size: number) {
    this.size = size;
    this.manager = createSessionManager();
  }

  create(id: string): Promise<unknown> {
    return this.manager.createSession({ id });
  }

  send(id: string, text: string): Promise<unknown> {
    return this.manager.sendMessage(id, 'user', text);
  }

  end(id: string): Promise<unknown> {
    return this.manager.terminateSession(id);
  }
}

/** The session's own chart, its effects left out, each in a system of its own: nothing around it. */
export class BareActors implements Population {
  readonly size: number;
  readonly #actors = new Map<string, ReturnType<typeof bareActor>>();

  constructor(size: number) {
    this.size = size;
  }

  create(id: string): void {
    const actor = bareActor(id);
    actor.start();
    actor.send({ type: 'session.active' });
    this.#actors.set(id, actor);
  }

  /** An event that the chart handles where it is; the cheapest it has. */
  send(id: string): void {
    this.#actors.get(id)?.send({ type: 'deadline.inactivity' });
  }

  end(id: string): void {
    const actor = this.#actors.get(id);
    actor?.send({ type: 'session.terminating' });
    actor?.send({ type: 'session.terminated' });
    this.#actors.delete(id);
  }

  stop(id: string): void {
    this.#actors.get(id)?.stop();
    this.#actors.delete(id);
  }
}

function bareActor(id: string) {
  return createActor(sessionMachine, { input: { id } });
}

/** As XState's documentation has it: a parent machine that spawns its children and sends to them. */
export class SpawnedChildren implements Population {
  readonly size: number;
  readonly #parent = createActor(parentMachine).start();

  constructor(size: number) {
    this.size = size;
  }

  create(id: string): void {
    this.#parent.send({ type: 'create', id });
    this.#child(id)?.send({ type: 'session.active' });
  }

  send(id: string): void {
    this.#child(id)?.send({ type: 'deadline.inactivity' });
  }

  end(id: string): void {
    const child = this.#child(id);
    child?.send({ type: 'session.terminating' });
    child?.send({ type: 'session.terminated' });
    this.#parent.send({ type: 'stop', id });
  }

  #child(id: string): ReturnType<typeof bareActor> | undefined {
    return this.#parent.getSnapshot().children[id] as ReturnType<typeof bareActor> | undefined;
  }
}

const parentMachine = setup({
  types: { events: {} as { type: 'create' | 'stop'; id: string }, context: {} as { created: number } },
  actors: { session: sessionMachine },
}).createMachine({
  context: { created: 0 },
  on: {
    create: {
      actions: [
        assign({ created: ({ context }) => context.created + 1 }),
        spawnChild('session', { id: ({ event }) => event.id, input: ({ event }) => ({ id: event.id }) }),
      ],
    },
    stop: { actions: stopChild(({ event }) => event.id) },
  },
});

/** The floor of the language: a class, a `switch` and an array. */
export class PlainObjects implements Population {
  readonly size: number;
  readonly #sessions = new Map<string, PlainSession>();

  constructor(size: number) {
    this.size = size;
  }

  create(id: string): void {
    const session = new PlainSession(id);
    session.handle('activate');
    this.#sessions.set(id, session);
  }

  send(id: string, text: string): void {
    this.#sessions.get(id)?.handle('message', text);
  }

  end(id: string): void {
    this.#sessions.get(id)?.handle('terminate');
    this.#sessions.delete(id);
  }
}

class PlainSession {
  readonly id: string;
  status = 'initializing';
  readonly messages: { readonly id: string; readonly at: number; readonly text: string }[] = [];

  constructor(id: string) {
    this.id = id;
  }

  handle(event: 'activate' | 'message' | 'terminate', text = ''): void {
    switch (event) {
      case 'activate':
        this.status = 'active';
        break;
      case 'message':
        this.messages.push({ id: `${this.id}:${this.messages.length + 1}`, at: Date.now(), text });
        break;
      case 'terminate':
        this.status = 'terminated';
        break;
    }
  }
}
