import type { WebSocket } from 'ws';
import type { Clock } from '../../clock.ts';
import { Intake } from './intake.ts';
import type { Rate } from './token-bucket.ts';

/** A busy app: all that it does within a second or two of its start may come at once. */
const RATE: Rate = { perSecond: 10_000, burst: 20_000 };
/** An answer that nobody reads must not pile up. */
const FULL_BYTES = 64 * 1024;

/** Where the messages of one app's process go. */
export interface Feed {
  /** What is wrong with it, or nothing. Never throws. */
  receive(message: unknown, bytes: number): string | undefined;
  close(): void;
}

/** An XState app at the other end of a WebSocket, through the adapter of `@statelyai/inspect`. */
export function attachFeed(socket: WebSocket, feed: Feed, clock: Clock): void {
  const refuse = (message: string) => {
    if (socket.readyState === socket.OPEN && socket.bufferedAmount < FULL_BYTES)
      socket.send(JSON.stringify({ type: 'refused', message }));
  };
  new Intake(socket, {
    rate: RATE,
    clock,
    refuse,
    take(message, bytes) {
      const wrong = feed.receive(message, bytes);
      if (wrong !== undefined) refuse(wrong);
    },
  });
  socket.once('close', () => feed.close());
}
