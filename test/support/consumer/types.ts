// What somebody who has only installed the package might write, with a use of every entry.
import { createSessionManager, type Message, type SessionEvent } from 'chartroom';
import { librarian } from 'chartroom/agents/librarian';
import { chartOf, drawSvg, layOut } from 'chartroom/diagram';
import { inspectSessions, recordSessions } from 'chartroom/inspect';
import { openInspector, type PageInspector } from 'chartroom/inspect/page';
import { managerMachine, sessionMachine } from 'chartroom/machines';
import { nodeFiles } from 'chartroom/node';
import { useConversation, useSessionActions, useSessionSelector } from 'chartroom/react';
import { exportSession, formatDocument, type StoreLease } from 'chartroom/store';
import { indexedDbStore, type StoreState } from 'chartroom/store/indexeddb';
import { sqliteStore } from 'chartroom/store/sqlite';
import { type SharedSessions, shareSessions } from 'chartroom/tabs';

const manager = createSessionManager({ agent: librarian, files: nodeFiles('.') });

const stop = manager.subscribeToAllSessions(({ message }) => message.content, {
  types: ['conversation_added'],
});
export async function talk(): Promise<Message[]> {
  const session = await manager.createSession({ metadata: { topic: 'types' } });
  await session.send('user', 'hello');
  return session.context.history({ limit: 10 });
}

// @ts-expect-error a role that is none
export const refused = () => manager.sendMessage('a', 'robot', 'hello');
// @ts-expect-error what an event has depends on its type
export const narrowed = (event: SessionEvent) => event.message;

export async function backup(lease: StoreLease, id: string): Promise<string> {
  return formatDocument(await exportSession(lease, id));
}

export const durable = () => createSessionManager({ store: sqliteStore('rooms.db', { retainEvents: 100 }) });

export const names = [sessionMachine.id, managerMachine.id];
export const done = () => stop();

export async function watch(): Promise<string> {
  const inspector = await inspectSessions(manager, { allow: ['send', 'kill'], redact: ['metadata.apiKey'] });
  using recorder = recordSessions(manager);
  await inspector.close();
  return JSON.stringify(recorder.trace());
}

export async function watchHere(): Promise<PageInspector> {
  await using inspector = await openInspector(manager, { allow: ['kill'], redact: ['messages'] });
  await inspector.closed;
  return inspector;
}

// @ts-expect-error an action that is none
export const unknownAction = () => inspectSessions(manager, { allow: ['delete'] });

export async function draw(): Promise<string> {
  const chart = chartOf(sessionMachine);
  return drawSvg(chart, await layOut(chart), { theme: 'dark', active: ['running.active'] });
}

/** Hooks, as a component would call them. */
export function useTalk(id: string) {
  const { messages, streaming } = useConversation(id, { suspense: true });
  const { send, pending } = useSessionActions(id);
  const paths = useSessionSelector(id, ({ files }) => files.map(({ path }) => path).join());
  return { said: messages.length + streaming.length, ask: () => send('user', 'hello'), pending, paths };
}

const rooms = indexedDbStore('rooms', { fallback: 'none' });
export const inPage = () => createSessionManager({ store: rooms });
export const said = (state: StoreState) => ('reason' in state ? state.reason.code : state.is);
export const unfollow = rooms.subscribe(said);
// @ts-expect-error a state that is none
export const unknownState: StoreState = { is: 'broken' };
export const shared: SharedSessions<{ type: 'ask'; turnId: string; question: string }> = shareSessions(
  'rooms',
  async () => manager,
);
export const tabReason = () => (shared.state.is === 'alone' ? shared.state.reason.code : shared.state.is);
// @ts-expect-error an event that the agent does not take
export const unknownEvent = () => shared.session('a').dispatch({ type: 'tell' });
