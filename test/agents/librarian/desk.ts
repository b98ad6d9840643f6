import { createActor } from 'xstate';
import { type LibrarianEvent, librarian } from '../../../src/agents/librarian.ts';
import type { SendOptions, SessionCache, SessionContext } from '../../../src/client.ts';
import type { AgentEmission } from '../../../src/events/types.ts';
import type { AgentInput } from '../../../src/options.ts';
import { until } from '../../support/turns.ts';

export const FILES = {
  'src/price.ts': 'export interface Price {\n  cents: number;\n}\n',
  'src/cart.ts': "import { Price } from './price.ts';\nexport function total(items: Price[]) {}\n",
};

interface Recorded {
  readonly content: unknown;
  readonly options: SendOptions | undefined;
}
export interface HandmadeOptions {
  files?: Record<string, string>;
  /** Paths that the index knows and the cache does not. */
  lost?: string[];
  getFile?: (path: string) => Promise<void>;
  addMessage?: () => Promise<void>;
}

/** A hand-made session for an agent: what was read of it and recorded in it, and a hand on its signal. */
export function handmade({ files = FILES, lost = [], getFile, addMessage }: HandmadeOptions = {}) {
  const recorded: Recorded[] = [];
  const read: string[] = [];
  const stop = new AbortController();
  const context: Partial<SessionContext> = {
    activeFiles: async () =>
      Object.keys(files).map((path) => ({ path, addedAt: '2026-01-01T00:00:00.000Z' })),
    fileIndex: async () => Object.fromEntries([...Object.keys(files), ...lost].map((path) => [path, {}])),
    async addMessage(role, content, options) {
      await addMessage?.();
      recorded.push({ content, options });
      const id = `desk:${recorded.length}`;
      return { id, seq: recorded.length, role, content, createdAt: '2026-01-01T00:00:00.000Z' };
    },
  };
  const cache: Partial<SessionCache> = {
    async getFile(path) {
      read.push(path);
      await getFile?.(path);
      const content = files[path];
      return content === undefined ? undefined : { content, mtimeMs: 0, size: content.length, metadata: {} };
    },
  };
  const agent: AgentInput = {
    session: {
      id: 'desk',
      metadata: {},
      llmConfig: {},
      // The librarian uses these methods and no other.
      context: context as SessionContext,
      cache: cache as SessionCache,
    },
    signal: stop.signal,
  };
  return { agent, read, recorded, stop };
}

/** A librarian at work in a hand-made session, and all that it published. */
export function desk({ logic = librarian, ...options }: HandmadeOptions & { logic?: typeof librarian } = {}) {
  const { agent, ...session } = handmade(options);
  const actor = createActor(logic, { input: agent });
  const published: AgentEmission[] = [];
  actor.on('*', (emission) => published.push(emission));
  actor.subscribe({ error: () => {} });
  actor.start();
  const of = <T extends AgentEmission['type']>(type: T, turnId?: string) =>
    published.filter(
      (emission): emission is Extract<AgentEmission, { type: T }> =>
        emission.type === type && (turnId === undefined || emission.turnId === turnId),
    );
  return {
    actor,
    published,
    ...session,
    of,
    send: (event: LibrarianEvent) => actor.send(event),
    statuses: (turnId?: string) => of('agent_status', turnId).map(({ status }) => status),
    waiting: () => until(() => actor.getSnapshot().value === 'waiting'),
  };
}
