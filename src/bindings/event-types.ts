import { eventTypes } from '../events/names.ts';
import type { SessionEventType } from '../events/types.ts';

/** Every type but the pieces of answers, which change nothing that a look-up shows but the time of the last activity. */
export const WITHOUT_CHUNKS = /* @__PURE__ */ [...eventTypes].filter(
  (type) => type !== 'llm_stream_chunk',
) as Exclude<SessionEventType, 'llm_stream_chunk'>[];
