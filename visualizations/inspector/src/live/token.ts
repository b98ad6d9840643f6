/** The secret that the program printed with the address, and where to go with it. */

const TOKEN = 'chartroom-inspector-token';
const OPEN = 'chartroom-inspector-open';

/** What is needed of a window; the tests give their own. */
export interface AddressBar {
  readonly location: { readonly hash: string; readonly pathname: string; readonly search: string };
  readonly sessionStorage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  readonly history: Pick<History, 'replaceState'>;
}

export interface Ticket {
  readonly token: string;
  /** There is no engine there but a trace, to be shown. */
  readonly isTrace: boolean;
}

/**
 * `#token=…&to=/session/a` → the token, which is kept for this tab and taken out of the address, so that neither a
 * copied link nor the history holds it. Without one in the address, the one that was kept.
 */
export function takeTicket({ location, sessionStorage, history }: AddressBar): Ticket | undefined {
  const given = new URLSearchParams(location.hash.replace(/^#\/?/, ''));
  const token = given.get('token');
  if (token !== null) {
    sessionStorage.setItem(TOKEN, token);
    if (given.get('open') === 'trace') sessionStorage.setItem(OPEN, 'trace');
    else sessionStorage.removeItem(OPEN);
    history.replaceState(null, '', `${location.pathname}${location.search}#${given.get('to') ?? '/fleet'}`);
  }
  const kept = sessionStorage.getItem(TOKEN);
  return kept === null ? undefined : { token: kept, isTrace: sessionStorage.getItem(OPEN) === 'trace' };
}
