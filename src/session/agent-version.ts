import type { JsonObject } from '../data.ts';
import { toErrorInfo } from '../error-info.ts';
import { copyJsonObject } from '../json.ts';
import type { AgentSnapshot, LostAgent } from './agent-snapshot.ts';

/** The user's name for the shape of an agent's snapshots. */
export type AgentVersion = string | number;

/** Turns an agent's snapshot of an earlier version into one of the present. */
export type MigrateAgent = (snapshot: JsonObject, fromVersion: AgentVersion | undefined) => JsonObject;

/** An agent that was stored under another version, for the present one; or why there is no such thing. */
export function upgradeAgent(
  agent: AgentSnapshot,
  storedVersion: AgentVersion | undefined,
  version: AgentVersion | undefined,
  migrate: MigrateAgent | undefined,
): AgentSnapshot | LostAgent {
  if (storedVersion === version) return agent;
  const change = `The agent was stored with ${named(storedVersion)} and runs with ${named(version)}`;
  if (!migrate) return Object.freeze({ lost: `${change}: give options.migrateAgent to keep it.` });
  try {
    const snapshot = copyJsonObject(
      migrate(agent.snapshot, storedVersion),
      'what options.migrateAgent returns',
    );
    return Object.freeze({ ...agent, snapshot });
  } catch (error) {
    return Object.freeze({
      lost: `${change}, and options.migrateAgent failed: ${toErrorInfo(error).message}`,
    });
  }
}

function named(version: AgentVersion | undefined): string {
  return version === undefined ? 'no agentVersion' : `agentVersion ${JSON.stringify(version)}`;
}
