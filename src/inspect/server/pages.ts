import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { Bundle, BundledFile } from './bundle.ts';
import type { Gate } from './gate.ts';
import type { Tickets } from './tickets.ts';

export interface PagesOptions {
  readonly bundle: Bundle;
  readonly gate: Gate;
  readonly tickets: Tickets;
  readonly token: string;
  readonly allowOrigin: readonly string[];
  /** The text of the trace that the page is to show, if it is to show one. */
  readonly trace?: string | undefined;
}

export interface PageRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

export interface Reply {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body?: Buffer | string;
}

/** The page for an app that opens it: without what would cut a window off from its opener. */
export const WINDOW_PATH = '/window';
/** Behind it stands a ticket. */
export const TICKET_PATH = '/open/';
const TRACE_PATH = '/trace';

const ON_ALL = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const;

/** Answers plain requests: with the files of the page, and with nothing else unless the token is said. */
export class Pages {
  readonly #options: PagesOptions;

  constructor(options: PagesOptions) {
    this.#options = options;
  }

  replyTo(request: PageRequest): Reply {
    const { status, headers, body } = this.#reply(request);
    const whole = {
      ...ON_ALL,
      ...headers,
      'Content-Length': body === undefined ? 0 : Buffer.byteLength(body),
    };
    if (status === 304) return { status, headers: { ...ON_ALL, ...headers } };
    return request.method === 'HEAD' || body === undefined
      ? { status, headers: whole }
      : { status, headers: whole, body };
  }

  #reply(request: PageRequest): Reply {
    const { bundle, gate } = this.#options;
    const refusal = gate.refusesHost(request.headers);
    if (refusal) return plain(refusal.status, refusal.message);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return plain(405, 'Only GET and HEAD are answered here.', { Allow: 'GET, HEAD' });
    const path = request.url?.split('?', 1)[0] ?? '';
    if (path === TRACE_PATH) return this.#trace(request);
    if (path.startsWith(TICKET_PATH)) return this.#redeem(path.slice(TICKET_PATH.length), request);
    const isPage = path === '/' || path === WINDOW_PATH;
    const file = bundle.get(isPage ? 'index.html' : path.slice(1));
    return file ? this.#file(file, path, request) : plain(404, 'There is nothing of this name.');
  }

  #file(file: BundledFile, path: string, request: PageRequest): Reply {
    const headers = {
      'Content-Type': file.type,
      ETag: file.etag,
      'Cache-Control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      'Content-Security-Policy': this.#policy(request.headers.host ?? '', path),
      ...(path === WINDOW_PATH ? {} : { 'Cross-Origin-Opener-Policy': 'same-origin' }),
    };
    if (request.headers['if-none-match'] === file.etag) return { status: 304, headers };
    return { status: 200, headers, body: file.body };
  }

  /** `host` was checked: it holds nothing that a policy could be ended with. */
  #policy(host: string, path: string): string {
    const framers = path === WINDOW_PATH ? this.#options.allowOrigin : [];
    return [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data: blob:",
      `connect-src 'self' ws://${host}`,
      "worker-src 'self'",
      `frame-ancestors ${framers.length > 0 ? framers.join(' ') : "'none'"}`,
      "base-uri 'none'",
      "form-action 'none'",
    ].join('; ');
  }

  #trace({ headers }: PageRequest): Reply {
    const { gate, trace } = this.#options;
    const refusal = gate.refusesOrigin(headers) ?? gate.refusesBearer(headers);
    if (refusal) return plain(refusal.status, refusal.message);
    if (trace === undefined) return plain(404, 'No trace was given to this inspector.');
    const json = { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' };
    return { status: 200, headers: json, body: trace };
  }

  #redeem(ticket: string, { method }: PageRequest): Reply {
    const { tickets, token, trace } = this.#options;
    if (method !== 'GET' || !tickets.redeem(ticket))
      return plain(404, 'This link was used, or is too old; open the address that was printed.');
    const Location = pathWithToken(token, trace !== undefined);
    return { status: 303, headers: { Location, 'Cache-Control': 'no-store' } };
  }
}

/** A fragment stays in the browser: it is in no request, no log and no `Referer`. */
export function pathWithToken(token: string, withTrace: boolean): string {
  return `/#token=${token}${withTrace ? '&open=trace' : ''}`;
}

function plain(status: number, message: string, headers: OutgoingHttpHeaders = {}): Reply {
  // What the peer still wants to send is not waited for.
  const own = {
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    Connection: 'close',
  };
  return { status, headers: { ...own, ...headers }, body: `${message}\n` };
}
