import { networkInterfaces } from 'node:os';

/** Names of this machine that nobody else can take. */
const OWN = ['localhost', '127.0.0.1', '[::1]'];

/** Whether only programs of this machine reach it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::' || host === '';
}

/** As a URL writes it. */
export function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** Where a browser of this machine finds a server that listens at `host`. */
export function reachedAt(host: string): string {
  return isWildcard(host) ? '127.0.0.1' : inUrl(host);
}

/**
 * All that a `Host` header may name. `0.0.0.0` is never among it: a browser that takes it for this machine lets any
 * page ask for it. An address is no name that could be made to point elsewhere.
 */
export function namesOf(host: string, interfaces = networkInterfaces()): ReadonlySet<string> {
  if (!isWildcard(host)) return new Set([...OWN, inUrl(host).toLowerCase()]);
  const addresses = Object.values(interfaces).flatMap((each) => each ?? []);
  return new Set([...OWN, ...addresses.map(({ address }) => inUrl(address.split('%')[0] ?? address))]);
}
