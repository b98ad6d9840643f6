/** Runs in the page: what a test asks of a store there, as functions of `window.rooms`. */
import { createSessionManager, type SessionManager } from 'chartroom';
import type { StoreLease } from 'chartroom/store';
import { type IndexedDbStore, indexedDbStore } from 'chartroom/store/indexeddb';

declare global {
  interface Window {
    rooms: typeof rooms;
    /** Tells the test that a write was acknowledged. */
    acknowledged(session: string, n: number): Promise<void>;
  }
}

const IDS = ['ada', 'bob', 'eve'];
/** No message is pushed out by another. */
const UNLIMITED = { maxMessages: 1_000_000, maxTokens: 1_000_000_000 };
/** Facts of one append, dealt out to all sessions in turn. */
const GROUP = 21;

let store: IndexedDbStore;
let manager: SessionManager;
const states: string[] = [];

function open(name: string): IndexedDbStore {
  store = indexedDbStore(name);
  states.push(store.state.is);
  store.subscribe(({ is }) => states.push(is));
  return store;
}

const rooms = {
  async open(name: string): Promise<string> {
    manager = createSessionManager({ store: open(name), sessionDefaults: UNLIMITED });
    await manager.ready;
    return store.state.is;
  },

  /** The states until now, and what the newest says to a program. */
  state: () => ({
    states,
    reason: 'reason' in store.state ? { code: store.state.reason.code, ...store.state.reason.details } : {},
  }),

  /** Sends in all sessions at once, for ever: each message says how many there were. */
  writeForEver(): void {
    for (const id of IDS) void write(id);
  },

  /** What each session holds: the numbers of its messages, and the one that its working context has. */
  async found(): Promise<Record<string, { said: number[]; noted: number }>> {
    const all: Record<string, { said: number[]; noted: number }> = {};
    for (const { id } of await manager.listSessions()) {
      const { context } = manager.session(id);
      const history = await context.history({ limit: 100_000 });
      const noted = await context.get('noted');
      all[id] = { said: history.map(numberIn), noted: Number(noted ?? 0) };
    }
    return all;
  },

  /** Appends groups for ever; the n-th brings the facts from `GROUP × n`. */
  async appendForEver(name: string): Promise<void> {
    const lease = await open(name).open({ owner: 'test' });
    for (let n = lease.lastSeq / GROUP; ; n += 1) {
      await lease.append(groupOf(n));
      await window.acknowledged('groups', n + 1);
    }
  },

  /** How many facts are stored, by each of the ways to count them. */
  async stored(name: string): Promise<{ lastSeq: number; facts: number; loaded: number; heads: number }> {
    const lease = await open(name).open({ owner: 'test' });
    let facts = 0;
    for await (const { seq } of lease.facts({ from: 0 })) facts += Number(seq > 0);
    let loaded = 0;
    let heads = 0;
    for (const { id, sessionSeq } of await lease.heads()) {
      loaded += (await lease.load(id)).records.length;
      heads += sessionSeq;
    }
    const { lastSeq } = lease;
    await close(lease);
    return { lastSeq, facts, loaded, heads };
  },

  /** Sends messages of so many characters until one is refused, or `limit` of them have been taken. */
  async fill(characters: number, limit: number): Promise<{ taken: number; refused?: unknown }> {
    const { session } = await manager.getOrCreateSession('ada');
    for (let taken = 0; taken < limit; taken += 1)
      try {
        await session.send('user', noise(characters));
      } catch (error) {
        const { code, details } = error as { code?: string; details?: object };
        return { taken, refused: { code, ...details } };
      }
    return { taken: limit };
  },

  count: async () => (await manager.session('ada').context.history({ limit: 100_000 })).length,

  close: () => manager.close(),

  /** Appends per second, in groups of so many facts, over so many sessions. */
  async measure(name: string, group: number, sessions: number, appends: number): Promise<number> {
    const lease = await open(name).open({ owner: 'test' });
    const text = 'x'.repeat(200);
    const begun = performance.now();
    for (let n = 0; n < appends; n += 1)
      await lease.append(
        Array.from({ length: group }, (_, k) => {
          const index = n * group + k;
          const sessionSeq = 1 + Math.floor(index / sessions);
          return factAt(index + 1, `s${index % sessions}`, sessionSeq, { text });
        }),
      );
    const seconds = (performance.now() - begun) / 1000;
    await close(lease);
    return appends / seconds;
  },
};

window.rooms = rooms;

async function write(id: string): Promise<void> {
  const { session } = await manager.getOrCreateSession(id);
  const history = await session.context.history({ limit: 100_000 });
  for (let n = history.length + 1; ; n += 1) {
    await Promise.all([session.send('user', `message ${n}`), session.context.put('noted', n)]);
    await window.acknowledged(id, n);
  }
}

const numberIn = ({ content }: { readonly content: unknown }) =>
  Number(String(content).replace('message ', ''));

function groupOf(n: number) {
  return Array.from({ length: GROUP }, (_, k) => {
    const index = n * GROUP + k;
    return factAt(index + 1, IDS[index % IDS.length] ?? '', 1 + Math.floor(index / IDS.length), { n });
  });
}

function factAt(seq: number, sessionId: string, sessionSeq: number, payload: object) {
  return { seq, sessionId, sessionSeq, type: 'note', at: '2026-01-01T00:00:00.000Z', payload };
}

const close = (lease: StoreLease) => lease[Symbol.asyncDispose]();

/** Text that no disk makes smaller. */
function noise(characters: number): string {
  const bytes = new Uint8Array(Math.ceil(characters / 2));
  for (let from = 0; from < bytes.length; from += 65_536)
    crypto.getRandomValues(bytes.subarray(from, from + 65_536));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .slice(0, characters);
}
