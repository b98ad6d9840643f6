/**
 * Who may talk to the server. A page of any web site can reach 127.0.0.1; what it cannot do is to say another
 * `Origin` than its own, another `Host` than the name it used, or the token.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { PROTOCOL } from '../protocol.ts';
import { feedTokenOf, isToken } from './token.ts';

export interface Refusal {
  readonly status: 400 | 401 | 403 | 404 | 426;
  readonly message: string;
}

export interface GateOptions {
  readonly token: string;
  /** Names by which a browser may call this server, in lower case and without a port. */
  readonly hosts: ReadonlySet<string>;
  /** Origins beside the server's own. */
  readonly allowOrigin: readonly string[];
}

const HOST = /^(\[[0-9a-f:.]+\]|[0-9a-z.-]+)(?::\d{1,5})?$/;
const TOKEN_ENTRY = 'token.';
const FAMILY = `${PROTOCOL.split('.')[0]}.`;

export class Gate {
  readonly #token: string;
  readonly #feedToken: string;
  readonly #hosts: ReadonlySet<string>;
  readonly #origins: ReadonlySet<string>;

  constructor({ token, hosts, allowOrigin }: GateOptions) {
    this.#token = token;
    this.#feedToken = feedTokenOf(token);
    this.#hosts = hosts;
    this.#origins = new Set(allowOrigin);
  }

  /**
   * A page of a stranger whose name was made to point here (DNS rebinding) says that name in `Host`. The port is
   * free: a tunnel or a container may lead from another one, and a page cannot choose it without being there.
   */
  refusesHost({ host }: IncomingHttpHeaders): Refusal | undefined {
    const name = HOST.exec(host?.toLowerCase() ?? '')?.[1];
    if (name !== undefined && this.#hosts.has(name)) return undefined;
    return { status: 403, message: 'This server goes by another name; open the address that it printed.' };
  }

  /** To be asked when the `Host` is known to be right. A program that is no browser says no `Origin`. */
  refusesOrigin({ origin, host }: IncomingHttpHeaders): Refusal | undefined {
    if (origin === undefined || origin === `http://${host}` || this.#origins.has(origin)) return undefined;
    return {
      status: 403,
      message: 'This origin is not allowed; name it in allowOrigin (--allow-origin) to let it in.',
    };
  }

  /** Of a WebSocket handshake that is to look: its token is an entry of the subprotocols. */
  refusesViewer(headers: IncomingHttpHeaders): Refusal | undefined {
    const offered = offeredBy(headers);
    const token = offered.find((entry) => entry.startsWith(TOKEN_ENTRY))?.slice(TOKEN_ENTRY.length);
    if (!isToken(token, this.#token)) return NO_TOKEN;
    if (offered.some((entry) => !entry.startsWith(TOKEN_ENTRY))) return undefined;
    return { status: 400, message: `Offer the subprotocol ${PROTOCOL} beside the token.` };
  }

  /** Of a WebSocket handshake that brings what another app tells: its token is in the address. */
  refusesFeed(query: URLSearchParams): Refusal | undefined {
    return isToken(query.get('token') ?? undefined, this.#feedToken) ? undefined : NO_TOKEN;
  }

  /** Of a plain request for what is not for everybody. */
  refusesBearer({ authorization }: IncomingHttpHeaders): Refusal | undefined {
    return isToken(/^Bearer (\S+)$/.exec(authorization ?? '')?.[1], this.#token) ? undefined : NO_TOKEN;
  }
}

const NO_TOKEN: Refusal = {
  status: 401,
  message: 'The token is missing or wrong; open the whole address that was printed.',
};

/** What the handshake is answered with. Any version is taken up, since a refusal is only understood behind it. */
export function chooseProtocol(offered: Iterable<string>): string | false {
  const names = [...offered].filter((entry) => !entry.startsWith(TOKEN_ENTRY));
  return (
    names.find((entry) => entry === PROTOCOL) ??
    names.find((entry) => entry.startsWith(FAMILY)) ??
    names[0] ??
    false
  );
}

function offeredBy(headers: IncomingHttpHeaders): readonly string[] {
  return (headers['sec-websocket-protocol'] ?? '').split(',').map((entry) => entry.trim());
}
