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
/** Sessions that are touched before the first of them is back. */
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
    if (largest) rows.push(await readBack(largest.file, largest.sessions, options));
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

/** In facts a second: sessions that live against rows that were read and parsed. */
async function readBack(file: string, sessions: number, options: Options): Promise<Row> {
  const facts = sessions * (2 + MESSAGES);
  const sample = await interleave(
    [engine(file, sessions, facts), bareRows(file, facts)],
    options.quick ? 1 : READ_ROUNDS,
    options,
  );
  const what = `${sizeName(sessions)} sessions back, in facts`;
  return compareRates(what, '/s', sample, 'ours', 'read and parsed', READ_GOAL);
}

function engine(file: string, sessions: number, facts: number): Contender {
  let manager: SessionManager | undefined;
  return {
    name: 'ours',
    ops: facts,
    async prepare() {
      manager = createSessionManager({ store: sqliteStore(file) });
      await manager.ready;
    },
    async run() {
      let next = 0;
      let messages = 0;
      const touch = async (): Promise<void> => {
        for (let id = next++; id < sessions; id = next++) {
          const info = await manager?.getSessionInfo(idOf(id));
          messages += info?.messageCount ?? 0;
        }
      };
      await Promise.all(Array.from({ length: TOUCHED }, touch));
      if (messages !== sessions * MESSAGES) throw new Error(`${messages} messages came back`);
    },
    restore: () => manager?.close(),
  };
}

/** One scan in the order of the table, each payload parsed and let go: nobody could be faster. */
function bareRows(file: string, facts: number): Contender {
  let database: Database.Database | undefined;
  return {
    name: 'read and parsed',
    ops: facts,
    prepare() {
      database = new Database(file, { readonly: true });
    },
    run() {
      const page = database?.prepare('SELECT * FROM facts WHERE seq > ? ORDER BY seq LIMIT 10000');
      let seen = 0;
      let after = 0;
      for (;;) {
        const rows = page?.all(after) as Array<{ seq: number; payload: string }>;
        for (const { payload } of rows) if (JSON.parse(payload)) seen += 1;
        const last = rows.at(-1);
        if (!last) break;
        after = last.seq;
      }
      if (seen !== facts) throw new Error(`${seen} of ${facts} facts were read`);
    },
    restore: () => database?.close(),
  };
}
