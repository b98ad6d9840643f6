import type { Fact } from '../session/facts.ts';
import type { PublishedEvent } from './types.ts';

/** The public face of a fact, frozen: what the fold needs beyond it stays in the journal. */
export function toEvent(fact: Fact): PublishedEvent {
  return Object.freeze(faceOf(fact)) as PublishedEvent;
}

/** Each event is written as one literal: a payload spread into it would be made twice, for every publication. */
function faceOf(fact: Fact): object {
  const { type, sessionId, seq, at } = fact;
  switch (type) {
    case 'session_created':
      return { type, sessionId, seq, at, metadata: fact.payload.metadata };
    case 'session_crashed': {
      const { error, restarting, attempt } = fact.payload;
      return { type, sessionId, seq, at, error, restarting, attempt };
    }
    case 'conversation_added':
      return { type, sessionId, seq, at, message: fact.payload.message };
    case 'context_updated':
      return { type, sessionId, seq, at, filesChanged: fact.payload.filesChanged };
    case 'working_context_updated':
      return { type, sessionId, seq, at, key: fact.payload.key };
    default:
      return { type, sessionId, seq, at, ...fact.payload };
  }
}
