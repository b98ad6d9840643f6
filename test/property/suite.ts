/** Many random runs: what they reached, or the smallest one that breaks a property, in words and as a file. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import type { Engine } from './engine.ts';
import { scenario } from './generate.ts';
import { minimize } from './minimize.ts';
import { RunFailure, type RunRecord, runTwice } from './run.ts';
import type { Scenario } from './scenario.ts';
import { INVARIANTS, type InvariantNumber } from './violation.ts';
import { inWords } from './words.ts';

export interface SuiteOptions {
  readonly runs: number;
  readonly seed: number;
  /** Replays one run of that seed, given by a failure. */
  readonly path?: string;
}

export interface SuiteReport {
  readonly runs: number;
  readonly events: number;
  readonly calls: number;
  /** How often each thing happened that the runs are meant to reach. */
  readonly reached: ReadonlyMap<string, number>;
}

/** A broken property, and all that is needed to see it again. */
export class SuiteFailure extends Error {
  override readonly name = 'SuiteFailure';
  /** The number of the property. */
  readonly invariant: InvariantNumber;
  readonly seed: number;
  readonly path: string;
  /** How many runs it took. */
  readonly runs: number;
  readonly file: string;
  readonly #scenario: Scenario;

  constructor(failure: RunFailure, found: Found) {
    const { seed, path, scenario: shrunk, runs } = found;
    const file = writeTrace(failure, found);
    super(
      [
        failure.message,
        `  ${inWords(shrunk).join(' · ')}`,
        `  CHARTROOM_SEED=${seed} CHARTROOM_PATH=${path} (run ${runs})`,
        `  settings ${JSON.stringify(shrunk.settings)}`,
        `  trace in ${file}`,
      ].join('\n'),
      { cause: failure.violation },
    );
    this.invariant = failure.violation.invariant;
    this.seed = seed;
    this.path = path;
    this.runs = runs;
    this.#scenario = shrunk;
    this.file = file;
  }

  get scenario(): Scenario {
    return this.#scenario;
  }
}

interface Found {
  readonly seed: number;
  readonly path: string;
  readonly runs: number;
  readonly scenario: Scenario;
}

export async function runSuite(
  engine: Engine,
  options: SuiteOptions,
  scenarios = scenario,
): Promise<SuiteReport> {
  const reached = new Map<string, number>();
  const totals = { runs: 0, events: 0, calls: 0 };
  const property = fc.asyncProperty(scenarios, async (each) => {
    const record = await runTwice(engine, each);
    totals.runs += 1;
    totals.events += record.events.length;
    totals.calls += record.calls.length;
    for (const [what, count] of record.reached) reached.set(what, (reached.get(what) ?? 0) + count);
  });
  const { runs, seed, path } = options;
  const details = await fc.check(property, { numRuns: runs, seed, ...(path !== undefined && { path }) });
  if (!details.failed) return { ...totals, reached };
  const [shrunk] = details.counterexample ?? [];
  const failure = details.errorInstance;
  if (!shrunk || !(failure instanceof RunFailure)) throw failure ?? new Error('the runs were interrupted');
  const least = await minimize(engine, { scenario: shrunk, failure });
  const found = { seed, path: details.counterexamplePath ?? '', runs: details.numRuns };
  throw new SuiteFailure(least.failure, { ...found, scenario: least.scenario });
}

const FOLDER = new URL('./.failures/', import.meta.url);

function writeTrace({ violation, record }: RunFailure, found: Found): string {
  mkdirSync(FOLDER, { recursive: true });
  const file = new URL(`${found.seed}-invariant-${violation.invariant}.json`, FOLDER);
  const document = {
    invariant: { number: violation.invariant, name: INVARIANTS[violation.invariant] },
    message: violation.message,
    seed: found.seed,
    path: found.path,
    steps: inWords(found.scenario),
    scenario: found.scenario,
    trace: traceOf(record),
  };
  writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
  return fileURLToPath(file);
}

function traceOf({ events, calls, order }: RunRecord): object {
  return { events, calls, order };
}
