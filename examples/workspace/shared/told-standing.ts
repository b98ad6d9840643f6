import { OPENING, type Standing } from './standing.ts';
import { createValue, type Settable } from './value.ts';

/**
 * How the storage stands is known to the tab that runs the engine. It tells the others, and each that asks; what is
 * set here is told.
 */
export function tellStanding(channelName: string): Settable<Standing> {
  const standing = createValue<Standing>(OPENING);
  const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(channelName);
  let isOwn = false;
  channel?.addEventListener('message', ({ data }: MessageEvent<Standing | 'ask'>) => {
    if (data !== 'ask') {
      isOwn = false;
      standing.set(data);
    } else if (isOwn) channel.postMessage(standing.get());
  });
  channel?.postMessage('ask');
  return {
    get: standing.get,
    subscribe: standing.subscribe,
    set(next) {
      isOwn = true;
      standing.set(next);
      channel?.postMessage(next);
    },
  };
}
