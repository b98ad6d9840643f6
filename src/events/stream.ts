import { asStoreError } from '../error-info.ts';
import { SessionError } from '../errors.ts';
import { gapEvent } from './cursor.ts';
import type { GapEvent, SessionEvent } from './types.ts';

export interface StreamOptions {
  /** Events held for a slow reader. */
  buffer: number;
  overflow: 'drop-oldest' | 'error';
  /** What the reader wants to see; the end of the session is noticed all the same. */
  types: ReadonlySet<string> | undefined;
  /** The stream ends after the `session_terminated` of this session. */
  sessionId: string | undefined;
  /** Retained events to read first; when it returns, the stream is live. */
  replay: AsyncGenerator<SessionEvent, void> | undefined;
  /** Frees what feeds the stream. Called once. */
  release(): void;
}

type Result = IteratorResult<SessionEvent, undefined>;
interface Reader {
  resolve(result: Result): void;
  reject(error: unknown): void;
}

const DONE: Result = { value: undefined, done: true };

/**
 * A bounded queue between the bus, which never waits, and one reader, who may be slow. What did not fit is one
 * `gap` at the place where it is missing, never silence.
 */
export class EventStream implements AsyncIterableIterator<SessionEvent> {
  readonly #options: StreamOptions;
  #replay: AsyncGenerator<SessionEvent, void> | undefined;
  #gap: GapEvent | undefined;
  #buffer: SessionEvent[] = [];
  readonly #readers: Reader[] = [];
  #ended = false;
  #failure: SessionError | undefined;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.#replay = options.replay;
  }

  /** An event of the live bus. */
  push(event: SessionEvent): void {
    if (this.#ended) return;
    if (this.#wants(event)) {
      const reader = this.#readers.shift();
      if (reader) reader.resolve({ value: event, done: false });
      else {
        this.#buffer.push(event);
        if (this.#buffer.length > this.#options.buffer) this.#overflow();
      }
    }
    this.#endAfter(event);
  }

  /** No more events come. What is buffered can still be read; then the reader sees the end. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#options.release();
    for (const reader of this.#readers.splice(0)) reader.resolve(DONE);
  }

  async next(): Promise<Result> {
    while (this.#replay && !this.#ended) {
      const replayed = await this.#replay.next().catch((error: unknown) => {
        this.end();
        throw asStoreError(error, 'The store gave no past events');
      });
      // It was left, or its manager closed, while the store was reading.
      if (this.#ended) break;
      if (replayed.done) this.#replay = undefined;
      else {
        this.#endAfter(replayed.value);
        if (this.#wants(replayed.value)) return replayed;
      }
    }
    return this.#take();
  }

  /** Leaving the loop: frees everything at once. */
  async return(): Promise<Result> {
    this.#buffer = [];
    this.#gap = undefined;
    this.#failure = undefined;
    this.end();
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #take(): Result | Promise<Result> {
    const event = this.#gap ?? this.#buffer.shift();
    this.#gap = undefined;
    if (event) return { value: event, done: false };
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw failure;
    if (this.#ended) return DONE;
    return new Promise((resolve, reject) => this.#readers.push({ resolve, reject }));
  }

  #wants(event: SessionEvent): boolean {
    const { types } = this.#options;
    return !types || event.type === 'gap' || types.has(event.type);
  }

  #endAfter(event: SessionEvent): void {
    if (event.type === 'session_terminated' && event.sessionId === this.#options.sessionId) this.end();
  }

  #overflow(): void {
    const { buffer, overflow } = this.#options;
    if (overflow === 'error') {
      this.#buffer.pop();
      this.#failure = new SessionError(
        'OVERLOADED',
        `The reader of this stream is over ${buffer} events behind. Read faster, raise "buffer", or use overflow: 'drop-oldest'.`,
        { details: { buffer } },
      );
      this.end();
      return;
    }
    const dropped = this.#buffer.shift() as SessionEvent;
    this.#gap = gapEvent(this.#gap?.from ?? dropped.seq, dropped.seq, dropped.at);
  }
}
