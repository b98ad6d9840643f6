/** Stores that answer wrongly about what there is beside sessions: facts for cursors, saved sessions, values. */
import type { Json } from '../../../src/data.ts';
import type { JournalRecord, SavedDocument, StoreLease } from '../../../src/store/port.ts';
import type { Fault, Parts } from './broken-store.ts';

/** A lease whose values were something else for a while: what `through` makes of each text and number. */
function valuesThrough(lease: StoreLease, through: (value: string | number) => string | number): Parts {
  const change = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value), (_key, each: Json) =>
      typeof each === 'string' || typeof each === 'number' ? through(each) : each,
    );
  return {
    async load(id) {
      return change(await lease.load(id));
    },
    heads: async (query) => change(await lease.heads(query)),
    async *facts(query) {
      for await (const each of lease.facts(query)) yield change(each);
    },
    saved: {
      get: async (id) => optional(await lease.saved.get(id), change),
      list: async () => change(await lease.saved.list()),
    },
  };
}

const optional = <T>(value: T | undefined, change: (value: T) => T) => value && change(value);
const factsThrough = (lease: StoreLease, keeps: (fact: JournalRecord) => boolean): Parts => ({
  async *facts({ limit = Infinity, ...query }) {
    let count = 0;
    for await (const each of lease.facts(query)) {
      if (count === limit) return;
      if (!keeps(each)) continue;
      count += 1;
      yield each;
    }
  },
});

export const wrongFacts: readonly Fault[] = [
  {
    what: 'takes lastSeq for the number of facts',
    parts: (_lease, notes) => ({
      get lastSeq() {
        return notes.facts.length;
      },
    }),
  },
  {
    what: 'takes lastSeq from the facts it still has',
    parts: (_lease, notes) => ({
      get lastSeq() {
        const gone = [...notes.ended, ...notes.removed];
        return notes.facts.findLast(({ sessionId }) => !gone.includes(sessionId))?.seq ?? 0;
      },
    }),
  },
  {
    what: 'gives the fact at a cursor again',
    parts: (lease) => ({
      facts: (query) => lease.facts({ ...query, from: Math.max(0, query.from - 1) }),
    }),
  },
  {
    what: 'mixes the facts of sessions',
    parts: (lease) => ({ facts: ({ sessionId, ...query }) => lease.facts(query) }),
  },
  {
    what: 'gives the facts session by session',
    parts: (lease) => ({
      async *facts(query) {
        const facts: JournalRecord[] = [];
        for await (const each of lease.facts(query)) facts.push(each);
        yield* facts.sort((a, b) => (a.sessionId < b.sessionId ? -1 : a.seq - b.seq));
      },
    }),
  },
  {
    what: 'gives no facts of sessions that have ended',
    parts: (lease, notes) => factsThrough(lease, ({ sessionId }) => !notes.ended.includes(sessionId)),
  },
  {
    what: 'gives of an id the facts of its present life alone',
    parts: (lease, notes) =>
      factsThrough(lease, ({ sessionId, seq }) => {
        const lives = notes.factsOf(sessionId);
        return seq >= (lives.findLast(({ sessionSeq }) => sessionSeq === 1)?.seq ?? 0);
      }),
  },
  {
    what: 'gives no facts that a snapshot stands for',
    parts: (lease, notes) =>
      factsThrough(
        lease,
        ({ sessionId, sessionSeq }) => sessionSeq > (notes.snapshots.get(sessionId)?.at(-1)?.sessionSeq ?? 0),
      ),
  },
  {
    what: 'counts the limit before it looks for the session',
    parts: (lease) => ({
      async *facts({ sessionId, ...query }) {
        for await (const each of lease.facts(query))
          if (sessionId === undefined || each.sessionId === sessionId) yield each;
      },
    }),
  },
  {
    what: 'gives 1,000 facts at most',
    parts: (lease) => ({ facts: ({ limit = 1000, ...query }) => lease.facts({ ...query, limit }) }),
  },
  {
    what: 'takes what a snapshot or an end has made unnecessary for cut',
    parts: (_lease, notes) => ({
      get cutSeq() {
        return notes.facts.find(({ type }) => type === 'session_terminated')?.seq ?? 0;
      },
    }),
  },
  {
    what: 'cuts what load needs with what cursors read',
    parts: (lease) => ({
      async load(id) {
        const { records, ...rest } = await lease.load(id);
        return { ...rest, records: records.filter(({ seq }) => seq > lease.cutSeq) };
      },
    }),
  },
  {
    what: 'never says what it has cut',
    parts: () => ({ cutSeq: 0 }),
  },
  {
    what: 'cuts nothing of sessions that have ended',
    parts: (lease, notes) => ({
      async *facts({ sessionId, ...query }) {
        if (sessionId === undefined) return yield* lease.facts(query);
        const ended = notes.ended.includes(sessionId);
        if (ended) yield* notes.factsOf(sessionId);
        else yield* lease.facts({ ...query, sessionId });
      },
    }),
  },
  {
    what: 'says that it had what it is asked to delete',
    parts: (lease) => ({
      saved: {
        delete(id) {
          lease.saved.delete(id);
          return true;
        },
      },
    }),
  },
  {
    what: 'forgets what else is in a saved session',
    parts: (lease) => {
      const bare = (document: SavedDocument) => ({ ...document, metadata: {} });
      return { saved: { get: async (id) => optional(await lease.saved.get(id), bare) } };
    },
  },
  {
    what: 'merges a saved session into the one before',
    parts: (lease) => ({
      saved: {
        async put(document) {
          const before = await lease.saved.get(document.id);
          await lease.saved.put({ ...document, data: { ...before?.data, ...document.data } });
        },
      },
    }),
  },
  {
    what: 'takes the keys of a document for those of its id',
    parts: (lease) => ({
      saved: {
        get: async (id) =>
          optional(await lease.saved.get(id), (document) => ({
            ...document,
            data: { ...document.data, old: 1 },
          })),
      },
    }),
  },
  {
    what: 'never gives again what was deleted',
    parts: (lease, { deleted }) => ({
      saved: { get: (id) => (deleted.includes(id) ? undefined : lease.saved.get(id)) },
    }),
  },
  {
    what: 'ends a saved session with the live one of its id',
    parts: (lease, notes) => ({
      saved: {
        get: (id) =>
          notes.ended.includes(id) || notes.removed.includes(id) ? undefined : lease.saved.get(id),
      },
    }),
  },
  {
    what: 'takes upper case for lower case',
    parts: (lease) => ({
      load: (id) => lease.load(id.toLowerCase()),
      head: (id) => lease.head(id.toLowerCase()),
    }),
  },
  {
    what: 'keeps the session of an id that is a name of something else',
    parts: (lease, notes) => ({
      load: async (id) =>
        id === 'constructor' ? { records: notes.factsOf(id).slice(0, 1) } : lease.load(id),
    }),
  },
  {
    what: 'makes well-formed what is not',
    parts: (lease) =>
      valuesThrough(lease, (value) => (typeof value === 'string' ? value.toWellFormed() : value)),
  },
  {
    what: 'cuts a text where 16 bits end',
    parts: (lease) =>
      valuesThrough(lease, (value) => (typeof value === 'string' ? value.slice(0, 65_535) : value)),
  },
  {
    what: 'keeps numbers in 32 bits',
    parts: (lease) => valuesThrough(lease, (value) => (typeof value === 'number' ? value | 0 : value)),
  },
];
