import type { ListFilter } from '../client.ts';
import type { SessionInfo } from '../data.ts';

/** The same for filters that ask for the same, however they are written. Never throws: a wrong one is its client's to refuse. */
export function filterKey(filter: ListFilter | undefined): string {
  try {
    const { status, limit, after, ...rest } = filter === undefined ? {} : filter;
    const statuses = status === undefined ? 'any' : [status].flat().sort();
    return JSON.stringify([statuses, String(limit), String(after), rest]);
  } catch {
    return String(filter);
  }
}

/** As it is now: whoever wrote it may change it. A wrong one stays as wrong as it is. */
export function copyOf(filter: ListFilter | undefined): ListFilter | undefined {
  if (typeof filter !== 'object' || filter === null || Array.isArray(filter)) return filter;
  const { status } = filter;
  return Array.isArray(status) ? { ...filter, status: [...status] } : { ...filter };
}

export function matches(filter: ListFilter | undefined, { status, seq }: SessionInfo): boolean {
  const { status: wanted, after = 0 } = filter ?? {};
  return seq > after && (wanted === undefined || [wanted].flat().includes(status));
}

/** What `listSessions(filter)` would make of all sessions. */
export function filtered(sessions: readonly SessionInfo[], filter: ListFilter | undefined): SessionInfo[] {
  return sessions.filter((info) => matches(filter, info)).slice(0, filter?.limit);
}
