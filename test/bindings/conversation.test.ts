import { expect, it } from 'vitest';
import { Conversation } from '../../src/bindings/conversation.ts';
import { CONVERSATION_LOADING } from '../../src/bindings/views.ts';
import { defaults } from '../../src/settings.ts';
import { eventAt, infoAt, messageAt, missing } from '../support/fake-client.ts';

const config = { ...defaults.sessionDefaults, maxMessages: 3 };
const info = infoAt('ada', 2, { config });
const added = (id: string, seq: number) =>
  eventAt(seq, 'conversation_added', { message: messageAt(id, seq) });

it('is to have its events from the last question, its own creation, or its snapshot if that is older', () => {
  const from = (seq: number, ...messages: ReturnType<typeof messageAt>[]) =>
    new Conversation().reset({ info, messages, seq });
  expect(from(10, messageAt('q', 5), messageAt('a', 7, { role: 'assistant' }))).toBe(5);
  expect(from(10)).toBe(2);
  // Restored, or imported from another store.
  expect(from(10, messageAt('q', 1))).toBe(2);
  expect(from(10, messageAt('q', 99))).toBe(10);
});

it('has another array of messages only when a message comes, at most as many as the session keeps', () => {
  const conversation = new Conversation();
  conversation.reset({ info, messages: [messageAt('a', 5)], seq: 10 });
  const first = conversation.view(CONVERSATION_LOADING);
  conversation.receive(eventAt(11, 'llm_stream_chunk', { turnId: 't', content: 'x' }));
  const second = conversation.view(first);
  expect(second).not.toBe(first);
  expect(second.messages).toBe(first.messages);
  expect(conversation.view(second)).toBe(second);
  for (const [n, id] of ['b', 'c', 'd'].entries()) conversation.receive(added(id, 12 + n));
  conversation.receive(added('d', 14));
  expect(conversation.view(second).messages.map(({ id }) => id)).toEqual(['b', 'c', 'd']);
});

it('trims to what the session held at one cursor, and keeps what came after that', () => {
  const conversation = new Conversation();
  conversation.reset({ info, messages: [messageAt('a', 5), messageAt('b', 6)], seq: 10 });
  conversation.receive(added('c', 11));
  conversation.trim({ ...info, messageCount: 1 }, 10);
  expect(conversation.view(CONVERSATION_LOADING).messages.map(({ id }) => id)).toEqual(['b', 'c']);
});

it('is cleared, fails with what was said, and is forgotten', () => {
  const conversation = new Conversation();
  conversation.reset({ info, messages: [messageAt('a', 5)], seq: 10 });
  conversation.receive(added('b', 11));
  conversation.receive(eventAt(12, 'conversation_cleared'));
  conversation.receive(added('c', 13));
  const error = missing();
  conversation.fail(error);
  conversation.receive(added('d', 14));
  expect(conversation.view(CONVERSATION_LOADING)).toMatchObject({
    status: 'error',
    error,
    messages: [{ id: 'c' }],
  });
  conversation.forget();
  expect(conversation.view(CONVERSATION_LOADING)).toBe(CONVERSATION_LOADING);
});
