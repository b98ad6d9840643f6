import type { SessionEventType } from './types.ts';

const present: Readonly<Record<SessionEventType, true>> = {
  session_created: true,
  session_status: true,
  session_crashed: true,
  session_terminated: true,
  conversation_added: true,
  conversation_cleared: true,
  file_added: true,
  file_removed: true,
  context_updated: true,
  working_context_updated: true,
  llm_stream_chunk: true,
  llm_response: true,
  agent_status: true,
  tool_call: true,
  tool_result: true,
  analysis_complete: true,
  issue_found: true,
  gap: true,
};

/** Every event type; the type of `present` keeps it complete. */
export const eventTypes: ReadonlySet<string> = /* @__PURE__ */ new Set(Object.keys(present));
