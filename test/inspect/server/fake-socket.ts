import { EventEmitter } from 'node:events';
import type { WebSocket } from 'ws';

/** As much of a WebSocket as the server touches, and what was done to it. */
export class FakeSocket extends EventEmitter {
  readonly OPEN = 1;
  readonly CLOSED = 3;
  readyState = 1;
  bufferedAmount = 0;
  isPaused = false;
  readonly sent: unknown[] = [];
  readonly done: string[] = [];

  static make(): { fake: FakeSocket; socket: WebSocket } {
    const fake = new FakeSocket();
    return { fake, socket: fake as unknown as WebSocket };
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  ping(): void {
    this.done.push('ping');
  }
  pause(): void {
    this.isPaused = true;
  }
  resume(): void {
    this.isPaused = false;
  }
  close(code: number, reason: string): void {
    this.readyState = 2;
    this.done.push(`close ${code} ${reason}`);
  }
  terminate(): void {
    this.done.push('terminate');
    this.gone();
  }
  /** The peer is gone. */
  gone(): void {
    this.readyState = this.CLOSED;
    this.emit('close');
  }
  /** A frame of the peer comes in. */
  receive(text: string, isBinary = false): void {
    this.emit('message', Buffer.from(text), isBinary);
  }
}
