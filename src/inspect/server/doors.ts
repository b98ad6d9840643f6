import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../../clock.ts';
import { PROTOCOL } from '../protocol.ts';
import { CLOSE, closeSocket } from './closing.ts';
import { attachFeed, type Feed } from './feed-socket.ts';
import { chooseProtocol, type Gate, type Refusal } from './gate.ts';
import { Heartbeat } from './heartbeat.ts';
import { type Viewed, ViewerSocket } from './viewer-socket.ts';

export interface DoorsOptions {
  readonly gate: Gate;
  readonly clock: Clock;
  /** Of the package ws. */
  readonly Sockets: typeof WebSocketServer;
  /** What pages look at. */
  readonly viewed?: Viewed | undefined;
  /** Takes what other apps tell. */
  readonly feeds?: { connect(): Feed } | undefined;
}

export const VIEWER_PATH = '/socket';
export const FEED_PATH = '/stately';
const MAX_VIEWERS = 100;
const MAX_FEEDS = 100;

/** Set on every `WebSocketServer`. */
const LIMITS = {
  noServer: true,
  maxPayload: 1024 * 1024,
  maxFragments: 256,
  // One frame in a turn of the event loop: a flood of small ones keeps nobody else waiting.
  allowSynchronousEvents: false,
} as const;

interface Door {
  readonly sockets: WebSocketServer;
  enter(socket: WebSocket): void;
}

/** Where WebSockets come in: pages that look by one door, apps that tell by another. */
export class Doors {
  readonly #options: DoorsOptions;
  readonly #heartbeat: Heartbeat;
  readonly #viewers: WebSocketServer;
  readonly #feeds: WebSocketServer;

  constructor(options: DoorsOptions) {
    const { Sockets, clock } = options;
    this.#options = options;
    this.#heartbeat = new Heartbeat(clock);
    this.#viewers = new Sockets({ ...LIMITS, handleProtocols: chooseProtocol });
    this.#feeds = new Sockets(LIMITS);
  }

  /** A request to become a WebSocket: whoever may not is told so before it is one. */
  knock(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    stream.on('error', () => stream.destroy());
    const door = this.#doorFor(request);
    if ('status' in door) turnAway(stream, door);
    else
      door.sockets.handleUpgrade(request, stream, head, (socket) => {
        // Without a listener an error ends the process. The peer learns by the code what it did wrong.
        socket.on('error', () => this.#end(socket, CLOSE.done, ''));
        door.enter(socket);
      });
  }

  #doorFor({ headers, url = '' }: IncomingMessage): Door | Refusal {
    const { gate, viewed, feeds } = this.#options;
    const [path = '', query = ''] = url.split('?', 2);
    const stranger = gate.refusesHost(headers) ?? gate.refusesOrigin(headers);
    if (stranger) return stranger;
    if (headers['sec-websocket-version'] !== '13')
      return { status: 426, message: 'Version 13 of WebSocket is spoken here.' };
    if (path === VIEWER_PATH && viewed)
      return (
        gate.refusesViewer(headers) ?? {
          sockets: this.#viewers,
          enter: (socket) => this.#enterViewer(socket, viewed),
        }
      );
    if (path === FEED_PATH && feeds)
      return (
        gate.refusesFeed(new URLSearchParams(query)) ?? {
          sockets: this.#feeds,
          enter: (socket) => this.#enterFeed(socket, feeds),
        }
      );
    return { status: 404, message: 'There is nothing of this name.' };
  }

  #enterViewer(socket: WebSocket, viewed: Viewed): void {
    if (socket.protocol !== PROTOCOL)
      this.#end(socket, CLOSE.otherProtocol, `${PROTOCOL} is spoken here; reload the page.`);
    else if (this.#viewers.clients.size > MAX_VIEWERS)
      this.#end(socket, CLOSE.tryLater, `${MAX_VIEWERS} viewers are here already.`);
    else {
      ViewerSocket.attach(socket, viewed, this.#options.clock);
      this.#heartbeat.add(socket);
    }
  }

  #enterFeed(socket: WebSocket, feeds: { connect(): Feed }): void {
    if (this.#feeds.clients.size > MAX_FEEDS)
      this.#end(socket, CLOSE.tryLater, `${MAX_FEEDS} apps are here already.`);
    else {
      attachFeed(socket, feeds.connect(), this.#options.clock);
      this.#heartbeat.add(socket);
    }
  }

  #end(socket: WebSocket, code: number, reason: string): void {
    closeSocket(socket, code, reason, this.#options.clock);
  }

  /** Resolves when all are gone. */
  async close(): Promise<void> {
    const sockets = [...this.#viewers.clients, ...this.#feeds.clients];
    const gone = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    for (const socket of sockets) this.#end(socket, CLOSE.goingAway, 'The inspector goes down.');
    // Whoever knocks from now on finds nobody.
    this.#viewers.close();
    this.#feeds.close();
    await Promise.all(gone);
  }
}

function turnAway(stream: Duplex, { status, message }: Refusal): void {
  const body = `${message}\n`;
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
    ...(status === 426 ? ['Sec-WebSocket-Version: 13'] : []),
  ];
  stream.once('finish', () => stream.destroy());
  stream.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}
