/**
 * The server of the inspector: the files of the page, a WebSocket for each page that looks, and one for each XState
 * app that tells what it does. `docs/inspecting.md` says whom it lets in.
 */
import { once } from 'node:events';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, systemClock } from '../../clock.ts';
import { inUrl, isLoopback, namesOf, reachedAt } from './addresses.ts';
import { bundleFolder, readBundle } from './bundle.ts';
import { Doors, type DoorsOptions, FEED_PATH } from './doors.ts';
import { Gate } from './gate.ts';
import { listen } from './listening.ts';
import { loadWebSocketServer } from './load-ws.ts';
import { openBrowser } from './open-browser.ts';
import { Pages, pathWithToken, type Reply, TICKET_PATH, WINDOW_PATH } from './pages.ts';
import { Tickets } from './tickets.ts';
import { feedTokenOf, newToken } from './token.ts';

export interface ServerOptions extends Pick<DoorsOptions, 'viewed' | 'feeds'> {
  /** The text of a trace, for the page to show. */
  readonly trace?: string | undefined;
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Default 0, any that is free. */
  readonly port?: number | undefined;
  /** How many ports from `port` on may be tried. Default 1. */
  readonly tries?: number | undefined;
  /** Default a random one. */
  readonly token?: string | undefined;
  readonly allowOrigin?: readonly string[] | undefined;
  readonly open?: boolean | undefined;
  /** Takes what a person should know. Default `process.emitWarning`. */
  readonly warn?: ((message: string) => void) | undefined;
  /** Of the web app. Default that of this package. */
  readonly folder?: string | undefined;
  readonly clock?: Clock | undefined;
  /** How long a peer may take to say what it wants. */
  readonly handshakeMs?: number | undefined;
  readonly openBrowser?: typeof openBrowser | undefined;
}

export interface InspectorServer {
  /** For a browser, with the token. */
  readonly url: string;
  /** What `createWebSocketInspector` takes as its `url`. */
  readonly feedUrl: string;
  /** What `createBrowserInspector` takes as its `url`. */
  readonly windowUrl: string;
  /** Resolves when nothing is left of it, neither a socket nor a timer. */
  close(): Promise<void>;
}

const MAX_CONNECTIONS = 2000;
const HANDSHAKE_MS = 10_000;

export async function startServer(options: ServerOptions): Promise<InspectorServer> {
  const { host = '127.0.0.1', port = 0, tries = 1, token = newToken(), allowOrigin = [], trace } = options;
  const { clock = systemClock, warn = emitWarning, handshakeMs = HANDSHAKE_MS, open = false } = options;
  const Sockets = await loadWebSocketServer();
  const bundle = await readBundle(options.folder ?? bundleFolder());
  const gate = new Gate({ token, hosts: namesOf(host), allowOrigin });
  const tickets = new Tickets(clock);
  const pages = new Pages({ bundle, gate, tickets, token, allowOrigin, trace });
  const doors = new Doors({ gate, clock, Sockets, viewed: options.viewed, feeds: options.feeds });
  const server = http.createServer({
    headersTimeout: handshakeMs,
    requestTimeout: handshakeMs,
    connectionsCheckingInterval: Math.min(1000, handshakeMs),
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.on('request', (request, response) => send(pages.replyTo(request), response));
  server.on('upgrade', (request, stream, head) => doors.knock(request, stream, head));
  await listen(server, { host, port, tries }, warn);
  const { port: bound } = server.address() as AddressInfo;
  if (!isLoopback(host))
    warn(
      `The inspector listens at ${inUrl(host)}:${bound}, which other machines can reach, without encryption: ` +
        'whoever sees its token go by sees all that it shows. A tunnel (ssh -L) to 127.0.0.1 is safer.',
    );
  const place = `//${reachedAt(host)}:${bound}`;
  if (open)
    (options.openBrowser ?? openBrowser)(`http:${place}${TICKET_PATH}${tickets.issue()}`, ({ message }) =>
      warn(`The browser could not be opened (${message}); open the address yourself.`),
    );
  let closing: Promise<void> | undefined;
  return {
    url: `http:${place}${pathWithToken(token, trace !== undefined)}`,
    feedUrl: `ws:${place}${FEED_PATH}?token=${feedTokenOf(token)}`,
    windowUrl: `http:${place}${WINDOW_PATH}`,
    close() {
      closing ??= shutDown(server, doors);
      return closing;
    },
  };
}

function emitWarning(message: string): void {
  process.emitWarning(message, 'InspectorWarning');
}

function send({ status, headers, body }: Reply, response: http.ServerResponse): void {
  // What a peer does to its connection is its own affair.
  response.on('error', () => {});
  response.writeHead(status, headers);
  response.end(body);
}

async function shutDown(server: http.Server, doors: Doors): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  await doors.close();
  server.closeAllConnections();
  await closed;
}
