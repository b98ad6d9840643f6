import { onAbort } from '../abort.ts';
import { checkFunction, checkInteger, checkOptions, checkSignal, invalidArgument } from '../check.ts';
import type { EventStreamOptions, SubscribeOptions, Unsubscribe } from '../client.ts';
import type { Guard } from '../guard.ts';
import { checkSessionId } from '../ids.ts';
import type { AnyListener, Bus, Subscription } from './bus.ts';
import { type FactSource, replay, tellPast } from './cursor.ts';
import { eventTypes } from './names.ts';
import { EventStream } from './stream.ts';
import type { SessionEvent } from './types.ts';

const BUFFER = 1024;
const SUBSCRIBE_OPTIONS = ['types', 'signal', 'from'];
const STREAM_OPTIONS = [...SUBSCRIBE_OPTIONS, 'sessionId', 'buffer', 'overflow'];
const NEVER = Number.POSITIVE_INFINITY;

interface Request {
  readonly types: ReadonlySet<string> | undefined;
  readonly signal: AbortSignal | undefined;
  readonly from: number | undefined;
}

/** Listeners and streams, with their cursors and signals. Throws at once on wrong arguments. */
export class Subscriptions {
  readonly #bus: Bus;
  readonly #source: FactSource;
  readonly #guard: Guard;
  /** Resolves once there is something to replay from. */
  readonly #ready: Promise<unknown>;
  readonly #streams = new Set<EventStream>();

  constructor(bus: Bus, source: FactSource, guard: Guard, ready: Promise<unknown>) {
    this.#bus = bus;
    this.#source = source;
    this.#guard = guard;
    this.#ready = ready;
  }

  /** Listeners, those of streams not counted. */
  get listeners(): number {
    return this.#bus.listeners - this.#streams.size;
  }

  get streams(): number {
    return this.#streams.size;
  }

  subscribe(
    sessionId: string | undefined,
    listener: AnyListener,
    options: SubscribeOptions | undefined,
  ): Unsubscribe {
    if (sessionId !== undefined) checkSessionId(sessionId);
    checkFunction(listener, 'listener');
    const { types, signal, from } = checkRequest(options, SUBSCRIBE_OPTIONS);
    if (signal?.aborted) return () => {};
    const { subscription, added } = this.#bus.subscribe(sessionId, listener, types);
    const unsubscribe = () => this.#bus.unsubscribe(sessionId, subscription);
    if (!added) return unsubscribe;
    subscription.release = onAbort(signal, unsubscribe);
    if (from !== undefined) {
      subscription.after = NEVER;
      void this.#replay(subscription, sessionId, from);
    }
    return unsubscribe;
  }

  stream(options: EventStreamOptions | undefined): EventStream {
    const { types, signal, from } = checkRequest(options, STREAM_OPTIONS);
    const { sessionId, buffer = BUFFER, overflow = 'drop-oldest' } = checkOptions(options, 'options');
    if (sessionId !== undefined) checkSessionId(sessionId);
    checkInteger(buffer, 'options.buffer', { min: 1 });
    if (overflow !== 'drop-oldest' && overflow !== 'error')
      throw invalidArgument('options.overflow', "'drop-oldest' or 'error'", overflow);

    const listener: AnyListener = (event) => stream.push(event);
    const { subscription } = this.#bus.subscribe(sessionId, listener, undefined);
    if (from !== undefined) subscription.after = NEVER;
    const forget = onAbort(signal, () => stream.end());
    const stream: EventStream = new EventStream({
      buffer,
      overflow,
      types,
      sessionId,
      replay: from === undefined ? undefined : this.#cursor(subscription, sessionId, from, undefined),
      release: () => {
        forget();
        this.#bus.unsubscribe(sessionId, subscription);
        this.#streams.delete(stream);
      },
    });
    this.#streams.add(stream);
    if (signal?.aborted) stream.end();
    return stream;
  }

  close(): void {
    for (const stream of [...this.#streams]) stream.end();
    this.#bus.clear();
  }

  async *#cursor(
    subscription: Subscription,
    sessionId: string | undefined,
    from: number,
    types: ReadonlySet<string> | undefined,
  ): AsyncGenerator<SessionEvent, void> {
    try {
      await this.#ready;
    } catch {
      // There will be nothing to replay; whoever closes the manager ends what waits for it.
      return;
    }
    yield* replay(this.#source, { from, sessionId, types }, (cursor) => {
      subscription.after = cursor;
    });
  }

  #replay(subscription: Subscription, sessionId: string | undefined, from: number): Promise<void> {
    const past = this.#cursor(subscription, sessionId, from, subscription.types);
    return tellPast(this.#source, past, from, {
      guard: this.#guard,
      isThere: () => subscription.live,
      tell: (event) => this.#guard.notify('a listener', subscription.listener, event),
      goLive: (cursor) => {
        subscription.after = cursor;
      },
    });
  }
}

function checkRequest(options: SubscribeOptions | undefined, allowed: readonly string[]): Request {
  const { types, signal, from } = checkOptions(options, 'options', allowed);
  if (types !== undefined && !Array.isArray(types))
    throw invalidArgument('options.types', 'an array of event types', types);
  types?.forEach((type, n) => {
    if (!eventTypes.has(type)) throw invalidArgument(`options.types[${n}]`, 'an event type', type);
  });
  if (from !== undefined) checkInteger(from, 'options.from', { min: 0 });
  return {
    types: types && new Set<string>(types),
    signal: checkSignal(signal, 'options.signal'),
    from,
  };
}
