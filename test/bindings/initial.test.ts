import { expect, it } from 'vitest';
import { initialConversation, initialSession, initialSessions } from '../../src/bindings/initial.ts';
import { CONVERSATION_LOADING, SESSION_LOADING, SESSIONS_LOADING } from '../../src/bindings/views.ts';
import { infoAt, messageAt } from '../support/fake-client.ts';

const [ada, bob] = [infoAt('ada', 1), infoAt('bob', 2, { status: 'idle' })];
const messages = [messageAt('ada:1', 3)];
const data = { sessions: [ada, bob], snapshots: [{ info: ada, messages, seq: 3 }] };

it('is ready with what was handed in', () => {
  expect(initialSessions(data, { status: 'idle' })).toMatchObject({ status: 'ready', sessions: [bob] });
  expect(initialSession(data, 'ada')).toMatchObject({ status: 'ready', info: ada });
  expect(initialSession(data, 'bob')).toMatchObject({ status: 'ready', info: bob });
  expect(initialConversation(data, 'ada')).toMatchObject({ status: 'ready', messages, streaming: [] });
});

it('is loading where nothing was', () => {
  expect(initialSessions({}, undefined)).toBe(SESSIONS_LOADING);
  expect(initialSession(data, 'cleo')).toBe(SESSION_LOADING);
  expect(initialConversation(data, 'bob')).toBe(CONVERSATION_LOADING);
  expect(initialConversation(undefined, 'ada')).toBe(CONVERSATION_LOADING);
});
