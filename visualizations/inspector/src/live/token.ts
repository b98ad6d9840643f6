/** The secret that the program printed with the address, and where to go with it. */

const KEY = 'chartroom-inspector-token';

/** What is needed of a window; the tests give their own. */
export interface AddressBar {
  readonly location: { readonly hash: string; readonly pathname: string; readonly search: string };
  readonly sessionStorage: Pick<Storage, 'getItem' | 'setItem'>;
  readonly history: Pick<History, 'replaceState'>;
}

/**
 * `#token=…&to=/session/a` → the token, which is kept for this tab and taken out of the address, so that neither a
 * copied link nor the history holds it. Without one in the address, the one that was kept.
 */
export function takeToken(bar: AddressBar): string | undefined {
  const given = new URLSearchParams(bar.location.hash.replace(/^#\/?/, ''));
  const token = given.get('token');
  if (token === null) return bar.sessionStorage.getItem(KEY) ?? undefined;
  bar.sessionStorage.setItem(KEY, token);
  const { pathname, search } = bar.location;
  bar.history.replaceState(null, '', `${pathname}${search}#${given.get('to') ?? '/fleet'}`);
  return token;
}
