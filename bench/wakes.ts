import type { SessionManager } from '../src/index.ts';
import { sqliteStore } from '../src/store/sqlite.ts';
import { compare, interleave, type Options, type Row, silent } from './harness.ts';
import { idOf } from './populations.ts';

const WOKEN = 1_000;
const WAKE_MS = 2;

/** Touches sleeping sessions one at a time, spread over the store; between them the bare store reads others. */
export async function wakeOneByOne(
  manager: SessionManager,
  file: string,
  sessions: number,
  which: string,
  options: Options,
): Promise<Row[]> {
  const rounds = options.quick ? 3 : WOKEN;
  const lease = await sqliteStore(file, { readOnly: true }).open({ owner: 'bench' });
  // The peer reads what ours has not touched; both include rounds to warm up.
  const step = Math.floor(sessions / (2 * rounds + 20));
  let next = 0;
  const someone = (): string => {
    next += step;
    return idOf(next);
  };
  const awake = () => sessions - manager.stats().asleep;
  const before = awake();
  const sample = await interleave(
    [
      { name: 'ours', ops: 1, run: () => manager.getSessionInfo(someone()) },
      { name: 'bare store loads', ops: 1, run: () => lease.load(someone()) },
    ],
    rounds,
    silent(options),
  );
  if (awake() - before < rounds) throw new Error(`${awake() - before} sessions woke in ${rounds} rounds`);
  await lease[Symbol.asyncDispose]();
  const { wall, cpu } = sample('ours');
  return [
    { what: `awake again, one ${which}`, unit: 'ms', ours: wall / 1000, oursCpu: cpu / 1000, goal: WAKE_MS },
    compare('  against the bare store', sample, 'ours', 'bare store loads'),
  ];
}
