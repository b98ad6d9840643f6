/** Where one is: the part of the address behind `#`. A link to it opens the same view at the same moment. */

/** How many entries have happened by then; `live` follows the end. */
export type Moment = number | 'live';

export type Route =
  | { readonly view: 'fleet' | 'apps' | 'traces' }
  | { readonly view: 'engine' | 'trace'; readonly moment: Moment; readonly query: Query }
  | { readonly view: 'session' | 'app'; readonly id: string; readonly moment: Moment; readonly query: Query };

/** What a view keeps in the address beside its moment, such as the panel that is open. */
export type Query = Readonly<Record<string, string>>;

/** `#/session/a@12?panel=context`. What it does not know is the fleet. */
export function parseRoute(hash: string): Route {
  const [path = '', search = ''] = split(hash.replace(/^#\/?/, ''), '?');
  const [place, at] = split(path, '@');
  const [view, id] = split(place, '/');
  const rest = { moment: momentOf(at), query: Object.fromEntries(new URLSearchParams(search)) };
  if ((view === 'session' || view === 'app') && id) return { view, id: decoded(id), ...rest };
  if (view === 'engine' || view === 'trace') return { view, ...rest };
  if (view === 'apps' || view === 'traces') return { view };
  return { view: 'fleet' };
}

/** An id may hold anything: its `/`, `@` and `?` are escaped. */
export function hrefOf(route: Route): string {
  const id = 'id' in route ? `/${encodeURIComponent(route.id)}` : '';
  if (!('moment' in route)) return `#/${route.view}`;
  const at = route.moment === 'live' ? '' : `@${route.moment}`;
  const search = new URLSearchParams(route.query).toString();
  return `#/${route.view}${id}${at}${search && `?${search}`}`;
}

/** The live view of a session. */
export function sessionHref(id: string): string {
  return hrefOf({ view: 'session', id, moment: 'live', query: {} });
}

function momentOf(text: string | undefined): Moment {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : 'live';
}

function split(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** An address that somebody cut off in the middle of an escape is taken as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
