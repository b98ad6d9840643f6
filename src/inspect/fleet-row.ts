/** Rows of the list of sessions, and what changes in one. */
import type { ErrorInfo } from '../data.ts';
import type { SessionEntry } from '../session/entry.ts';
import type { FleetChange, FleetRow } from './protocol.ts';

/** Of one that nobody has seen awake. */
export function unknownRow({ id, seq }: Pick<FleetRow, 'id' | 'seq'>): FleetRow {
  return {
    id,
    seq,
    status: 'idle',
    asleep: true,
    createdAt: 0,
    since: 0,
    lastActivityAt: 0,
    messages: 0,
    files: 0,
    tasks: 0,
    restarts: 0,
    crashes: 0,
    facts: 0,
  };
}

/** Of one that was seen last as `row`, and since then has fallen asleep or ended. */
export function leftRow(row: FleetRow, ended: boolean, reason: string | undefined): FleetRow {
  const end = ended ? { status: 'terminated' as const, ...(reason !== undefined && { reason }) } : {};
  return { ...row, asleep: !ended, tasks: 0, ...end };
}

/** Of one whose last change of status is not known any more: it is so at least since then. */
export function sinceAtLeast({ state }: SessionEntry): string {
  const { status, createdAt, updatedAt } = state;
  return status === 'initializing' || status === 'active' ? createdAt : updatedAt;
}

export function isSameError(one: ErrorInfo, other: ErrorInfo): boolean {
  return one.name === other.name && one.message === other.message && one.code === other.code;
}

/** Every field that a row may have. */
const FIELDS: readonly (keyof FleetRow)[] = [
  'seq',
  'status',
  'asleep',
  'createdAt',
  'since',
  'lastActivityAt',
  'messages',
  'files',
  'tasks',
  'restarts',
  'crashes',
  'facts',
  'reason',
  'error',
];

/** The fields of `after` that are new; `undefined` when none is. */
export function changeOf(before: FleetRow, after: FleetRow): FleetChange | undefined {
  let change: Record<string, unknown> | undefined;
  for (const field of FIELDS) {
    if (before[field] === after[field]) continue;
    change ??= { id: after.id };
    change[field] = after[field] ?? null;
  }
  return change as FleetChange | undefined;
}
