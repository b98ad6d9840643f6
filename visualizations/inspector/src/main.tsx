import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/fleet.css';
import './styles/traces.css';
import { render } from 'preact';
import { ElkDrawings } from './elk-drawings.ts';
import { Frames } from './live/frames.ts';
import { Live } from './live/live.ts';
import { takeToken } from './live/token.ts';
import { OpenerApps } from './opener/opener-apps.ts';
import { go } from './shell/address.ts';
import { App } from './shell/app.tsx';
import { appState } from './shell/app-state.ts';
import { start } from './start.ts';
import { openText } from './traces/open.ts';

/** The page that an inspector serves, or that an app has opened. */
const wanted = new URLSearchParams(location.hash.slice(1)).get('open');
const token = takeToken(window);
const opener: Window | undefined = window.opener ?? (window.parent === window ? undefined : window.parent);
const isAppsWindow = location.pathname.endsWith('/window');
const parts = { drawings: new ElkDrawings(), isFile: false };

const root = start();
if (isAppsWindow && opener) {
  const apps = new OpenerApps(opener, { after: (ms, run) => setTimeout(run, ms) });
  addEventListener('message', (event) => apps.receive(event));
  apps.greet();
  render(<App state={appState({ ...parts, opener: apps })} />, root);
} else if (token !== undefined && wanted === 'trace') {
  const app = appState(parts);
  render(<App state={app} />, root);
  await openServed(token);

  async function openServed(bearer: string): Promise<void> {
    const answer = await fetch(new URL('trace', document.baseURI), {
      headers: { Authorization: `Bearer ${bearer}` },
    });
    if (answer.ok) return openText(app, await answer.text(), 'trace');
    app.traceProblem.value = {
      title: 'The trace was not served',
      message: `${answer.status} ${answer.statusText}. Open the address that the program printed.`,
    };
    go({ view: 'traces' });
  }
} else {
  const live = token === undefined ? undefined : connect(token);
  render(<App state={appState({ ...parts, ...(live && { live }) })} />, root);
}

function connect(secret: string): Live {
  const address = new URL('socket', document.baseURI);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  const ports = {
    open: (protocols: readonly string[]) => new WebSocket(address, [...protocols]),
    now: Date.now,
    after: (ms: number, run: () => void) => window.setTimeout(run, ms),
    cancel: (timer: number) => window.clearTimeout(timer),
    random: Math.random,
    async serves() {
      try {
        return (await fetch(document.baseURI, { method: 'HEAD', cache: 'no-store' })).ok;
      } catch {
        return false;
      }
    },
  };
  const live = new Live(secret, ports, new Frames((run) => requestAnimationFrame(run)));
  live.connection.open();
  // A page that comes back to sight, or a machine that wakes up, need not wait for the next try.
  addEventListener('online', () => live.connection.open());
  return live;
}
