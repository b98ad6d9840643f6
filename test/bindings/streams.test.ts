import { describe, expect, it } from 'vitest';
import { Streams } from '../../src/bindings/streams.ts';
import type { SessionEventType } from '../../src/events/types.ts';
import { eventAt, messageAt } from '../support/fake-client.ts';

function fold(...events: Array<[SessionEventType, object?]>): Streams {
  const streams = new Streams();
  for (const [type, more] of events) streams.receive(eventAt(1, type, more));
  return streams;
}
const chunk = (content: string, more: object = {}): [SessionEventType, object] => [
  'llm_stream_chunk',
  { turnId: 't', content, ...more },
];
const answer = (content: string, more: object = {}): [SessionEventType, object] => [
  'conversation_added',
  { message: messageAt('m', 1, { role: 'assistant', content, ...more }) },
];
const texts = (streams: Streams) => streams.list().map(({ text }) => text);

describe('what is being told', () => {
  it('is its pieces joined, one text for each turn, and the same array until another comes', () => {
    const streams = fold(chunk('Be'), chunk('cause'), chunk('No', { turnId: 'u' }));
    const list = streams.list();
    expect(texts(streams)).toEqual(['Because', 'No']);
    expect(streams.list()).toBe(list);
    streams.receive(eventAt(2, 'file_added', { path: 'a' }));
    expect(streams.list()).toBe(list);
    streams.receive(eventAt(2, ...chunk('!')));
    expect(streams.list()[1]).toBe(list[1]);
    expect(texts(streams)).toEqual(['Because!', 'No']);
  });

  it('is marked when its beginning is missing, and when all of it is told', () => {
    const streams = fold(chunk('cause', { chunkIndex: 1 }), chunk('.', { chunkIndex: 2, isFinal: true }));
    expect(streams.list()).toEqual([{ turnId: 't', text: 'cause.', isFinal: true, isPartial: true }]);
  });

  it.each([
    ['its response', ['llm_response', { turnId: 't', content: 'x' }]],
    ['a message that names the turn', answer('other', { metadata: { turnId: 't' } })],
    ['a message of its text', answer('Because')],
    ['the only message that it can be', answer('Because, trimmed')],
    ['a crash', ['session_crashed']],
    ['the end', ['session_status', { status: 'terminating' }]],
    ['another session', ['session_created']],
  ] as Array<[string, [SessionEventType, object?]]>)('ends with %s', (_, event) => {
    expect(texts(fold(chunk('Because'), event))).toEqual([]);
  });

  it.each([
    ['the response of another turn', ['llm_response', { turnId: 'u' }]],
    ['a message that names another turn', answer('Because', { metadata: { turnId: 'u' } })],
    ["a user's message", ['conversation_added', { message: messageAt('m', 1) }]],
    ['a status of the agent while it goes on', ['agent_status', { status: 'thinking' }]],
    ['idling', ['session_status', { status: 'idle' }]],
  ] as Array<[string, [SessionEventType, object?]]>)('goes on after %s', (_, event) => {
    expect(texts(fold(chunk('Because'), event))).toEqual(['Because']);
  });

  it('ends by text or, where none has it, the one that is all told, when there are several', () => {
    const two = [chunk('a'), chunk('b', { turnId: 'u', isFinal: true })];
    expect(texts(fold(...two, answer('a')))).toEqual(['b']);
    expect(texts(fold(...two, answer('c')))).toEqual(['a']);
    expect(texts(fold(chunk('a'), chunk('b', { turnId: 'u' }), answer('c')))).toEqual(['a', 'b']);
  });

  it('ends with the next status after its last piece: it was cancelled, or failed', () => {
    const cancelled: [SessionEventType, object] = ['agent_status', { turnId: 't', status: 'cancelled' }];
    expect(texts(fold(chunk('Be'), chunk('', { isFinal: true }), cancelled))).toEqual([]);
    expect(texts(fold(chunk('', { isFinal: true })))).toEqual([]);
  });

  it('is not doubled by an agent that came back and tells again', () => {
    const told = [chunk('Be', { chunkIndex: 0 }), chunk('cau', { chunkIndex: 1 })];
    expect(texts(fold(...told, chunk('cau', { chunkIndex: 1 }), chunk('se', { chunkIndex: 2 })))).toEqual([
      'Because',
    ]);
    expect(texts(fold(...told, chunk('Why', { chunkIndex: 0 })))).toEqual(['Why']);
  });
});
