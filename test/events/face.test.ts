import { describe, expect, it } from 'vitest';
import { toEvent } from '../../src/events/face.ts';
import type { FactPayloads, FactType } from '../../src/session/facts.ts';
import { defaults } from '../../src/settings.ts';
import { AT, factOf } from '../support/facts.ts';

const message = {
  id: 'a:1',
  seq: 5,
  role: 'user' as const,
  content: 'hello',
  createdAt: AT,
};
const error = { name: 'Error', message: 'x' };

type PublicFact = Exclude<FactType, 'agent_saved'>;

/** What the journal keeps of each kind of fact, and what an event shows of it: all, unless `shown` says less. */
const payloads: { [T in PublicFact]: { readonly kept: FactPayloads[T]; readonly shown?: object } } = {
  session_created: {
    kept: { metadata: { a: 1 }, llmConfig: { key: 'secret' }, config: defaults.sessionDefaults },
    shown: { metadata: { a: 1 } },
  },
  session_status: { kept: { status: 'terminating', previousStatus: 'idle', reason: 'closed' } },
  session_crashed: {
    kept: { error, restarting: true, attempt: 2, restartTimes: [1, 2] },
    shown: { error, restarting: true, attempt: 2 },
  },
  session_terminated: { kept: { reason: 'crashed', error } },
  conversation_added: { kept: { message, tokens: 2 }, shown: { message } },
  conversation_cleared: { kept: {} },
  file_added: { kept: { path: 'a.ts' } },
  file_removed: { kept: { path: 'a.ts' } },
  context_updated: {
    kept: { filesChanged: ['a.ts'], metadata: { lines: 3 } },
    shown: { filesChanged: ['a.ts'] },
  },
  working_context_updated: { kept: { key: 'goal', value: { secret: 1 } }, shown: { key: 'goal' } },
  llm_stream_chunk: { kept: { turnId: 't', content: 'he', chunkIndex: 0 } },
  llm_response: { kept: { turnId: 't', content: 'hello', tokensUsed: 2 } },
  agent_status: { kept: { agentName: 'librarian', status: 'reading' } },
  tool_call: { kept: { turnId: 't', toolId: '1', toolName: 'search', parameters: { q: 'x' } } },
  tool_result: { kept: { turnId: 't', toolId: '1', toolName: 'search', status: 'ok', result: [1] } },
  analysis_complete: { kept: { filesAnalyzed: 1, issuesFound: 0 } },
  issue_found: { kept: { severity: 'low', message: 'x', line: 1 } },
};

describe('the event of a fact', () => {
  it.each(Object.keys(payloads) as PublicFact[])('%s has its stamp and the public payload', (type) => {
    const { kept, shown = kept } = payloads[type];
    const event = toEvent(factOf({ seq: 5, sessionId: 'a', sessionSeq: 2 }, type, kept));
    expect(event).toStrictEqual({ type, sessionId: 'a', seq: 5, at: AT, ...shown });
    expect(Object.isFrozen(event)).toBe(true);
  });

  it('shows nothing of where the fact stands within its session', () => {
    expect(toEvent(factOf({ seq: 5 }, 'conversation_cleared', {}))).not.toHaveProperty('sessionSeq');
  });
});
