import './styles/tokens.css';
import './styles/base.css';
import './styles/panes.css';
import './styles/shell.css';
import './styles/overlays.css';
import './styles/fleet.css';
import './styles/traces.css';
import workerAddress from 'elkjs/lib/elk-worker.min.js?url';
import { render } from 'preact';
import { ElkDrawings } from './elk-drawings.ts';
import { ElkWorker } from './elk-worker.ts';
import type { Live } from './live/live.ts';
import { openLive } from './live/open-live.ts';
import { takeTicket } from './live/token.ts';
import { OpenerApps } from './opener/opener-apps.ts';
import { isAppsWindow } from './shell/address.ts';
import { App } from './shell/app.tsx';
import { appState } from './shell/app-state.ts';
import { start } from './start.ts';
import { openServed } from './traces/open.ts';

/** The page that an inspector serves, or that an app has opened. */
const ticket = takeTicket(window);
const opener: Window | undefined = window.opener ?? (window.parent === window ? undefined : window.parent);
const startElk = () => new ElkWorker(new Worker(new URL(workerAddress, document.baseURI)));
const parts = { drawings: new ElkDrawings(startElk), home: 'server', hasTracesOnly: false } as const;

// The address that a program has printed, opened where the page is already: a new token begins anew.
addEventListener('hashchange', () => {
  if (/^#\/?token=/.test(location.hash)) location.reload();
});

const root = start();
if (isAppsWindow()) {
  const apps = opener && new OpenerApps(opener, { after: (ms, run) => setTimeout(run, ms) });
  if (apps) addEventListener('message', (event) => apps.receive(event));
  render(<App state={appState({ ...parts, ...(apps && { opener: apps }) })} />, root);
  apps?.greet();
} else if (ticket?.isTrace) {
  const app = appState({ ...parts, hasTracesOnly: true });
  render(<App state={app} />, root);
  void openServed(app, ticket.token);
} else {
  render(<App state={appState({ ...parts, ...(ticket && { live: connect(ticket.token) }) })} />, root);
}

function connect(secret: string): Live {
  const address = new URL('socket', document.baseURI);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  const live = openLive(secret, {
    open: (protocols) => new WebSocket(address, [...protocols]),
    async serves() {
      try {
        return (await fetch(document.baseURI, { method: 'HEAD', cache: 'no-store' })).ok;
      } catch {
        return false;
      }
    },
  });
  // A page that comes back to sight, or a machine that wakes up, need not wait for the next try.
  addEventListener('online', () => live.connection.open());
  return live;
}
