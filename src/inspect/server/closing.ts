import type { WebSocket } from 'ws';
import type { Clock } from '../../clock.ts';
import { utf8Length } from '../../json.ts';

/** Why a socket is closed: a page is to know whether to come back. */
export const CLOSE = {
  done: 1000,
  goingAway: 1001,
  otherProtocol: 1002,
  tryLater: 1013,
} as const;

/** What a close frame has room for. */
const MAX_REASON_BYTES = 123;
/** How long a peer has to close its side too. */
const GRACE_MS = 1000;

/** Closes a socket, whether or not the peer plays its part. */
export function closeSocket(socket: WebSocket, code: number, reason: string, clock: Clock): void {
  if (socket.readyState === socket.CLOSED) return;
  // A peer that is not read cannot answer.
  socket.resume();
  socket.close(code, fitting(reason));
  const timer = clock.setTimeout(() => socket.terminate(), GRACE_MS);
  socket.once('close', () => clock.clearTimeout(timer));
}

function fitting(reason: string): string {
  let text = reason.slice(0, MAX_REASON_BYTES);
  while (utf8Length(text) > MAX_REASON_BYTES) text = text.slice(0, -1);
  return text;
}
