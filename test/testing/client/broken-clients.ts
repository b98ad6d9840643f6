/** Clients that each break one promise, over a manager that keeps it. */
import { createSessionManager, type SessionManager } from '../../../src/index.ts';
import type { TestEnv } from '../../../src/testing/index.ts';

type Manager = SessionManager<never>;

/** The manager with some of its methods replaced; `make` may keep something between calls. */
export function altered(make: (manager: Manager) => Partial<Manager>): (env: TestEnv) => Manager {
  return ({ options }) => {
    const manager = createSessionManager(options) as unknown as Manager;
    const own = make(manager);
    return new Proxy(manager, {
      get(target, key) {
        const value = Reflect.get(key in own ? own : target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  };
}

export interface BrokenClient {
  readonly what: string;
  /** Each of them is the honest name of what is wrong. */
  readonly breaks: readonly string[];
  readonly create: (env: TestEnv) => Manager;
}

export const brokenClients: readonly BrokenClient[] = [
  {
    what: 'acknowledges a message that it drops',
    breaks: ['acknowledged means kept', 'linearizable for each id'],
    create: altered((manager) => ({
      sendMessage: async (id, role, content, options) => {
        if (!String(content).endsWith('3')) return manager.sendMessage(id, role, content, options);
        await manager.getSessionInfo(id);
        return { id: 'lost', sessionId: id, seq: 0, role, content, at: '', timestamp: '' } as never;
      },
    })),
  },
  {
    what: 'answers terminate before the session is gone',
    breaks: ['terminate is durable'],
    create: altered((manager) => ({
      terminateSession: async (id, options) => {
        manager.terminateSession(id, options).catch(() => {});
      },
    })),
  },
  {
    what: 'sends every message twice',
    breaks: ['acknowledged means kept'],
    create: altered((manager) => ({
      sendMessage: async (id, role, content, options) => {
        await manager.sendMessage(id, role, content);
        return manager.sendMessage(id, role, content, options);
      },
    })),
  },
  {
    what: 'answers a send with another message',
    breaks: ['acknowledged means kept'],
    create: altered((manager) => ({
      sendMessage: async (id, role, content, options) => ({
        ...(await manager.sendMessage(id, role, content, options)),
        role: 'system',
      }),
    })),
  },
  {
    what: 'lists no saved session',
    breaks: ['linearizable for each id'],
    create: altered(() => ({ listSavedSessions: async () => [] })),
  },
  {
    what: 'deletes no saved session',
    breaks: ['linearizable for each id'],
    create: altered(() => ({ deleteSavedSession: async () => {} })),
  },
  {
    what: 'sends what is meant for b to a',
    breaks: ['isolation', 'linearizable for each id'],
    create: altered((manager) => ({
      sendMessage: (id, role, content, options) =>
        manager.sendMessage(id === 'b' ? 'a' : id, role, content, options),
    })),
  },
  {
    what: 'lists what is gone',
    breaks: ['look-ups agree, no ghosts', 'linearizable for each id'],
    create: altered((manager) => {
      const seen = new Map<string, Awaited<ReturnType<Manager['listSessions']>>[number]>();
      return {
        listSessions: async (filter) => {
          for (const info of await manager.listSessions(filter)) seen.set(info.id, info);
          return [...seen.values()].sort((a, b) => a.seq - b.seq);
        },
      };
    }),
  },
  {
    what: 'rejects with an error of no type',
    breaks: ['typed outcomes only'],
    create: altered((manager) => ({
      killSession: (id, reason) =>
        manager.killSession(id, reason).catch(() => {
          throw new Error('no such session');
        }),
    })),
  },
  {
    what: 'never answers a kill',
    breaks: ['every call settles', 'nothing hangs after a crash'],
    create: altered((manager) => ({
      killSession: (id, reason) => manager.killSession(id, reason).then(() => new Promise(() => {})),
    })),
  },
  {
    what: 'does not tell later listeners of every message',
    breaks: ['subscribers agree'],
    create: altered((manager) => {
      let listeners = 0;
      return {
        subscribeToAllSessions: (listener, options) => {
          listeners += 1;
          if (listeners < 3) return manager.subscribeToAllSessions(listener, options);
          const picky: typeof listener = (event) => {
            if ((event as { type: string }).type !== 'conversation_added') listener(event);
          };
          return manager.subscribeToAllSessions(picky, options);
        },
      };
    }),
  },
  {
    what: 'creates a session twice over',
    breaks: ['legal lifecycle'],
    create: altered((manager) => ({
      createSession: (options) =>
        manager.createSession(options).catch((error: { code?: string }) => {
          if (error.code !== 'DUPLICATE_SESSION') throw error;
          return manager.session(String(options?.id)) as never;
        }),
    })),
  },
  {
    what: 'forgets the limit on messages of what it shows',
    breaks: ['acknowledged means kept', 'linearizable for each id', 'look-ups agree, no ghosts'],
    create: ({ options }) =>
      createSessionManager({
        ...options,
        sessionDefaults: { ...options.sessionDefaults, maxMessages: 1000 },
      }) as unknown as Manager,
  },
  {
    what: 'restarts once too often',
    breaks: ['restart intensity'],
    create: ({ options }) =>
      createSessionManager({
        ...options,
        supervision: { ...options.supervision, maxRestarts: (options.supervision?.maxRestarts ?? 3) + 1 },
      }) as unknown as Manager,
  },
  {
    what: 'keeps a timer after close',
    breaks: ['no leaks'],
    create: (env) => {
      env.clock.setTimeout(() => {}, 1_000_000);
      return createSessionManager(env.options) as unknown as Manager;
    },
  },
];
