import { describe, expect, it } from 'vitest';
import { Repeats } from '../../examples/atlas/repeats.ts';
import type { PublishedEvent } from '../../src/events/types.ts';

type Body = { type: string; sessionId?: string } & Record<string, unknown>;

/** Which of these are heard for the first time. Only what tells events apart is there. */
function news(...bodies: Body[]): boolean[] {
  const repeats = new Repeats();
  return bodies.map((body) => !repeats.isRepeat({ sessionId: 'a', ...body } as unknown as PublishedEvent));
}

const status = (of: string, turnId?: string) => ({ type: 'agent_status', status: of, turnId });
const piece = (chunkIndex: number, turnId = 't') => ({ type: 'llm_stream_chunk', turnId, chunkIndex });
const result = (outcome: string) => ({ type: 'tool_result', turnId: 't', status: outcome });

describe('what an agent says again', () => {
  it('is known by its turn, and a piece by its number too', () => {
    const call = { type: 'tool_call', turnId: 't' };
    const response = { type: 'llm_response', turnId: 't' };
    expect(
      news(call, result('success'), piece(0), call, piece(0), piece(1), response, response, piece(1)),
    ).toEqual([true, true, true, false, false, true, true, false, false]);
  });

  it('is something else in another turn, or another session', () => {
    expect(news(piece(0), piece(0, 'u'), { ...piece(0), sessionId: 'b' })).toEqual([true, true, true]);
  });

  it('is none when it comes to another outcome', () => {
    expect(news(result('error'), result('success'), status('failed', 't'), status('searching', 't'))).toEqual(
      [true, true, true, true],
    );
  });

  it('without a turn is one only right after itself', () => {
    const added = { type: 'conversation_added' };
    expect(news(status('waiting'), status('waiting'), added, status('waiting'))).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });

  it('right after itself is one though a repeat came in between', () => {
    const response = { type: 'llm_response', turnId: 't' };
    expect(news(response, status('waiting'), response, status('waiting'))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('is never an event of the engine', () => {
    const event = { type: 'file_added', path: 'a.ts' };
    expect(news(event, event)).toEqual([true, true]);
  });
});
