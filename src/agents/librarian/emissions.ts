import type { AgentEmission, AgentEventPayloads } from '../../events/types.ts';
import type { LibrarianFindings } from './work.ts';

/** One question on its way to its answer. */
export interface Turn {
  readonly turnId: string;
  readonly toolId: string;
  readonly question: string;
  /** Of the answer's message, where the caller named the turn: recorded again after a crash, it is there once. */
  readonly key?: string;
}

type Emission<T extends AgentEmission['type']> = Extract<AgentEmission, { type: T }>;
export type SearchOutcome =
  | { readonly status: 'success'; readonly result: LibrarianFindings }
  | { readonly status: 'error'; readonly error: string }
  | { readonly status: 'cancelled' };

export function agentStatus(
  status: string,
  details: Pick<AgentEventPayloads['agent_status'], 'turnId' | 'message'> = {},
): Emission<'agent_status'> {
  return { type: 'agent_status', agentName: 'librarian', status, ...details };
}

export function toolCall({ turnId, toolId, question }: Turn): Emission<'tool_call'> {
  return { type: 'tool_call', turnId, toolId, toolName: 'search', parameters: { question } };
}

export function toolResult({ turnId, toolId }: Turn, outcome: SearchOutcome): Emission<'tool_result'> {
  return { type: 'tool_result', turnId, toolId, toolName: 'search', ...outcome };
}

export function chunk(
  turnId: string,
  content: string,
  chunkIndex: number,
  isFinal: boolean,
): Emission<'llm_stream_chunk'> {
  return { type: 'llm_stream_chunk', turnId, content, chunkIndex, isFinal };
}

export function response(turnId: string, content: string, messageId: string): Emission<'llm_response'> {
  return { type: 'llm_response', turnId, content, messageId };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
