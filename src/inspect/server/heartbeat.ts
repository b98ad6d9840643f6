import type { WebSocket } from 'ws';
import type { Clock } from '../../clock.ts';

const BEAT_MS = 15_000;

/**
 * Asks every peer now and then whether it is there, and lets go of one that did not answer until the next time: of a
 * laptop that was closed, or a cable that was pulled, nothing else would tell.
 */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #heard = new Map<WebSocket, boolean>();
  #timer: unknown;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(socket: WebSocket): void {
    this.#heard.set(socket, true);
    const hear = () => this.#heard.set(socket, true);
    socket.on('pong', hear).on('message', hear);
    socket.once('close', () => {
      socket.off('pong', hear).off('message', hear);
      this.#heard.delete(socket);
      if (this.#heard.size === 0) this.#stop();
    });
    this.#timer ??= this.#clock.setTimeout(() => this.#beat(), BEAT_MS);
  }

  #beat(): void {
    this.#timer = this.#clock.setTimeout(() => this.#beat(), BEAT_MS);
    for (const [socket, heard] of this.#heard) {
      // One that sends too much is not read, and so cannot be heard.
      if (!heard && !socket.isPaused) {
        socket.terminate();
        continue;
      }
      this.#heard.set(socket, false);
      if (socket.readyState === socket.OPEN) socket.ping();
    }
  }

  #stop(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
