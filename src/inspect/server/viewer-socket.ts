import type { WebSocket } from 'ws';
import type { Clock } from '../../clock.ts';
import type { InspectorMessage, ViewerChannel } from '../protocol.ts';
import { CLOSE, closeSocket } from './closing.ts';
import { Intake } from './intake.ts';
import type { Rate } from './token-bucket.ts';

/** What may wait in the socket before a viewer is taken for slow. */
const FULL_BYTES = 1024 * 1024;
/** For how long it may take nothing before it is let go. */
const STALLED_MS = 10_000;
/** A person who clicks as fast as he can, and a page that was out of reach and asks for all again. */
const RATE: Rate = { perSecond: 100, burst: 300 };

/** The part of an `Inspection` that a server needs. */
export interface Viewed {
  connect(channel: ViewerChannel): { receive(message: unknown): void; close(): void };
}

/** A viewer at the other end of a WebSocket. */
export class ViewerSocket implements ViewerChannel {
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  #stalled: unknown;

  static attach(socket: WebSocket, viewed: Viewed, clock: Clock): void {
    const channel = new ViewerSocket(socket, clock);
    const connection = viewed.connect(channel);
    new Intake(socket, {
      rate: RATE,
      clock,
      take: (message) => connection.receive(message),
      refuse: (message) => channel.send({ type: 'refused', message }),
    });
    socket.once('close', () => {
      channel.#flowing();
      connection.close();
    });
  }

  private constructor(socket: WebSocket, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
  }

  send(message: InspectorMessage): boolean {
    if (this.#socket.readyState !== this.#socket.OPEN) return false;
    if (this.#socket.bufferedAmount > FULL_BYTES) {
      this.#stalled ??= this.#clock.setTimeout(
        () => this.#end(CLOSE.tryLater, 'This viewer does not read what it is sent.'),
        STALLED_MS,
      );
      return false;
    }
    this.#flowing();
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  close(reason: string): void {
    this.#end(CLOSE.done, reason);
  }

  #end(code: number, reason: string): void {
    this.#flowing();
    closeSocket(this.#socket, code, reason, this.#clock);
  }

  #flowing(): void {
    if (this.#stalled !== undefined) this.#clock.clearTimeout(this.#stalled);
    this.#stalled = undefined;
  }
}
