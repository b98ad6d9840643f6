import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import type { InspectorMessage, ViewerChannel } from '../../../src/inspect/protocol.ts';
import {
  type InspectorServer,
  type ServerOptions,
  startServer,
} from '../../../src/inspect/server/inspector-server.ts';
import { scratchFolder } from '../../store/media.ts';

export const TOKEN = 'the-token-of-this-test';
const HELLO = { type: 'apps', rows: [] } as const satisfies InspectorMessage;

const cleanups: Array<() => unknown> = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A built page, of next to nothing. */
export function builtPage(): string {
  const folder = join(scratchFolder(), 'inspector');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>chartroom</title>');
  writeFileSync(join(folder, 'viewer.html'), '<!doctype html><title>viewer</title>');
  writeFileSync(join(folder, 'assets', 'index-AbCdEf12.js'), 'export {};');
  return folder;
}

/** What looks and what tells, as the server sees them. */
export function audience() {
  const channels: ViewerChannel[] = [];
  const received: unknown[] = [];
  const told: unknown[] = [];
  const left = { viewers: 0, feeds: 0 };
  const viewerLeft = () => {
    left.viewers += 1;
  };
  const feedLeft = () => {
    left.feeds += 1;
  };
  const viewed = {
    connect(channel: ViewerChannel) {
      channels.push(channel);
      channel.send(HELLO);
      return { receive: (message: unknown) => received.push(message), close: viewerLeft };
    },
  };
  const feeds = {
    connect: () => ({
      receive(message: unknown) {
        told.push(message);
        return undefined;
      },
      close: feedLeft,
    }),
  };
  return { channels, received, told, left, viewed, feeds };
}

export async function serve(options: ServerOptions = {}) {
  const seen = audience();
  const server = await startServer({
    viewed: seen.viewed,
    feeds: seen.feeds,
    token: TOKEN,
    folder: builtPage(),
    ...options,
  });
  cleanups.push(() => server.close());
  const { port, host } = new URL(server.url);
  return { ...seen, server, port: Number(port), host, dial: (entry?: Dial) => dial(server, entry) };
}

export interface Dial extends ClientOptions {
  readonly path?: string;
  readonly protocols?: readonly string[];
}

/** A WebSocket client, all that it is sent, and how it ends: by a close, or by a status before it was one. */
export function dial(server: InspectorServer, { path = '/socket', protocols, ...options }: Dial = {}) {
  const url = `ws://${new URL(server.url).host}${path}`;
  const offered = protocols ?? ['chartroom-inspector.v1', `token.${TOKEN}`];
  const socket = new WebSocket(url, [...offered], options);
  cleanups.push(() => socket.terminate());
  const messages: unknown[] = [];
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(String(data))));
  const status = new Promise<number>((resolve) => {
    socket.once('open', () => resolve(101));
    socket.once('unexpected-response', (_, response) => {
      resolve(response.statusCode ?? 0);
      response.resume();
      socket.terminate();
    });
    socket.once('error', () => resolve(0));
  });
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  socket.on('error', () => {});
  /** The next message that is not here yet, if `count` of them are not. */
  async function received(count: number): Promise<unknown[]> {
    while (messages.length < count) await once(socket, 'message');
    return messages;
  }
  return { socket, status, closed, messages, received };
}

export interface Got {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** A plain request, with whatever headers. */
export async function get(port: number, options: http.RequestOptions = {}): Promise<Got> {
  const request = http.request({ host: '127.0.0.1', port, agent: false, ...options }).end();
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  let body = '';
  for await (const chunk of response) body += chunk;
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}

/** A bare connection that sends what it is told, and resolves with all that it gets. */
export function bare(port: number, text: string) {
  const socket = net.connect(port, '127.0.0.1');
  cleanups.push(() => socket.destroy());
  let got = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    got += chunk;
  });
  socket.on('error', () => {});
  socket.write(text);
  const ended = new Promise<string>((resolve) => socket.once('close', () => resolve(got)));
  return { socket, ended };
}
