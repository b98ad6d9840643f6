import type { SessionClient, SubscribeOptions } from '../../src/client.ts';
import type { Message, SessionInfo } from '../../src/data.ts';
import { SessionError } from '../../src/errors.ts';
import type { SessionEvent } from '../../src/events/types.ts';
import { defaults } from '../../src/settings.ts';

type Listener = (event: SessionEvent) => void;

export function infoAt(id: string, seq: number, more: Partial<SessionInfo> = {}): SessionInfo {
  const at = new Date(seq).toISOString();
  const times = { createdAt: at, updatedAt: at, lastActivityAt: at };
  const counts = { messageCount: 0, activeFileCount: 0, activeTasks: 0, restarts: 0 };
  const config = defaults.sessionDefaults;
  return { id, seq, status: 'active', metadata: {}, llmConfig: {}, config, ...times, ...counts, ...more };
}

export function messageAt(id: string, seq: number, more: Partial<Message> = {}): Message {
  return { id, seq, role: 'user', content: id, createdAt: new Date(seq).toISOString(), ...more };
}

/** An event of `ada`, unless it says otherwise. */
export function eventAt(seq: number, type: SessionEvent['type'], more: object = {}): never {
  return { type, sessionId: 'ada', seq, at: new Date(seq).toISOString(), ...more } as never;
}

export const missing = () => new SessionError('SESSION_NOT_FOUND', 'There is none.');

/** A client that answers as a test says, and tells what a test has it tell. */
export function fakeClient(answers: {
  listSessions?: SessionClient['listSessions'];
  getSessionInfo?: SessionClient['getSessionInfo'];
  getOrCreateSession?: SessionClient['getOrCreateSession'];
  snapshot?: (id: string, options?: { messages?: number }) => Promise<unknown>;
  build?: (id: string, include: readonly string[]) => Promise<unknown>;
}) {
  const subscriptions: Array<{ id: string | undefined; listener: Listener; options: SubscribeOptions }> = [];
  const ends: Array<() => void> = [];
  const subscribe = (id: string | undefined, listener: Listener, options: SubscribeOptions = {}) => {
    const subscription = { id, listener, options };
    subscriptions.push(subscription);
    return () => void subscriptions.splice(subscriptions.indexOf(subscription), 1);
  };
  const client = {
    ...answers,
    subscribeToSession: subscribe,
    subscribeToAllSessions: (listener: Listener, options?: SubscribeOptions) =>
      subscribe(undefined, listener, options),
    async *events() {
      await new Promise<void>((resolve) => ends.push(resolve));
    },
    session: (id: string) => ({
      snapshot: (options?: { messages?: number }) => answers.snapshot?.(id, options),
      context: { build: (include: readonly string[]) => answers.build?.(id, include) },
    }),
  } as unknown as SessionClient;
  return {
    client,
    subscriptions,
    emit(event: SessionEvent) {
      for (const { id, listener, options } of [...subscriptions]) {
        const isFor = id === undefined || event.type === 'gap' || event.sessionId === id;
        const isWanted = event.type === 'gap' || (options.types?.includes(event.type) ?? true);
        if (isFor && isWanted) listener(event);
      }
    },
    /** Its streams end: it has been closed, or lost. */
    end() {
      for (const end of ends.splice(0)) end();
    },
  };
}
