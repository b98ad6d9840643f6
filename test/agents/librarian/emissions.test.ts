import { describe, expect, it } from 'vitest';
import {
  agentStatus,
  chunk,
  messageOf,
  response,
  toolCall,
  toolResult,
} from '../../../src/agents/librarian/emissions.ts';
import { eventSchemas } from '../../../src/events/schemas.ts';

const turn = { turnId: 't', toolId: 'search-1', question: 'Price?' };
const result = {
  words: ['Price'],
  missing: [],
  filesSearched: 1,
  filesMissing: 0,
  hits: [
    { path: 'a.ts', line: 1, text: 'let price', score: 1.2 },
    { path: 'a.ts', line: 2, text: 'class Price {', score: 2.2, defines: 'Price' },
  ],
};

describe('what a librarian publishes', () => {
  it.each([
    ['a status', agentStatus('waiting')],
    ['a status of a turn', agentStatus('failed', { turnId: 't', message: 'away' })],
    ['a search', toolCall(turn)],
    ['its result', toolResult(turn, { status: 'success', result })],
    ['its failure', toolResult(turn, { status: 'error', error: 'away' })],
    ['its end', toolResult(turn, { status: 'cancelled' })],
    ['a piece', chunk('t', 'Best', 0, false)],
    ['an answer', response('t', 'Best', 's:1')],
  ])('as %s is what its schema asks for, and JSON', (_, emission) => {
    const event = { ...emission, sessionId: 's', seq: 1, at: '2026-01-01T00:00:00.000Z' };
    expect(eventSchemas[emission.type]['~standard'].validate(event)).not.toHaveProperty('issues');
    expect(JSON.parse(JSON.stringify(emission))).toEqual(emission);
  });

  it('tells what was thrown in its own words, whatever it is', () => {
    expect(messageOf(new Error('away'))).toBe('away');
    expect(messageOf('away')).toBe('away');
    expect(messageOf(undefined)).toBe('undefined');
  });
});
