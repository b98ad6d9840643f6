import type { AgentEventPayloads, EventBase, PublishedEvent } from '../../src/events/types.ts';

export const BASE = { sessionId: 's', seq: 7, at: '2026-01-01T00:00:00.000Z' };
export const MESSAGE = { id: 's:1', seq: 7, role: 'user', content: 'hi', createdAt: BASE.at } as const;
const ERROR = { name: 'Error', message: 'broken' };

/** One event of each type with all its fields; the second list names those it can do without. */
export const EXAMPLES = {
  session_created: [{ metadata: { a: [1] } }, []],
  session_status: [{ status: 'idle', previousStatus: 'active', reason: 'normal' }, ['reason']],
  session_crashed: [{ error: { ...ERROR, code: 'E', extra: 1 }, restarting: true, attempt: 1 }, []],
  session_terminated: [{ reason: 'crashed', error: ERROR }, ['error']],
  conversation_added: [{ message: MESSAGE }, []],
  conversation_cleared: [{}, []],
  file_added: [{ path: 'a' }, []],
  file_removed: [{ path: 'a' }, []],
  context_updated: [{ filesChanged: ['a'] }, []],
  working_context_updated: [{ key: 'k' }, []],
  llm_stream_chunk: [{ turnId: 't', content: 'c', chunkIndex: 0, isFinal: false }, ['chunkIndex', 'isFinal']],
  llm_response: [
    { turnId: 't', content: 'c', messageId: 's:1', model: 'm', tokensUsed: 3 },
    ['messageId', 'model', 'tokensUsed'],
  ],
  agent_status: [{ agentName: 'a', status: 'busy', message: 'm', turnId: 't' }, ['message', 'turnId']],
  tool_call: [{ turnId: 't', toolId: 'i', toolName: 'n', parameters: { deep: [{ a: null }] } }, []],
  tool_result: [
    { turnId: 't', toolId: 'i', toolName: 'n', status: 'ok', result: [1], error: null },
    ['result', 'error'],
  ],
  analysis_complete: [
    { filesAnalyzed: 1, issuesFound: 0, durationMs: 1.5, results: 'none', turnId: 't' },
    ['durationMs', 'results', 'turnId'],
  ],
  issue_found: [
    { severity: 'high', message: 'm', file: 'a', line: 1, column: 2, suggestion: 's', turnId: 't' },
    ['file', 'line', 'column', 'suggestion', 'turnId'],
  ],
} satisfies {
  [T in PublishedEvent['type']]: [Omit<Extract<PublishedEvent, { type: T }>, keyof EventBase<T>>, string[]];
};

const AGENT_TYPES = [
  'llm_stream_chunk',
  'llm_response',
  'agent_status',
  'tool_call',
  'tool_result',
  'analysis_complete',
  'issue_found',
] as const satisfies (keyof AgentEventPayloads)[];

export type Fields = Record<string, unknown>;
export const cases = Object.entries(EXAMPLES).map(([type, [fields, optional]]) => ({
  type: type as PublishedEvent['type'],
  fields: fields as Fields,
  optional: optional as string[],
}));
export const agentCases = cases.filter(({ type }) => (AGENT_TYPES as readonly string[]).includes(type));

export function without(fields: Fields, field: string): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => key !== field));
}
