import { join } from 'node:path';
import { createSessionManager, type SessionManager } from '../src/index.ts';
import type { JournalRecord, SessionStore, StoreLease } from '../src/store/port.ts';
import { sqliteStore } from '../src/store/sqlite.ts';
import { type Benchmark, type Contender, compareRates, interleave, type Row, silent } from './harness.ts';
import { Scribe, TEXT } from './scribe.ts';

const ROUNDS = 21;
/** What a round may take is milliseconds for each append, whoever makes it. */
const APPENDS = 50;
const GOAL = 0.7;

interface Variant {
  readonly name: string;
  readonly callers: number;
  /** All callers send to one session; otherwise each has its own. */
  readonly shared: boolean;
  readonly goal?: number;
}

const VARIANTS: readonly Variant[] = [
  { name: '1 caller', callers: 1, shared: false },
  { name: '20 callers', callers: 20, shared: false, goal: GOAL },
  { name: '200 callers', callers: 200, shared: false, goal: GOAL },
  { name: '20 on one session', callers: 20, shared: true, goal: GOAL },
  { name: '200 on one session', callers: 200, shared: true, goal: GOAL },
];

export const durable: Benchmark = {
  name: 'durable',
  title: 'send to a session in an SQLite file, against bare appends of as many facts',
  heap: 'quiet',
  async run(options) {
    const appends = { count: 0, facts: 0 };
    const store = counting(sqliteStore(join(options.folder, 'ours.db')), appends);
    const manager = createSessionManager({ store });
    const lease = await sqliteStore(join(options.folder, 'bare.db')).open({ owner: 'bench' });
    const reached = new Map<string, number>();
    const rows: Row[] = [];
    for (const variant of VARIANTS) {
      options.say(variant.name);
      const [rounds, perCaller] = options.quick ? [1, 2] : [ROUNDS, APPENDS];
      const ours = await engine(manager, variant, perCaller);
      const before = { ...appends };
      const contenders = [ours, await bareStore(lease, variant, perCaller)];
      const sample = await interleave(contenders, rounds, silent(options));
      reached.set(variant.name, (appends.facts - before.facts) / (appends.count - before.count));
      const what = `durable send, ${variant.name}`;
      rows.push(compareRates(what, '/s', sample, 'ours', 'bare store', variant.goal));
    }
    await manager.close();
    await lease[Symbol.asyncDispose]();
    for (const { name, callers, goal } of VARIANTS)
      if (goal !== undefined)
        rows.push({
          what: `  facts in an append, ${name}`,
          unit: `of ${callers}`,
          ours: reached.get(name) ?? 0,
        });
    return rows;
  },
};

/** Each caller awaits its send before the next. */
async function engine(manager: SessionManager, variant: Variant, perCaller: number): Promise<Contender> {
  const ids = idsOf(variant);
  for (const id of ids) await manager.createSession({ id });
  const { callers } = variant;
  const call = async (id: string): Promise<void> => {
    for (let n = 0; n < perCaller; n += 1) await manager.sendMessage(id, 'user', TEXT);
  };
  return {
    name: 'ours',
    ops: callers * perCaller,
    run: () => Promise.all(Array.from({ length: callers }, (_, n) => call(ids[n % ids.length] ?? ''))),
  };
}

/** The same facts, as many to an append as there are callers, each append awaited before the next. */
async function bareStore(lease: StoreLease, variant: Variant, perCaller: number): Promise<Contender> {
  const ids = idsOf(variant);
  const { callers } = variant;
  const scribe = new Scribe(lease.lastSeq);
  await lease.append(ids.flatMap((id) => scribe.session(id, 0)));
  const sent = new Map<string, number>();
  const next = (id: string): JournalRecord => {
    const n = (sent.get(id) ?? 0) + 1;
    sent.set(id, n);
    return scribe.message(id, 2, n);
  };
  let groups: JournalRecord[][] = [];
  return {
    name: 'bare store',
    ops: callers * perCaller,
    prepare() {
      groups = Array.from({ length: perCaller }, () =>
        Array.from({ length: callers }, (_, n) => next(ids[n % ids.length] ?? '')),
      );
    },
    async run() {
      for (const group of groups) await lease.append(group);
    },
  };
}

function idsOf({ callers, shared }: Variant): string[] {
  return Array.from(
    { length: shared ? 1 : callers },
    (_, n) => `${shared ? 'of' : 'one-of'}-${callers}.${n}`,
  );
}

/** Counts the appends that a store is asked for, and their facts. */
function counting(store: SessionStore, appends: { count: number; facts: number }): SessionStore {
  return {
    async open(options) {
      const lease = await store.open(options);
      const append = lease.append.bind(lease);
      return Object.assign(lease, {
        append(records: readonly JournalRecord[]) {
          appends.count += 1;
          appends.facts += records.length;
          return append(records);
        },
      });
    },
  };
}
