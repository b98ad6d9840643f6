/** Stores that write wrongly, or read wrongly what is written meanwhile. */
import { asyncDispose } from '../../../src/dispose.ts';
import { isSessionError, SessionError } from '../../../src/errors.ts';
import type { JournalRecord, SessionHead } from '../../../src/store/port.ts';
import { turns } from '../../support/turns.ts';
import { type Fault, refusal } from './broken-store.ts';

const failed = (message: string) => new SessionError('STORE_FAILED', message);

export const wrongWrites: readonly Fault[] = [
  {
    what: 'keeps the part of a refused batch that was right',
    parts: (lease) => ({
      append(records) {
        for (const record of records) lease.append([record]);
      },
    }),
  },
  {
    what: 'takes a wrong order for a success',
    parts: (lease) => ({ append: (records) => void refusal(() => lease.append(records)) }),
  },
  {
    what: 'puts the facts of an append in a turn too late',
    parts: (lease) => ({ append: (records) => void setTimeout(() => refusal(() => lease.append(records))) }),
  },
  {
    what: 'refuses an append of nothing',
    parts: (lease) => ({
      append(records) {
        if (records.length === 0) throw failed('There is nothing to append.');
        lease.append(records);
      },
    }),
  },
  {
    what: 'lets a short append overtake a long one',
    parts: (lease) => {
      let calls = 0;
      return {
        async append(records) {
          calls += 1;
          if (calls % 2 === 1) await turns(1);
          lease.append(records);
        },
      };
    },
  },
  {
    what: 'refuses all appends of a turn with one of them',
    parts: (lease) => {
      let group: JournalRecord[][] = [];
      let written: Promise<void> | undefined;
      return {
        append(records) {
          group.push([...records]);
          written ??= (async () => {
            await turns(1);
            const batch = group.flat();
            group = [];
            written = undefined;
            lease.append(batch);
          })();
          return written;
        },
      };
    },
  },
  {
    what: 'reads the list that it was given when it is its turn',
    parts: (lease) => ({
      async append(records) {
        await turns(1);
        lease.append(records);
      },
    }),
  },
  {
    what: 'marks the facts that it was given',
    parts: (lease) => ({
      append(records) {
        lease.append(records);
        if (!records.every((each) => Reflect.set(each, 'kept', true)))
          throw failed('A fact cannot be marked.');
      },
    }),
  },
  {
    what: 'deletes what has ended at the end of the batch',
    parts: (lease) => ({
      append(records) {
        lease.append(records);
        for (const { type, sessionId } of records) if (type === 'session_terminated') lease.remove(sessionId);
      },
    }),
  },
  {
    what: 'gives loads of one turn the first one’s answer',
    parts: (lease) => {
      let answer: ReturnType<typeof lease.load> | undefined;
      return {
        load(id) {
          answer ??= (async () => {
            const loaded = await lease.load(id);
            await turns(1);
            answer = undefined;
            return loaded;
          })();
          return answer;
        },
      };
    },
  },
  {
    what: 'lets reads overtake writes',
    parts: (lease) => ({
      async putSnapshot(id, snapshot) {
        await turns(1);
        await lease.putSnapshot(id, snapshot);
      },
    }),
  },
  {
    what: 'refuses the snapshot that it has',
    parts: (lease) => ({
      async putSnapshot(id, snapshot) {
        const before = (await lease.load(id)).snapshot;
        if (before?.sessionSeq === snapshot.sessionSeq) throw failed('This snapshot is there.');
        await lease.putSnapshot(id, snapshot);
      },
    }),
  },
  {
    what: 'lets an older snapshot take the place of a newer one',
    parts: (lease, notes) => ({
      putSnapshot(id, snapshot) {
        if (refusal(() => lease.putSnapshot(id, snapshot)))
          notes.snapshots.set(id, [...(notes.snapshots.get(id) ?? []), snapshot]);
      },
      async load(id) {
        const snapshot = notes.snapshots.get(id)?.at(-1);
        return { ...(await lease.load(id)), ...(snapshot && { snapshot }) };
      },
    }),
  },
  {
    what: 'goes on from the facts that it still has',
    parts: (lease) => ({
      async append(records) {
        for (const { sessionId } of records) {
          const session = await lease.load(sessionId);
          if (session.snapshot && session.records.length === 0) throw failed('Fact 1 was expected.');
        }
        lease.append(records);
      },
    }),
  },
  {
    what: 'removes only what is there',
    parts: (lease) => ({
      async remove(id) {
        if (!(await lease.head(id))) throw new SessionError('SESSION_NOT_FOUND', `There is no "${id}".`);
        await lease.remove(id);
      },
    }),
  },
  {
    what: 'changes the heads that it has given',
    parts: (lease) => {
      const given = new Map<string, SessionHead>();
      return {
        async head(id) {
          const head = await lease.head(id);
          if (head && !given.has(id)) given.set(id, { ...head });
          return head && given.get(id);
        },
        append(records) {
          lease.append(records);
          for (const [id, head] of given) Object.assign(head, lease.head(id));
        },
      };
    },
  },
  {
    what: 'changes the records that it has loaded',
    parts: (lease) => {
      const given = new Map<string, JournalRecord[]>();
      return {
        async load(id) {
          const { records, ...rest } = await lease.load(id);
          const list = [...records];
          given.set(id, list);
          return { ...rest, records: list };
        },
        append(records) {
          lease.append(records);
          for (const each of records) given.get(each.sessionId)?.push(each);
        },
      };
    },
  },
  {
    what: 'changes the lists of saved sessions that it has given',
    parts: (lease) => {
      const given: Array<{ id: string }>[] = [];
      return {
        saved: {
          async list() {
            const list = [...(await lease.saved.list())];
            given.push(list);
            return list;
          },
          put(document) {
            lease.saved.put(document);
            for (const list of given) list.push(document);
          },
        },
      };
    },
  },
  {
    what: 'keeps one of the saved sessions of a turn',
    parts: (lease) => {
      let taken = false;
      return {
        saved: {
          async put(document) {
            if (taken) return;
            taken = true;
            lease.saved.put(document);
            await turns(1);
            taken = false;
          },
        },
      };
    },
  },
  {
    what: 'gives cursors what comes while they read',
    parts: (lease) => ({
      async *facts({ from, limit = Infinity, ...query }) {
        let read = from;
        for (let count = 0; count < limit; count += 1) {
          let found = false;
          for await (const each of lease.facts({ ...query, from: read, limit: 1 })) {
            read = each.seq;
            found = read < 50;
            yield each;
          }
          if (!found) return;
        }
      },
    }),
  },
  {
    what: 'lets nobody write before a reader has read all',
    parts: (lease) => {
      let reading = 0;
      return {
        async *facts(query) {
          reading += 1;
          for await (const each of lease.facts(query)) yield each;
          reading -= 1;
        },
        async append(records) {
          if (reading > 0) throw failed('The store is being read.');
          lease.append(records);
        },
      };
    },
  },
  {
    what: 'has one cursor for all readers',
    parts: (lease) => {
      let iterator: Iterator<JournalRecord> | undefined;
      return {
        async *facts(query) {
          iterator ??= [...(lease.facts(query) as Iterable<JournalRecord>)].values();
          for (let next = iterator.next(); !next.done; next = iterator?.next() ?? { done: true, value: 0 }) {
            yield next.value;
            await turns(1);
          }
          iterator = undefined;
        },
      };
    },
  },
  {
    what: 'gives facts in the place where others were',
    parts: (lease) => {
      const ring: JournalRecord[] = [];
      return {
        append(records) {
          lease.append(records);
          for (const [n, each] of records.entries()) if (ring[n]) Object.assign(ring[n], each);
        },
        async *facts(query) {
          for await (const each of lease.facts(query)) {
            const place = { ...each };
            ring.push(place);
            yield place;
          }
        },
      };
    },
  },
  {
    what: 'lets an owner write who has given the lease back',
    parts: (lease) => ({
      remove: (id) => void refusal(() => lease.remove(id)),
      append(records) {
        const error = refusal(() => lease.append(records));
        if (isSessionError(error) && error.code === 'STORE_FAILED') throw error;
      },
    }),
  },
  {
    what: 'begins its epochs anew',
    parts: () => ({ epoch: 1 }),
  },
  {
    what: 'gives the lease back before what it still has to write',
    parts: (lease) => ({
      async append(records) {
        await turns(1);
        lease.append(records);
      },
      [asyncDispose]: () => lease[asyncDispose](),
    }),
  },
  {
    what: 'says at once that a lease is given back that is on its way',
    parts: (lease) => {
      let begun = false;
      return {
        async [asyncDispose]() {
          if (begun) return;
          begun = true;
          await turns(1);
          await lease[asyncDispose]();
        },
      };
    },
  },
];
