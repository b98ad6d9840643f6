import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createSessionManager, type SessionManager } from '../src/index.ts';
import type { StoreLease } from '../src/store/port.ts';
import { sqliteStore } from '../src/store/sqlite.ts';
import {
  type Benchmark,
  type Contender,
  compare,
  compareRates,
  interleave,
  type Options,
  type Row,
} from './harness.ts';
import { idOf, sizeName, sizesOf } from './populations.ts';
import { fillStore } from './stored.ts';

const ROUNDS = 7;
const READ_ROUNDS = 3;
/** Of each session. */
const MESSAGES = 4;
/** Sessions that are waited for at once. */
const TOUCHED = 1_000;
const READY_MS = 1_000;
const READ_GOAL = 0.5;

export const recovery: Benchmark = {
  name: 'recovery',
  title: `reopen an SQLite file, and touch every session in it (${MESSAGES} messages each)`,
  heap: 'quiet',
  async run(options) {
    const rows: Row[] = [];
    let largest: { file: string; sessions: number } | undefined;
    for (const size of sizesOf(options)) {
      const file = join(options.folder, `${size}.db`);
      const sessions = await fillStore({ file, sessions: size, messages: MESSAGES }, options);
      rows.push(...(await ready(file, sessions, options)));
      largest = { file, sessions };
    }
    if (largest) rows.push(...(await readBack(largest.file, largest.sessions, options)));
    return rows;
  },
};

async function ready(file: string, sessions: number, options: Options): Promise<Row[]> {
  let manager: SessionManager | undefined;
  let lease: StoreLease | undefined;
  const contenders: Contender[] = [
    {
      name: 'ours',
      ops: 1,
      async run() {
        manager = createSessionManager({ store: sqliteStore(file) });
        const { recovered } = await manager.ready;
        if (recovered !== sessions) throw new Error(`${recovered} of ${sessions} sessions were recovered`);
      },
      restore: () => manager?.close(),
    },
    {
      name: 'bare store opens',
      ops: 1,
      async run() {
        lease = await sqliteStore(file).open({ owner: 'bench' });
      },
      restore: () => lease?.[Symbol.asyncDispose](),
    },
  ];
  const sample = await interleave(contenders, options.quick ? 1 : ROUNDS, options);
  const { wall, cpu } = sample('ours');
  const many = sizeName(sessions);
  return [
    { what: `ready with ${many} stored`, unit: 'ms', ours: wall / 1000, oursCpu: cpu / 1000, goal: READY_MS },
    compare('  against the bare store', sample, 'ours', 'bare store opens'),
  ];
}

/**
 * In facts a second: sessions that live, against rows that were read and parsed. The goal is against the same
 * work, sessions asked for by their ids; one scan of the table shows what asking for them costs.
 */
async function readBack(file: string, sessions: number, options: Options): Promise<Row[]> {
  const facts = sessions * (2 + MESSAGES);
  const contenders = [engine(file, sessions), bareStore(file, sessions), byId(file, sessions), scan(file)];
  const sample = await interleave(
    contenders.map((contender) => ({ ...contender, ops: facts })),
    options.quick ? 1 : READ_ROUNDS,
    options,
  );
  const row = (what: string, peer: string, goal?: number) =>
    compareRates(what, '/s', sample, 'ours', peer, goal);
  return [
    row(`${sizeName(sessions)} touched and back, in facts`, 'rows by id', READ_GOAL),
    row('  against the bare store', 'bare store loads'),
    row('  against one scan', 'rows, one scan'),
  ];
}

type Reading = Omit<Contender, 'ops'>;

function engine(file: string, sessions: number): Reading {
  let manager: SessionManager | undefined;
  return {
    name: 'ours',
    async prepare() {
      manager = createSessionManager({ store: sqliteStore(file) });
      await manager.ready;
    },
    async run() {
      let messages = 0;
      await touchAll(sessions, async (id) => {
        const info = await manager?.getSessionInfo(id);
        messages += info?.messageCount ?? 0;
      });
      expectAll(messages, sessions * MESSAGES);
    },
    restore: () => manager?.close(),
  };
}

function bareStore(file: string, sessions: number): Reading {
  let lease: StoreLease | undefined;
  return {
    name: 'bare store loads',
    async prepare() {
      lease = await sqliteStore(file).open({ owner: 'bench' });
    },
    async run() {
      let facts = 0;
      await touchAll(sessions, async (id) => {
        const stored = await lease?.load(id);
        facts += stored?.records.length ?? 0;
      });
      expectAll(facts, sessions * (2 + MESSAGES));
    },
    restore: () => lease?.[Symbol.asyncDispose](),
  };
}

/** Without the store, and without a thread of its own: a statement for each session, each payload parsed. */
function byId(file: string, sessions: number): Reading {
  return reading('rows by id', file, (database) => {
    const ofSession = database.prepare(`
      SELECT facts.* FROM sessions JOIN facts ON facts.session = sessions.seq
      WHERE sessions.id = ? ORDER BY facts.session_seq`);
    let seen = 0;
    for (let n = 0; n < sessions; n += 1) seen += parseAll(ofSession.all(idOf(n)) as FactRow[]);
    expectAll(seen, sessions * (2 + MESSAGES));
  });
}

/** In the order of the table, whosever they are: nobody could be faster. */
function scan(file: string): Reading {
  return reading('rows, one scan', file, (database) => {
    const page = database.prepare('SELECT * FROM facts WHERE seq > ? ORDER BY seq LIMIT 10000');
    let rows: FactRow[] = [];
    do {
      rows = page.all(rows.at(-1)?.seq ?? 0) as FactRow[];
      parseAll(rows);
    } while (rows.length > 0);
  });
}

interface FactRow {
  readonly seq: number;
  readonly payload: string;
}

function reading(name: string, file: string, run: (database: Database.Database) => void): Reading {
  let database: Database.Database | undefined;
  return {
    name,
    prepare() {
      database = new Database(file, { readonly: true });
    },
    run: () => database && run(database),
    restore: () => database?.close(),
  };
}

function parseAll(rows: readonly FactRow[]): number {
  let parsed = 0;
  for (const { payload } of rows) if (JSON.parse(payload)) parsed += 1;
  return parsed;
}

/** Many callers, each of which takes the next session when its last is back. */
async function touchAll(sessions: number, touch: (id: string) => Promise<void>): Promise<void> {
  let next = 0;
  const caller = async (): Promise<void> => {
    for (let n = next++; n < sessions; n = next++) await touch(idOf(n));
  };
  await Promise.all(Array.from({ length: TOUCHED }, caller));
}

function expectAll(seen: number, expected: number): void {
  if (seen !== expected) throw new Error(`${seen} of ${expected} were read`);
}
