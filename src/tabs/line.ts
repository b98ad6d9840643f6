import type { Port } from '../wire/port.ts';
import { PROTOCOL_VERSION } from '../wire/protocol.ts';
import type { Channel } from './platform.ts';

/** What goes over the channel between the owner and one tab. The first one of an epoch carries no message. */
interface Envelope {
  readonly chartroom: number;
  readonly kind: 'line';
  readonly epoch: string;
  readonly message?: unknown;
}

export function isEnvelope(data: unknown): data is Envelope {
  if (typeof data !== 'object' || data === null) return false;
  const { chartroom, kind, epoch } = data as Partial<Envelope>;
  return chartroom === PROTOCOL_VERSION && kind === 'line' && typeof epoch === 'string';
}

/** One end of the line of an epoch, over a channel that outlives it. What is of another epoch does not come in. */
export function lineOver(
  channel: Channel,
  epoch: string,
): Port & { receive(envelope: Envelope): void; greet(): void } {
  const stamp = { chartroom: PROTOCOL_VERSION, kind: 'line', epoch } as const;
  return {
    onMessage: undefined,
    post: (message) => channel.post({ ...stamp, message } satisfies Envelope),
    greet: () => channel.post(stamp satisfies Envelope),
    receive(envelope) {
      if (envelope.epoch === epoch && 'message' in envelope) this.onMessage?.(envelope.message);
    },
  };
}
