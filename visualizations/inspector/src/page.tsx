import './styles/tokens.css';
import './styles/base.css';
import './styles/panes.css';
import './styles/shell.css';
import './styles/overlays.css';
import './styles/fleet.css';
import './styles/traces.css';
import { PROTOCOL } from 'chartroom/inspect';
import type { Greeting } from 'chartroom/inspect/page';
import { render } from 'preact';
import { ElkDrawings } from './elk-drawings.ts';
import { elkOf } from './in-page/elk-in-page.ts';
import { PortSocket } from './in-page/port-socket.ts';
import { openLive } from './live/open-live.ts';
import { App } from './shell/app.tsx';
import { appState } from './shell/app-state.ts';
import { start } from './start.ts';

/** The app in a window or a frame of the page that it looks into. */
const TICK_MS = 250;
const isFramed = window.parent !== window;
const engine: Window | null = isFramed ? window.parent : window.opener;
const token = document.querySelector<HTMLMetaElement>('meta[name="chartroom-inspector"]')?.content ?? '';
let socket: PortSocket | undefined;

const live = openLive(token, {
  open() {
    const { port1, port2 } = new MessageChannel();
    socket = new PortSocket(port1);
    const greeting: Greeting = { type: PROTOCOL, token };
    // A frame has no origin, and its page has to be whose frame it is; a window is of the origin of its page.
    const origin = isFramed || location.origin === 'null' ? '*' : location.origin;
    if (engine && !engine.closed) engine.postMessage(greeting, origin, [port2]);
    else queueMicrotask(() => socket?.lose());
    return socket;
  },
  serves: async () => false,
});
setInterval(() => socket?.tick(), TICK_MS);
addEventListener('pagehide', () => socket?.close());

const root = start({ leavesHistory: !isFramed });
const drawings = new ElkDrawings(async () => elkOf(await (socket?.layout() ?? Promise.reject(new Error()))));
render(<App state={appState({ drawings, home: 'page', hasTracesOnly: false, live })} />, root);
