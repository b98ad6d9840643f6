import { signal } from '@preact/signals';
import { hrefOf, parseRoute, type Route } from '../route.ts';

/** Where one is. What `remember` writes is not told here: it comes from the view that is open. */
export const route = signal<Route>({ view: 'fleet' });

export interface AddressOptions {
  /** Whether each place becomes an entry in the history. In a frame that would be the history of another page. */
  readonly leavesHistory: boolean;
}

let leavesHistory = true;

/** Follows the address of the page from now on. */
export function followAddress(options: AddressOptions = { leavesHistory: true }): void {
  leavesHistory = options.leavesHistory;
  addEventListener('hashchange', read);
  if (!leavesHistory) document.addEventListener('click', followLink);
  read();
}

function read(): void {
  route.value = parseRoute(location.hash);
}

/** Without this, a click on a link makes an entry. */
function followLink(event: MouseEvent): void {
  const { target, button, ctrlKey, metaKey, shiftKey } = event;
  const link = target instanceof Element ? target.closest('a[href^="#"]') : null;
  const href = link?.getAttribute('href');
  if (!href || button !== 0 || ctrlKey || metaKey || shiftKey || event.defaultPrevented) return;
  event.preventDefault();
  visit(href);
}

function visit(href: string): void {
  if (leavesHistory) {
    location.hash = href;
    return;
  }
  history.replaceState(null, '', href);
  read();
}

/** The page as `createBrowserInspector` of an XState app opens it, without a token. */
export function isAppsWindow(): boolean {
  return location.pathname.endsWith('/window');
}

export function go(to: Route): void {
  visit(hrefOf(to));
}

/** The page's own address of a place, to be given to somebody else. It holds no token. */
export function linkTo(to: Route): string {
  return `${location.origin === 'null' ? 'file://' : location.origin}${location.pathname}${hrefOf(to)}`;
}

const AT_MOST_EACH_MS = 300;
let waiting: ReturnType<typeof setTimeout> | undefined;
let latest: Route | undefined;

/** Writes into the address where one has come to, without a new entry in the history. Browsers let it happen seldom. */
export function remember(to: Route): void {
  latest = to;
  if (waiting !== undefined) return;
  waiting = setTimeout(() => {
    waiting = undefined;
    if (latest && sameView(parseRoute(location.hash), latest)) history.replaceState(null, '', hrefOf(latest));
  }, AT_MOST_EACH_MS);
}

/** Somebody who has gone elsewhere meanwhile is not brought back. */
function sameView(a: Route, b: Route): boolean {
  return a.view === b.view && ('id' in a ? a.id : '') === ('id' in b ? b.id : '');
}
