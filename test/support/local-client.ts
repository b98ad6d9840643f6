import { Admission } from '../../src/admission.ts';
import { checkOptions } from '../../src/check.ts';
import type { Engine } from '../../src/engine.ts';
import { type ClientParts, LocalClient } from '../../src/local-client.ts';
import { Dormant } from '../../src/session/dormant.ts';
import { SessionEntry } from '../../src/session/entry.ts';
import { Registry } from '../../src/session/registry.ts';
import { applyFact } from '../../src/session/state.ts';
import { createdFact } from './facts.ts';
import { openedJournal } from './journal.ts';

class Client extends LocalClient<never> {
  closed = 0;

  async close(): Promise<void> {
    this.closed += 1;
  }
}

/** The client over a real admission, registry and journal; its other parts note what they are asked. */
export function clientOverNotes(parts: Parameters<typeof openedJournal>[0] = {}) {
  const admission = new Admission();
  const registry = new Registry();
  const dormant = new Dormant(registry, () => {
    throw new Error('nothing is stored');
  });
  const { journal } = openedJournal(parts);
  const asked: unknown[][] = [];
  /** A part that answers every call of these names with `answer`. */
  const ask =
    (name: string, answer: unknown = undefined) =>
    (...args: unknown[]) => {
      asked.push([name, ...args]);
      return answer;
    };
  const add = (id: string, seq: number) => {
    const entry = new SessionEntry(applyFact(undefined, createdFact({ seq, sessionId: id })), 0);
    registry.add(entry);
    return entry;
  };
  const entries = { a: add('a', 1), b: add('b', 2) };
  const shelf = {
    save: ask('save', Promise.resolve('saved')),
    restore: ask('restore', Promise.resolve(entries.a)),
    list: ask('list saved', Promise.resolve(['saved'])),
    delete: ask('delete saved', Promise.resolve()),
  };
  const client = new Client({
    engine: {
      registry,
      dormant,
      journal,
      stored: { get: () => ({ shelf }) },
      settings: { timeouts: { terminateMs: 5000 } },
    } as unknown as Engine,
    host: {
      operations: {
        read: (id: string, view: (entry: SessionEntry) => unknown) => view(registry.find(id)),
        draft: (...message: unknown[]) => message,
        send: ask('send', Promise.resolve('message')),
      },
      limits: {},
      checkOpen: () => admission.check(),
      prepare() {},
      admit: (call: () => unknown) => admission.enter(call),
      admitWrite: (call: () => unknown) => admission.enter(call),
      admitSlow: (call: () => Promise<unknown>) => admission.enterSlow(call),
    },
    lifecycle: {
      terminate: (entry: SessionEntry, _batch: unknown, ...args: unknown[]) =>
        ask('terminate')(entry.state.id, ...args),
      kill: (entry: SessionEntry, _batch: unknown, ...args: unknown[]) =>
        ask('kill')(entry.state.id, ...args),
    },
    subscriptions: { subscribe: ask('subscribe', 'unsubscribe'), stream: ask('stream', 'a stream') },
    creator: {
      check: (options?: object) => ({ id: 'generated', config: {}, ...checkOptions(options, 'options') }),
      create: ask('create', Promise.resolve(entries.a)),
      getOrCreate: ask('get or create', Promise.resolve({ entry: entries.a, created: true })),
    },
  } as unknown as ClientParts);
  return { client, admission, journal, registry, entries, asked };
}
