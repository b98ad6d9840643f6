/** Kill after kill over one file: what one leaves behind is what the next begins with. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import type { SessionManager } from '../../src/manager.ts';
import type { SessionStore } from '../../src/store/port.ts';
import { sqliteStore } from '../../src/store/sqlite.ts';
import { Random } from '../support/random.ts';
import { type Found, findIn } from './found.ts';
import { Ledger } from './ledger.ts';
import { readOutcomes } from './outcomes.ts';
import { type Death, drawDeath, inWords, type Plan } from './plan.ts';
import { type Line, parseReport } from './report.ts';
import { CrashViolation, violated } from './violation.ts';

export interface CampaignOptions {
  readonly seed: number;
  readonly kills: number;
  /** Of campaigns that are made one after the other: each takes the boundaries up where the last has left them. */
  readonly turn?: number;
  /** See lies.ts. */
  readonly lie?: string;
  /** What the recovery that is checked reads from. */
  readonly recovered?: (store: SessionStore) => SessionStore;
  /** Whether the file that broke a promise is kept. Default true. */
  readonly keep?: boolean;
  readonly onKill?: (tally: Tally) => void;
}

/** What the kills have gone through. */
export interface Tally {
  kills: number;
  asked: number;
  acknowledged: number;
  sessions: number;
  events: number;
  /** How often a process died at each boundary. */
  readonly boundaries: Map<string, number>;
}

export const newTally = (): Tally => ({
  kills: 0,
  asked: 0,
  acknowledged: 0,
  sessions: 0,
  events: 0,
  boundaries: new Map(),
});

/** A child that is lied to ends with the lie. */
const BY_ITSELF: Death = { at: 'store', n: Number.POSITIVE_INFINITY, when: 'before' };

/** Rejects with a `CrashViolation` that says how to see it again. */
export async function runCampaign(options: CampaignOptions, tally: Tally = newTally()): Promise<Tally> {
  const {
    seed,
    kills,
    turn = 0,
    lie,
    recovered = (store) => store,
    keep = true,
    onKill = () => {},
  } = options;
  const folder = mkdtempSync(join(tmpdir(), 'chartroom-crash-'));
  const file = join(folder, 'store.db');
  const random = new Random(seed);
  const ledger = new Ledger();
  // The children, and the threads of the stores here, start three times as fast.
  process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'chartroom-crash-compiled');
  for (let run = 0; run < kills; run += 1) {
    const death = lie === undefined ? drawDeath(random, run, turn) : BY_ITSELF;
    const plan: Plan = {
      file,
      seed: random.between(0, 2 ** 31),
      run,
      death,
      ...(lie !== undefined && { lie }),
    };
    try {
      const outcomes = readOutcomes(await runToDeath(plan));
      const store = recovered(sqliteStore(file));
      const found = await findIn(store, Date.now(), async (manager, now) => {
        ledger.compare(outcomes, now);
        await repeatKeys(manager, now);
      });
      ledger.compareAgain(await findIn(store, found.nowMs));
      count(tally, outcomes, found);
      onKill(tally);
    } catch (error) {
      if (!(error instanceof CrashViolation)) throw error;
      if (!keep) rmSync(folder, { recursive: true });
      const place = `kill ${run + 1} of ${kills}, ${inWords(death)}${keep ? `; its file is kept: ${file}` : ''}`;
      throw new CrashViolation(`${error.message}\n  CHARTROOM_SEED=${seed} (${place})`, { cause: error });
    }
  }
  rmSync(folder, { recursive: true });
  return tally;
}

/** The same key again gives the first message, whatever the content, and adds nothing. */
async function repeatKeys(manager: SessionManager, { sessions }: Found): Promise<void> {
  for (const [id, { keyed, messages }] of sessions) {
    const session = manager.session(id);
    for (const [idempotencyKey, first] of keyed.slice(-3)) {
      const again = await session.send('user', 'said again', { idempotencyKey });
      if (!isDeepStrictEqual(again, first))
        violated(`${id} got ${JSON.stringify(again)} for a key that had brought ${JSON.stringify(first)}`);
    }
    const { messages: now } = await session.snapshot();
    if (!isDeepStrictEqual(now, messages)) violated(`${id} has changed by keys that were repeated`);
  }
}

function count(tally: Tally, outcomes: ReturnType<typeof readOutcomes>, found: Found): void {
  tally.kills += 1;
  tally.asked += outcomes.asked;
  tally.acknowledged += outcomes.acknowledged;
  tally.sessions += found.sessions.size;
  tally.events += outcomes.heard.length;
  const boundary = outcomes.boundary ?? 'from outside';
  tally.boundaries.set(boundary, (tally.boundaries.get(boundary) ?? 0) + 1);
}

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url));
const STATEMENTS = new URL('statements.ts', import.meta.url).href;

/** Starts a child, has it killed as planned, and gives what it reported. */
export async function runToDeath(plan: Plan): Promise<Line[]> {
  const { death } = plan;
  const hook = death.at === 'statement' ? ['--import', STATEMENTS] : [];
  const child = spawn(process.execPath, [...hook, CHILD], {
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      CHARTROOM_CRASH: JSON.stringify(plan),
    },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  let text = '';
  let errors = '';
  const killLater = (ms: number) => setTimeout(() => child.kill('SIGKILL'), ms).unref();
  if (death.at === 'time' && death.since === 'start') killLater(death.ms);
  const pipe = child.stdio[3] as Readable;
  pipe.setEncoding('utf8').on('data', (piece: string) => {
    if (text === '' && death.at === 'time' && death.since === 'open') killLater(death.ms);
    text += piece;
  });
  child.stderr?.setEncoding('utf8').on('data', (piece: string) => {
    errors += piece;
  });
  const [code, signal] = await new Promise<readonly unknown[]>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (...end) => resolve(end));
  });
  if (signal !== 'SIGKILL') violated(`the child ended by itself, with ${signal ?? code}:`, errors);
  return parseReport(text);
}
