import type {
  ErrorInfo,
  Json,
  JsonObject,
  Message,
  SessionConfig,
  SessionStatus,
  TerminationReason,
} from '../data.ts';
import type { AgentEventPayloads } from '../events/types.ts';
import type { JournalRecord } from '../store/port.ts';
import type { LostAgent } from './agent-snapshot.ts';
import type { SessionData } from './snapshot.ts';
import type { StoredAgent } from './state.ts';

/** What each kind of fact says: all that the fold needs, of which the event shows the public part. */
export interface FactPayloads extends AgentEventPayloads {
  session_created: {
    metadata: JsonObject;
    llmConfig: JsonObject;
    config: SessionConfig;
    /** The saved session that this one continues. */
    restored?: SessionData;
  };
  session_status: { status: SessionStatus; previousStatus: SessionStatus; reason?: TerminationReason };
  session_crashed: {
    error: ErrorInfo;
    restarting: boolean;
    attempt: number;
    /** Milliseconds of the restarts that still count against the intensity, this one included. */
    restartTimes: readonly number[];
  };
  /** Where the session's agent is. No event: nobody but the engine can make anything of it. */
  agent_saved: (StoredAgent | LostAgent) & {
    /** The newest activity that made no fact of its own, a dispatch for one; ISO 8601. */
    readonly activeAt?: string;
  };
  session_terminated: { reason: TerminationReason; error?: ErrorInfo };
  conversation_added: { message: Message; tokens: number };
  conversation_cleared: Record<never, never>;
  file_added: { path: string };
  file_removed: { path: string };
  /** `metadata` is merged into what is known of each path; `null` forgets the path. */
  context_updated: { filesChanged: readonly string[]; metadata: JsonObject | null };
  /** Without a value the key is deleted. */
  working_context_updated: { key: string; value?: Json };
}

export type FactType = keyof FactPayloads;
export type Fact = {
  [T in FactType]: Omit<JournalRecord, 'type' | 'payload'> & {
    readonly type: T;
    readonly payload: FactPayloads[T];
  };
}[FactType];
