import type { WebSocket } from 'ws';
import type { Clock } from '../../clock.ts';
import { parseIncoming } from './incoming.ts';
import { type Rate, TokenBucket } from './token-bucket.ts';

/** A frame costs as much as begun times of this many bytes. */
const BYTES_PER_TOKEN = 2048;

export interface IntakeOptions {
  readonly rate: Rate;
  readonly clock: Clock;
  take(message: unknown, bytes: number): void;
  refuse(reason: string): void;
}

/**
 * What comes in over a socket, no faster than `rate`: the socket of a peer that sends more is not read meanwhile, so
 * that what it sends stays with the peer. That one turn of the event loop takes no more than one frame of a socket,
 * however small it is, is an option of the `WebSocketServer`.
 */
export class Intake {
  readonly #socket: WebSocket;
  readonly #options: IntakeOptions;
  readonly #bucket: TokenBucket;
  #paused: unknown;

  constructor(socket: WebSocket, options: IntakeOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#bucket = new TokenBucket(options.rate, options.clock.now());
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      // What is still on its way when this side has closed.
      if (socket.readyState !== socket.OPEN) return;
      this.#charge(data.length);
      const incoming = parseIncoming(data, isBinary);
      if ('refused' in incoming) options.refuse(incoming.refused);
      else options.take(incoming.message, data.length);
    });
    // Each is answered with a pong.
    socket.on('ping', (data: Buffer) => this.#charge(data.length));
    socket.on('close', () => {
      if (this.#paused !== undefined) options.clock.clearTimeout(this.#paused);
    });
  }

  #charge(bytes: number): void {
    const { clock } = this.#options;
    const wait = this.#bucket.take(1 + Math.floor(bytes / BYTES_PER_TOKEN), clock.now());
    if (wait === 0 || this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#paused === undefined) this.#socket.pause();
    else clock.clearTimeout(this.#paused);
    this.#paused = clock.setTimeout(() => {
      this.#paused = undefined;
      this.#socket.resume();
    }, wait);
  }
}
