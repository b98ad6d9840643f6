/** Stores that answer wrongly about sessions: what `head`, `heads`, `counts` and `load` give. */
import type { SessionHead, StoreLease } from '../../../src/store/port.ts';
import type { Fault } from './broken-store.ts';

const headsOf = (lease: StoreLease, change: (head: SessionHead) => SessionHead) =>
  ({
    async head(id) {
      const head = await lease.head(id);
      return head && change(head);
    },
    heads: async (query) => (await lease.heads(query)).map(change),
  }) satisfies Partial<StoreLease>;

const terminated = (id: string): SessionHead => ({
  id,
  seq: 1,
  sessionSeq: 1,
  status: 'terminated',
  wakeAt: null,
});

export const wrongSessions: readonly Fault[] = [
  {
    what: 'counts a session that is not there',
    parts: (lease) => ({ counts: async () => ({ active: 1, ...(await lease.counts()) }) }),
  },
  {
    what: 'counts what was removed',
    parts: (lease, { removed }) => ({
      counts: async () => ({ ...(await lease.counts()), ...(removed.length > 0 && { removed: 1 }) }),
    }),
  },
  {
    what: 'leaves a session in the heads after its end',
    parts: (lease, notes) => ({
      heads: async (query) => [...(await lease.heads(query)), ...notes.ended.map(terminated)],
    }),
  },
  {
    what: 'finds a head by the beginning of its id',
    parts: (lease) => ({
      head: async (id) =>
        (await lease.head(id)) ?? (await lease.heads()).find((head) => head.id.startsWith(id)),
    }),
  },
  {
    what: 'takes the newest fact for the first',
    parts: (lease, notes) =>
      headsOf(lease, (head) => ({ ...head, seq: notes.factsOf(head.id).at(-1)?.seq ?? head.seq })),
  },
  {
    what: 'counts on in sessionSeq when an id begins again',
    parts: (lease, notes) =>
      headsOf(lease, (head) => ({ ...head, sessionSeq: notes.factsOf(head.id).length })),
  },
  {
    what: 'takes the status from any fact that has one',
    parts: (lease, notes) =>
      headsOf(lease, (head) => {
        const payloads = notes.factsOf(head.id).map(({ payload }) => payload as { status?: string });
        return {
          ...head,
          status: payloads.findLast(({ status }) => status !== undefined)?.status ?? head.status,
        };
      }),
  },
  {
    what: 'takes what says nothing about wakeAt for what clears it',
    parts: (lease, notes) =>
      headsOf(lease, (head) => {
        const facts = notes.factsOf(head.id);
        return facts.at(-1)?.wakeAt === undefined ? { ...head, wakeAt: null } : head;
      }),
  },
  {
    what: 'lets a snapshot that says nothing about wakeAt clear it',
    parts: (lease, notes) =>
      headsOf(lease, (head) => {
        const snapshot = notes.snapshots.get(head.id)?.at(-1);
        return snapshot && snapshot.wakeAt === undefined ? { ...head, wakeAt: null } : head;
      }),
  },
  {
    what: 'lets a snapshot that came late take back the wake time of a newer fact',
    parts: (lease, notes) =>
      headsOf(lease, (head) => {
        const snapshot = notes.snapshots.get(head.id)?.at(-1);
        return snapshot?.wakeAt === undefined ? head : { ...head, wakeAt: snapshot.wakeAt };
      }),
  },
  {
    what: 'gives the heads in the order of their ids',
    parts: (lease) => ({
      heads: async (query) => [...(await lease.heads(query))].sort((a, b) => (a.id < b.id ? -1 : 1)),
    }),
  },
  {
    what: 'gives the page after the one asked for',
    parts: (lease) => ({
      heads: (query) =>
        lease.heads(query?.after === undefined ? query : { ...query, after: query.after + 1 }),
    }),
  },
  {
    what: 'takes no status for any',
    parts: (lease) => ({
      heads: ({ status, ...query } = {}) => lease.heads(status?.length ? { ...query, status } : query),
    }),
  },
  {
    what: 'wakes those at the lower bound too',
    parts: (lease) => ({
      heads: (query = {}) =>
        lease.heads(query.wakeAfter === undefined ? query : { ...query, wakeAfter: query.wakeAfter - 1 }),
    }),
  },
  {
    what: 'wakes as many as there are',
    parts: (lease) => ({
      heads: ({ limit, ...query } = {}) =>
        lease.heads(query.wakeBy === undefined && limit !== undefined ? { ...query, limit } : query),
    }),
  },
  {
    what: 'leaves a session in the index of those to wake where it was at first',
    parts: (lease, notes) => ({
      async heads(query = {}) {
        const { wakeAfter, wakeBy } = query;
        if (wakeAfter === undefined || wakeBy === undefined) return lease.heads(query);
        const firstWakeAt = (id: string) => notes.factsOf(id).find((each) => each.wakeAt)?.wakeAt ?? null;
        return (await lease.heads()).filter(({ id }) => {
          const at = firstWakeAt(id);
          return at !== null && at > wakeAfter && at <= wakeBy;
        });
      },
    }),
  },
  {
    what: 'leaves what has gone among those to wake',
    parts: (lease, notes) => ({
      heads: async (query) => [
        ...(await lease.heads(query)),
        ...(query?.wakeBy === undefined ? [] : [...notes.ended, ...notes.removed].map(terminated)),
      ],
    }),
  },
  {
    what: 'forgets the newest fact',
    parts: (lease) => ({
      async load(id) {
        const { records, ...rest } = await lease.load(id);
        return { ...rest, records: records.slice(0, -1) };
      },
    }),
  },
  {
    what: 'forgets half of a large batch',
    parts: (lease) => ({
      async load(id) {
        const { records, ...rest } = await lease.load(id);
        return { ...rest, records: records.filter(({ seq }) => seq <= 1000) };
      },
    }),
  },
  {
    what: 'gives the facts of another session that came in between',
    parts: (lease, notes) => ({
      async load(id) {
        const loaded = await lease.load(id);
        const [from = Infinity, to = 0] = [loaded.records[0]?.seq, loaded.records.at(-1)?.seq];
        return { ...loaded, records: notes.facts.filter(({ seq }) => seq >= from && seq <= to) };
      },
    }),
  },
  {
    what: 'takes any session for one that is not there',
    parts: (lease) => ({
      async load(id) {
        const [other] = await lease.heads();
        return lease.load((await lease.head(id)) || !other ? id : other.id);
      },
    }),
  },
  {
    what: 'gives the facts that the snapshot stands for',
    parts: (lease, notes) => ({
      load: async (id) => ({ ...(await lease.load(id)), records: notes.factsOf(id) }),
    }),
  },
  {
    what: 'gives the first snapshot of a session for ever',
    parts: (lease, notes) => ({
      async load(id) {
        const [snapshot] = notes.snapshots.get(id) ?? [];
        return { ...(await lease.load(id)), ...(snapshot && { snapshot }) };
      },
    }),
  },
  {
    what: 'drops the snapshot when facts are appended',
    parts: (lease) => ({
      async load(id) {
        const { snapshot, records } = await lease.load(id);
        return { ...(snapshot && records.length === 0 && { snapshot }), records };
      },
    }),
  },
  {
    what: 'gives the newest snapshot to come, of whatever session it is',
    parts: (lease, notes) => ({
      async load(id) {
        const { snapshot, records } = await lease.load(id);
        const newest = [...notes.snapshots.values()].at(-1)?.at(-1);
        return { ...(snapshot && newest && { snapshot: newest }), records };
      },
    }),
  },
  {
    what: 'keeps the snapshot of a session that is not there',
    parts: (lease, notes) => ({
      async load(id) {
        const snapshot = notes.snapshots.get(id)?.at(-1);
        return { ...(snapshot && { snapshot }), records: (await lease.load(id)).records };
      },
    }),
  },
];
