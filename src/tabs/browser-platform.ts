import type { Unsubscribe } from '../client.ts';
import { systemClock } from '../clock.ts';
import { SessionError } from '../errors.ts';
import type { Channel, Platform } from './platform.ts';

/** The browser's own. Throws `CONNECTION_LOST` where it has not what tabs need to find each other. */
export function browserPlatform(): Platform {
  const { navigator, BroadcastChannel: Broadcast } = globalThis as Partial<typeof globalThis>;
  const locks = navigator?.locks;
  if (!locks) throw missing('Web Locks, which want a page served over HTTPS');
  if (!Broadcast) throw missing('BroadcastChannel');
  return {
    locks: { request: async (name, signal, held) => locks.request(name, { signal }, held) },
    channel: (name) => channelOver(new Broadcast(name)),
    clock: systemClock,
    onCached,
  };
}

function missing(what: string): SessionError {
  return new SessionError(
    'CONNECTION_LOST',
    `There is no ${what}: the sessions of this tab are its own, and other tabs do not see them.`,
  );
}

function channelOver(broadcast: BroadcastChannel): Channel {
  let open = true;
  const channel: Channel = {
    post(message) {
      if (open) broadcast.postMessage(message);
    },
    onMessage: undefined,
    close() {
      open = false;
      broadcast.onmessage = null;
      broadcast.close();
    },
  };
  broadcast.onmessage = ({ data }) => channel.onMessage?.(data);
  return channel;
}

function onCached(hidden: () => void, shown: () => void): Unsubscribe {
  // In a worker, and outside browsers, there is no such thing.
  const { window } = globalThis as Partial<typeof globalThis>;
  if (!window) return () => {};
  const hide = (event: PageTransitionEvent) => event.persisted && hidden();
  const show = (event: PageTransitionEvent) => event.persisted && shown();
  window.addEventListener('pagehide', hide);
  window.addEventListener('pageshow', show);
  return () => {
    window.removeEventListener('pagehide', hide);
    window.removeEventListener('pageshow', show);
  };
}
