import type { SessionClient, Unsubscribe } from '../client.ts';
import { engineOf } from '../engine-of.ts';
import { isSessionError, SessionError } from '../errors.ts';
import type { SessionEvent } from '../events/types.ts';
import { toFailure } from './failure.ts';
import { followEvents } from './follow.ts';
import { journalId } from './journal-id.ts';
import { opOf } from './ops.ts';
import type { PackedArguments } from './packed.ts';
import { perform } from './perform.ts';
import type { Port } from './port.ts';
import { type Answer, isMessage, type Request } from './protocol.ts';
import { unpackArguments } from './unpack.ts';

/** A client that is served to whoever is at the far end of a line. */
export interface Served {
  /** From now on no call is begun; those in flight are still answered. */
  stop(): void;
  /** Nothing is answered any more, which a far end that is still there is told after `stop`. What is begun goes on. */
  end(): void;
}

export interface ServeOptions {
  /** Who has heard nothing yet hears what has happened since the store was opened, recovery included. */
  readonly sinceOpened?: boolean;
  /** The manager was closed, by whomever: nothing can be asked of it any more. */
  closed?(): void;
}

/** Serves a manager that is ready. Nothing that comes over the line makes it throw. */
export function serveClient(manager: SessionClient<never>, port: Port, options?: ServeOptions): Served {
  const server = new Server(manager, port, options ?? {});
  port.onMessage = (message) => server.receive(message);
  return server;
}

class Server implements Served {
  readonly #manager: SessionClient<never>;
  readonly #port: Port;
  readonly #options: ServeOptions;
  /** Of the calls in flight that can be aborted. */
  readonly #aborts = new Map<unknown, AbortController>();
  readonly #begun = new Set<number>();
  #unsubscribe: Unsubscribe | undefined;
  #events: SessionEvent[] = [];
  /** What has been answered while the far end is being told of what has been: the events go first. */
  #held: Answer[] | undefined;
  #state: 'open' | 'stopped' | 'ended' = 'open';

  constructor(manager: SessionClient<never>, port: Port, options: ServeOptions) {
    this.#manager = manager;
    this.#port = port;
    this.#options = options;
  }

  stop(): void {
    if (this.#state === 'open') this.#state = 'stopped';
  }

  end(): void {
    this.#release();
    if (this.#state === 'stopped') this.#post({ type: 'over', begun: [...this.#begun] });
    this.#state = 'ended';
    this.#port.onMessage = undefined;
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  receive(message: unknown): void {
    if (!isMessage(message) || this.#state === 'ended') return;
    const request = message as Request;
    if (request.type === 'call') this.#call(request);
    else if (request.type === 'abort') this.#aborts.get(request.call)?.abort();
    else if (request.type === 'listen') this.#listen(request);
  }

  #call({ call, op: name, ...packed }: Extract<Request, { type: 'call' }>): void {
    if (this.#state === 'stopped') {
      this.#post({ type: 'refused', call });
      return;
    }
    this.#begun.add(call);
    const abort = new AbortController();
    const lendSignal = () => {
      this.#aborts.set(call, abort);
      return abort.signal;
    };
    const asked = async () => {
      const op = opOf(name);
      if (!op || !isPacked(packed))
        throw new SessionError('INVALID_ARGUMENT', `This engine knows no call ${JSON.stringify(name)}.`);
      return perform(this.#manager, name, op, unpackArguments(packed, lendSignal));
    };
    asked().then(
      (value) => this.#reply(call, { type: 'value', call, value }),
      (error) => {
        this.#reply(call, { type: 'error', call, error: toFailure(error) });
        if (isSessionError(error) && error.code === 'MANAGER_CLOSED') this.#options.closed?.();
      },
    );
  }

  /** The events of the call have been heard here, or will be: they go first. */
  #reply(call: number, answer: Answer): void {
    this.#aborts.delete(call);
    this.#begun.delete(call);
    if (this.#held) this.#held.push(answer);
    else this.#answer(answer);
  }

  #answer(answer: Answer): void {
    this.#flush();
    try {
      this.#post(answer);
    } catch (error) {
      // What cannot be sent is no reason to keep anybody waiting.
      if ('call' in answer) this.#post({ type: 'error', call: answer.call, error: toFailure(error) });
    }
  }

  #release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    this.#flush();
    for (const answer of held) this.#answer(answer);
  }

  #listen({ from = -1, journal }: Extract<Request, { type: 'listen' }>): void {
    if (this.#unsubscribe) return;
    const engine = engineOf(this.#manager);
    const { openedSeq, publishedSeq, cutSeq } = engine.journal;
    const own = journalId(engine);
    const resumes = journal === own && Number.isSafeInteger(from) && from >= 0 && from <= publishedSeq;
    const begin = journal === undefined && this.#options.sinceOpened ? openedSeq : publishedSeq;
    const start = resumes ? from : begin;
    try {
      const { unsubscribe, caughtUp } = followEvents(this.#manager, start, (event) => this.#tell(event));
      this.#unsubscribe = unsubscribe;
      if (caughtUp) this.#held = [];
      void caughtUp?.then(() => this.#release());
    } catch {
      // It was closed meanwhile; whoever comes next is asked again.
      this.#options.closed?.();
      return;
    }
    this.#post({ type: 'listening', from: start, journal: own, cutSeq });
  }

  /** What is published in one go is posted in one go. */
  #tell(event: SessionEvent): void {
    if (this.#events.push(event) === 1) queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    if (this.#events.length === 0) return;
    const events = this.#events;
    this.#events = [];
    this.#post({ type: 'events', events });
  }

  #post(answer: Answer): void {
    if (this.#state !== 'ended') this.#port.post(answer);
  }
}

function isPacked({ args, odd = [] }: Partial<PackedArguments>): boolean {
  return Array.isArray(args) && Array.isArray(odd);
}
