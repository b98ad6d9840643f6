import type { FleetRow } from '../../../src/inspect/index.ts';

/** A session in which nothing has happened. */
export function fleetRow(id: string, over: Partial<FleetRow> = {}): FleetRow {
  return {
    id,
    seq: 1,
    status: 'active',
    asleep: false,
    createdAt: 0,
    since: 0,
    lastActivityAt: 0,
    messages: 0,
    files: 0,
    tasks: 0,
    restarts: 0,
    crashes: 0,
    facts: 0,
    ...over,
  };
}
