/** `verifyClient`: kept runs, then random ones, until one breaks an invariant or all are made. */
import fc from 'fast-check';
import { keepFailure } from '../keeping.ts';
import { ProgressClock } from '../progress.ts';
import { readRegressions } from '../regressions.ts';
import { VerificationError, type VerificationReport } from '../report.ts';
import { probe } from './abilities.ts';
import { coverageOf } from './coverage.ts';
import { traceOf } from './document.ts';
import type { CreateClient } from './env.ts';
import { scenarios } from './generate.ts';
import { minimize } from './minimize.ts';
import { type ClientPlan, planOf, type VerifyClientOptions } from './options.ts';
import { RunFailure, type RunRecord, runTwice } from './run.ts';
import { checkScenario, type Scenario } from './scenario.ts';
import type { Subject } from './subject.ts';

export interface ClientReport extends VerificationReport {
  /** How often each thing came about that a run can go through: `ended killed`, `asleep`, `crashed process`. */
  readonly reached: Readonly<Record<string, number>>;
}

/**
 * Makes random concurrent runs of a client against a model of what every client promises, with slow and refusing
 * stores, crashes of the process, failing hooks and agents, and a clock that the run moves. Each call is started and
 * left to itself; a scheduler decides in which order what waits goes on.
 *
 * Rejects with a {@link VerificationError} that holds the smallest failing run; with a `TypeError` for what cannot be
 * verified.
 */
export async function verifyClient<TAgentEvent = never>(
  create: CreateClient<TAgentEvent>,
  options: VerifyClientOptions = {},
): Promise<ClientReport> {
  const plan = planOf(create, options);
  const kept = plan.regressions ? await readRegressions(plan.regressions, 'client', plan.name) : [];
  const subject: Subject = { ...plan.subject, abilities: await probe(plan.subject) };
  const reached = new Map<string, number>();
  const progress = new ProgressClock(plan.path === undefined ? kept.length + plan.runs : 1, plan.onProgress);
  const count = (record: RunRecord): void => {
    for (const [what, times] of record.reached) reached.set(what, (reached.get(what) ?? 0) + times);
    progress.ran(() => coverageOf(reached));
  };
  if (plan.path === undefined)
    for (const { name, run } of kept) {
      const scenario = checkScenario(run, `the kept run "${name}"`);
      try {
        count(await runTwice(subject, scenario));
      } catch (error) {
        throw await failureOf(error, { plan, subject, scenario, regression: name, runs: progress.runs + 1 });
      }
    }
  await makeRandomRuns(plan, subject, progress, count);
  progress.end(() => coverageOf(reached));
  return {
    runs: progress.runs,
    ...coverageOf(reached),
    seed: plan.seed,
    reached: Object.fromEntries([...reached].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

async function makeRandomRuns(
  plan: ClientPlan,
  subject: Subject,
  progress: ProgressClock,
  count: (record: RunRecord) => void,
): Promise<void> {
  const { runs, seed, path, steps, pinned, agentEvents } = plan;
  const property = fc.asyncProperty(
    scenarios({ abilities: subject.abilities, steps, pinned, agentEvents }),
    async (scenario) => count(await runTwice(subject, scenario)),
  );
  const details = await fc.check(property, {
    numRuns: path === undefined ? runs : 1,
    seed,
    endOnFailure: true,
    ...(path !== undefined && { path }),
  });
  if (!details.failed) return;
  const [scenario] = details.counterexample ?? [];
  const failure = details.errorInstance;
  if (!scenario || !(failure instanceof RunFailure)) throw failure ?? new Error('The runs were interrupted.');
  const tried = () => progress.shrinking();
  const least = await minimize(subject, { scenario, failure }, { pinned, tried });
  throw await failureOf(least.failure, {
    plan,
    subject,
    scenario: least.scenario,
    path: details.counterexamplePath ?? '',
    runs: progress.runs + 1,
  });
}

interface Found {
  readonly plan: ClientPlan;
  readonly subject: Subject;
  readonly scenario: Scenario;
  readonly runs: number;
  readonly path?: string;
  /** The name of the kept run that fails again. */
  readonly regression?: string;
}

/** The failure as it is told, once its trace is written and its run is kept. */
async function failureOf(error: unknown, found: Found): Promise<unknown> {
  if (!(error instanceof RunFailure)) return error;
  const { plan, subject, scenario, runs, path = '', regression } = found;
  const { violation, record } = error;
  const { name, seed } = plan;
  const trace = traceOf({ name, seed, path, subject, scenario, record, violation });
  const { invariant } = violation;
  const { traceFolder } = plan;
  const kept = await keepFailure(trace, {
    traceFolder,
    regressions: regression === undefined ? plan.regressions : undefined,
  });
  return new VerificationError({
    invariant,
    reason: violation.message,
    seed,
    path,
    steps: trace.steps.map(({ words }) => words),
    trace,
    runs,
    regression,
    ...kept,
    cause: violation.cause,
  });
}
