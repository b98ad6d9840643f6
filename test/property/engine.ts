/** The engine as the runs see it: its public interface, and nothing else. */
import type { RecoveryReport, SessionStatus } from '../../src/data.ts';
import type { SessionManagerOptions } from '../../src/options.ts';
import type { SessionStore } from '../../src/store/port.ts';
import type { AgentLogic } from './agent.ts';
import type { Client } from './calls.ts';

export interface ManagerStats {
  readonly sessions: Readonly<Record<SessionStatus, number>>;
  readonly asleep: number;
  readonly pending: number;
  readonly listeners: number;
  readonly streams: number;
  readonly deadlines: number;
  readonly journalLag: number;
}

export interface Manager extends Client {
  readonly ready: Promise<RecoveryReport>;
  stats(): ManagerStats;
}

/** What is under test. */
export interface Engine {
  createSessionManager(options: SessionManagerOptions<AgentLogic>): Manager;
  memoryStore(options: { retainEvents: number }): SessionStore;
}
