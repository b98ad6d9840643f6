import type { Value } from './value.ts';

/** The session that is looked at: it stands in the address, so that a reload and a link lead back to it. */
export const selection: Value<string | undefined> = {
  get: () => decodeURIComponent(location.hash.slice(1)) || undefined,
  subscribe(listener) {
    addEventListener('hashchange', listener);
    return () => removeEventListener('hashchange', listener);
  },
};

export function select(sessionId: string | undefined): void {
  location.hash = sessionId === undefined ? '' : encodeURIComponent(sessionId);
}
