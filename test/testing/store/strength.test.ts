import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../../src/store/memory.ts';
import type { JournalRecord, SessionStore, StoreLease } from '../../../src/store/port.ts';
import { verifyStore } from '../../../src/testing/store/verify-store.ts';

type Parts = { [K in keyof StoreLease]?: StoreLease[K] };

/** A memory store whose leases have some members replaced. */
function broken(breakIt: (lease: StoreLease, opened: number) => Parts, retainEvents?: number): SessionStore {
  const store = memoryStore(retainEvents === undefined ? {} : { retainEvents });
  let opened = 0;
  return {
    async open(options) {
      const lease = await store.open(options);
      opened += 1;
      const parts = breakIt(lease, opened);
      return new Proxy(lease, {
        get: (_target, key) => {
          if (Object.hasOwn(parts, key)) return parts[key as keyof StoreLease];
          const value: unknown = Reflect.get(lease, key, lease);
          return typeof value === 'function' ? value.bind(lease) : value;
        },
      });
    },
  };
}

const refusal = (call: () => void): unknown => {
  try {
    call();
  } catch (error) {
    return error;
  }
};

/** Ways for a store to be wrong, each with a case that must notice. */
const faults: ReadonlyArray<readonly [string, (retainEvents?: number) => SessionStore, string]> = [
  [
    'keeps the part of a refused batch that was right',
    (retain) =>
      broken(
        (lease) => ({
          append(records) {
            for (const record of records) lease.append([record]);
          },
        }),
        retain,
      ),
    'a batch that is right at first and wrong then is STORE_FAILED, and nothing of it is kept',
  ],
  [
    'forgets the newest fact',
    (retain) =>
      broken(
        (lease) => ({
          async load(id) {
            const { records, ...rest } = await lease.load(id);
            return { ...rest, records: records.slice(0, -1) };
          },
        }),
        retain,
      ),
    'a session has its facts, as they were appended and in order',
  ],
  [
    'takes a wrong order for a success',
    (retain) =>
      broken((lease) => ({ append: (records) => void refusal(() => lease.append(records)) }), retain),
    'a batch that repeats a fact of its session is STORE_FAILED, and nothing of it is kept',
  ],
  [
    'puts the facts of an append in a turn too late',
    (retain) =>
      broken(
        (lease) => ({ append: (records) => void setTimeout(() => refusal(() => lease.append(records))) }),
        retain,
      ),
    'what an append has brought is there when it resolves',
  ],
  [
    'gives the facts of a session the snapshot stands for',
    (retain) =>
      broken((lease) => {
        const all = new Map<string, JournalRecord[]>();
        return {
          append(records) {
            lease.append(records);
            for (const each of records) all.set(each.sessionId, [...(all.get(each.sessionId) ?? []), each]);
          },
          load: async (id) => ({ ...(await lease.load(id)), records: all.get(id) ?? [] }),
        };
      }, retain),
    'a snapshot stands for the facts up to it, which load gives no more',
  ],
  [
    'gives the fact at a cursor again',
    (retain) =>
      broken(
        (lease) => ({
          facts: (query) => lease.facts({ ...query, from: Math.max(0, query.from - 1) }),
        }),
        retain,
      ),
    'facts are those after a cursor, as they were appended and in order',
  ],
  [
    'gives cursors what comes while they read',
    (retain) =>
      broken(
        (lease) => ({
          async *facts({ from, ...query }) {
            let read = from;
            for (let found = true; found; ) {
              found = false;
              for await (const each of lease.facts({ ...query, from: read, limit: 1 })) {
                read = each.seq;
                found = read < 50;
                yield each;
              }
            }
          },
        }),
        retain,
      ),
    'facts are those there were when they were asked for, whatever comes meanwhile',
  ],
  [
    'mixes the facts of sessions',
    (retain) => broken((lease) => ({ facts: ({ sessionId, ...query }) => lease.facts(query) }), retain),
    'facts can be those of one session, and few',
  ],
  [
    'leaves a session in the heads after its end',
    (retain) =>
      broken((lease) => {
        const ended = new Set<string>();
        return {
          append(records) {
            lease.append(records);
            for (const { type, sessionId } of records)
              if (type === 'session_terminated') ended.add(sessionId);
          },
          heads: async (query) => [
            ...(await lease.heads(query)),
            ...[...ended].map((id) => ({ id, seq: 1, sessionSeq: 1, status: 'terminated', wakeAt: null })),
          ],
        };
      }, retain),
    'a session_terminated removes its session; others stay',
  ],
  [
    'takes a fact without wakeAt for one that clears it',
    (retain) =>
      broken(
        (lease) => ({
          append: (records) =>
            lease.append(records.map((each) => ({ ...each, wakeAt: each.wakeAt ?? null }))),
        }),
        retain,
      ),
    'wakeAt is that of the newest fact that says something about it',
  ],
  [
    'wakes those before the lower bound too',
    (retain) =>
      broken(
        (lease) => ({
          heads: (query) => lease.heads(query?.wakeBy === undefined ? query : { ...query, wakeAfter: -1 }),
        }),
        retain,
      ),
    'heads to be woken are those with wakeAfter < wakeAt ≤ wakeBy, the earliest first',
  ],
  [
    'gives the page after the one asked for',
    (retain) =>
      broken(
        (lease) => ({
          heads: (query) =>
            lease.heads(query?.after === undefined ? query : { ...query, after: query.after + 1 }),
        }),
        retain,
      ),
    'heads can be read page by page, each session once',
  ],
  [
    'counts what has ended',
    (retain) =>
      broken((lease) => {
        let ended = 0;
        return {
          append(records) {
            lease.append(records);
            ended += records.filter(({ type }) => type === 'session_terminated').length;
          },
          counts: async () => ({ ...(await lease.counts()), ...(ended > 0 && { terminated: ended }) }),
        };
      }, retain),
    'a session_terminated removes its session; others stay',
  ],
  [
    'lets an owner write who has given the lease back',
    (retain) =>
      broken(
        (lease) => ({
          remove: (id) => void refusal(() => lease.remove(id)),
          append: (records) => {
            const error = refusal(() => lease.append(records));
            if ((error as { code?: string } | undefined)?.code === 'STORE_FAILED') throw error;
          },
        }),
        retain,
      ),
    'an owner who has given the lease back can write nothing any more',
  ],
  [
    'begins its epochs anew',
    (retain) => broken(() => ({ epoch: 1 }), retain),
    'the epoch grows with every owner',
  ],
  [
    'forgets the saved sessions with the lease',
    (retain) =>
      broken(
        (lease, opened) => ({
          saved: { ...lease.saved, get: (id) => (opened > 1 ? undefined : lease.saved.get(id)) },
        }),
        retain,
      ),
    'saved sessions come back as they were put, by id and as a list; also for the next owner',
  ],
  [
    'merges a saved session into the one before',
    (retain) =>
      broken(
        (lease) => ({
          saved: {
            ...lease.saved,
            async put(document) {
              const before = await lease.saved.get(document.id);
              await lease.saved.put({ ...document, data: { ...before?.data, ...document.data } });
            },
          },
        }),
        retain,
      ),
    'a saved session that is put again is replaced whole',
  ],
  [
    'makes well-formed what is not',
    (retain) =>
      broken(
        (lease) => ({
          append: (records) =>
            lease.append(
              records.map((each) => ({
                ...each,
                payload: JSON.parse(JSON.stringify(each.payload).replaceAll('\\ud800', '�')),
              })),
            ),
        }),
        retain,
      ),
    'any JSON comes back as it was: in a fact, loaded and for cursors',
  ],
  [
    'cuts what load needs with what cursors read',
    (retain) =>
      broken(
        (lease) => ({
          async load(id) {
            const loaded = await lease.load(id);
            return { ...loaded, records: loaded.records.filter(({ seq }) => seq > lease.cutSeq) };
          },
        }),
        retain,
      ),
    'a live session is loaded whole, however few facts are retained',
  ],
  [
    'never says what it has cut',
    (retain) => broken((lease) => ({ cutSeq: lease.cutSeq }), retain),
    'retaining 3, cursors get the newest 3; cutSeq is the newest that is gone',
  ],
];

describe('a store that', () => {
  it.each(faults)('%s is found out', async (_fault, create, title) => {
    const found = verifyStore(() => create(), { retaining: create }).find((each) =>
      each.title.endsWith(`: ${title}`),
    );
    expect(found, `a case "${title}"`).toBeDefined();
    // By an assertion of the case, not by a wrapper that has fallen over.
    await expect(found?.run()).rejects.toThrow(/expected /);
  });

  it('is right passes the cases that find the others out', async () => {
    const cases = verifyStore(() => memoryStore(), {
      retaining: (retainEvents) => memoryStore({ retainEvents }),
    });
    for (const [, , title] of faults) await cases.find((each) => each.title.endsWith(`: ${title}`))?.run();
  });
});
