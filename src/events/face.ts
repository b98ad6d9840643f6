import type { Fact } from '../session/facts.ts';
import type { PublishedEvent } from './types.ts';

/** The public face of a fact, frozen: what the fold needs beyond it stays in the journal. */
export function toEvent(fact: Fact): PublishedEvent {
  return Object.freeze({
    type: fact.type,
    sessionId: fact.sessionId,
    seq: fact.seq,
    at: fact.at,
    ...publicPayload(fact),
  }) as PublishedEvent;
}

function publicPayload(fact: Fact): object {
  switch (fact.type) {
    case 'session_created':
      return { metadata: fact.payload.metadata };
    case 'session_crashed': {
      const { restartTimes: _counted, ...said } = fact.payload;
      return said;
    }
    case 'conversation_added':
      return { message: fact.payload.message };
    case 'context_updated':
      return { filesChanged: fact.payload.filesChanged };
    case 'working_context_updated':
      return { key: fact.payload.key };
    default:
      return fact.payload;
  }
}
