import fc from 'fast-check';
import type { AnyStateMachine } from 'xstate';
import { keepFailure } from '../keeping.ts';
import { ProgressClock } from '../progress.ts';
import { readRegressions } from '../regressions.ts';
import { VerificationError, type VerificationReport } from '../report.ts';
import { Coverage } from './coverage.ts';
import type { Ways } from './ending.ts';
import { explore, learnPayloads } from './explore.ts';
import { runArbitrary, sampleStarts } from './generate.ts';
import type { Broken } from './invariants.ts';
import { judge } from './judge.ts';
import { type Found, minimize } from './minimize.ts';
import { notesOn } from './notes.ts';
import { unprovidedActors } from './option-checks.ts';
import type { VerifyMachineOptions } from './options.ts';
import { type Plan, planFor } from './plan.ts';
import { Rejections } from './rejections.ts';
import { SAMPLES, type Samples, sampleSteps, type Vocabulary, waysBy } from './samples.ts';
import { simplerRuns } from './simplify.ts';
import { UnprovidedActor } from './stand-in.ts';
import { decodeRun, encodeRun, type Run, type Step } from './step.ts';
import { traceOf } from './trace-of.ts';

/** Runs tried while a failure is made smaller. */
const MAX_SHRINKS = 1500;
/** Milliseconds between two turns of the event loop. */
const SLICE_MS = 100;

/**
 * Looks for a run of the machine that breaks what has to hold of every machine: that nothing makes it throw, that
 * it can be ended, that saving and restoring it changes nothing, that no step goes round in circles, that the same
 * run gives the same trace; and what the options ask besides. First come kept runs, then shortest paths to every
 * state that can be reached, then random runs.
 *
 * Actions and guards run for real: provide others (`machine.provide`) for those that reach out. Actors that act by
 * themselves are replaced, as `options.actors` says. Time is simulated.
 *
 * Resolves with what was reached. Rejects with a `VerificationError` that has the smallest run found, and with a
 * `TypeError` for a machine that cannot be explored and options that make no sense.
 */
export async function verifyMachine<M extends AnyStateMachine>(
  machine: M,
  options?: VerifyMachineOptions<M>,
): Promise<VerificationReport> {
  return new Verification(planFor(machine, options as VerifyMachineOptions)).run();
}

/** What went wrong with the run that was looked at last, whatever fast-check makes of it. */
class Failure extends Error {
  readonly found: Found;

  constructor(found: Found) {
    super(found.broken.reason);
    this.found = found;
  }
}

class Verification {
  readonly #plan: Plan;
  readonly #coverage: Coverage;
  readonly #rejections = new Rejections();
  /** Runs since somebody looked at what they left behind. */
  readonly #played: Run[] = [];
  #vocabulary: Vocabulary;
  #ways: Ways | undefined;
  #progress: ProgressClock;
  #kept = 0;
  #ended = false;
  #breathedAt = performance.now();

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#vocabulary = plan.vocabulary;
    this.#coverage = new Coverage(plan.subject.chart);
    this.#progress = new ProgressClock(plan.runs, plan.onProgress);
  }

  async run(): Promise<VerificationReport> {
    try {
      await this.#keptRuns();
      const paths = this.#graph();
      this.#played.push(...this.#explored(paths));
      await this.#blame();
      await this.#pathsOver(paths);
      await this.#randomRuns(paths);
      await this.#blame();
    } catch (error) {
      if (error instanceof UnprovidedActor) throw unprovidedActors(this.#plan.subject.machine, [error.actor]);
      throw error;
    } finally {
      this.#rejections.stop();
    }
    const { states, transitions, neverTaken } = this.#coverage;
    this.#progress.end(() => this.#coverage);
    const notes = notesOn(this.#plan, this.#vocabulary, this.#ended);
    return {
      runs: this.#runs,
      states,
      transitions,
      neverTaken,
      seed: this.#plan.seed,
      ...(notes.length > 0 && { notes }),
    };
  }

  async #keptRuns(): Promise<void> {
    const { regressions: file, subject, path } = this.#plan;
    if (file === undefined || path !== undefined) return;
    this.#prepareWays();
    for (const { name, run: kept } of await readRegressions(file, 'machine', subject.name)) {
      const run = decodeRun(kept);
      const broken = this.#judge(run, true);
      this.#kept += 1;
      if (broken) await this.#fail({ run, broken }, { path: '', regression: name });
      await this.#blame(name);
    }
  }

  /** Shortest paths to whatever can be told apart. Learns on the way what the machine reads of its events. */
  #graph(): Run[] {
    const { subject, seed } = this.#plan;
    const starts = sampleStarts(this.#vocabulary, seed, SAMPLES);
    const look = () => explore(subject, starts, this.#samples(), this.#coverage);
    const paths = look();
    const unsaid = [...this.#vocabulary.events].filter(([, payload]) => payload === undefined);
    const read = learnPayloads(
      subject,
      paths,
      unsaid.map(([type]) => type),
    );
    if (read.size === 0) return paths;
    this.#vocabulary = { ...this.#vocabulary, read };
    return look();
  }

  /** What the search of the graph has played: each path, and each step from where it leads. */
  #explored(paths: readonly Run[]): Run[] {
    const { events, acts } = this.#samples();
    const steps = [...events.values(), ...acts.values()].flat();
    return paths.flatMap((path) => [
      path,
      ...steps.map((step) => ({ ...path, steps: [...path.steps, step] })),
    ]);
  }

  #samples(): Samples {
    return sampleSteps(this.#vocabulary, this.#plan.seed);
  }

  #prepareWays(): void {
    this.#ways = waysBy(this.#plan.terminate, this.#samples());
  }

  async #pathsOver(paths: readonly Run[]): Promise<void> {
    this.#prepareWays();
    if (this.#plan.path !== undefined) return;
    this.#progress = new ProgressClock(this.#plan.runs + paths.length, this.#plan.onProgress);
    for (const path of paths) {
      await this.#breathe();
      const variants = this.#plan.subject.restore ? [path, savedOnTheWay(path)] : [path];
      for (const [index, run] of variants.entries()) {
        const broken = this.#judge(run, index === 0);
        if (broken) await this.#fail({ run, broken }, { path: '' });
      }
      this.#progress.ran(() => this.#coverage);
    }
  }

  get #runs(): number {
    return this.#kept + this.#progress.runs;
  }

  async #randomRuns(paths: readonly Run[]): Promise<void> {
    const { runs, steps, seed, path } = this.#plan;
    let invariant: string | undefined;
    let shrinks = 0;
    let fatal: unknown;
    const property = fc.asyncProperty(runArbitrary(this.#vocabulary, paths, steps), async (run) => {
      try {
        await this.#breathe();
      } catch (error) {
        fatal ??= error;
      }
      if (fatal !== undefined || (invariant !== undefined && ++shrinks > MAX_SHRINKS)) return;
      let broken: Broken | undefined;
      try {
        broken = this.#judge(run, false);
      } catch (error) {
        fatal = error;
        return;
      }
      if (invariant === undefined) this.#progress.ran(() => this.#coverage);
      else this.#progress.shrinking();
      // While it is made smaller another invariant may break, which is another failure.
      if (!broken || (invariant !== undefined && broken.invariant !== invariant)) return;
      invariant = broken.invariant;
      throw new Failure({ run, broken });
    });
    const details = await fc.check(property, { numRuns: runs, seed, ...(path !== undefined && { path }) });
    if (fatal !== undefined) throw fatal;
    const { errorInstance, counterexamplePath } = details;
    if (errorInstance instanceof Failure)
      await this.#fail(errorInstance.found, { path: counterexamplePath ?? '' });
    else if (details.failed) throw errorInstance ?? new Error('fast-check gave up without a failure.');
  }

  #judge(run: Run, apart: boolean): Broken | undefined {
    this.#played.push(run);
    const broken = judge(this.#plan.subject, run, {
      coverage: this.#coverage,
      ways: this.#ways,
      apart,
      onEnd: () => {
        this.#ended = true;
      },
    });
    return broken;
  }

  async #fail(
    found: Found,
    { path, regression, isSmall = regression !== undefined }: Failing,
  ): Promise<never> {
    const { subject, regressions, traceFolder, seed } = this.#plan;
    const judged = (run: Run) =>
      judge(subject, run, { coverage: this.#coverage, ways: this.#ways, apart: true });
    const simpler = (run: Run) => simplerRuns(run, this.#vocabulary);
    const smallest = isSmall ? found : minimize(found, judged, simpler);
    const trace = traceOf(this.#plan, smallest, judged, path);
    const { invariant, cause } = smallest.broken;
    const reason = `${smallest.broken.reason}${this.#hint(smallest)}`;
    // Of a run whose payloads are no JSON nothing can be kept.
    const isKept = regression === undefined && 'run' in encodeRun(smallest.run);
    const kept = await keepFailure(trace, { traceFolder, regressions: isKept ? regressions : undefined });
    throw new VerificationError({
      invariant,
      reason,
      seed,
      path,
      steps: trace.steps.map(({ words }) => words),
      trace,
      runs: Math.max(1, this.#runs),
      regression,
      ...kept,
      cause,
    });
  }

  /** Whoever reads of a payload that can never come is to know where to say so. */
  #hint({ run, broken }: Found): string {
    const { events, read } = this.#vocabulary;
    const sent = run.steps
      .slice(0, broken.step)
      .flatMap((step) => (step.do === 'send' ? [step.event.type] : []));
    const madeUp = [...new Set(sent)].filter((type) => events.get(type) === undefined && read.has(type));
    if (madeUp.length === 0) return '';
    return ` (what ${madeUp.join(' and ')} came with was made up: say in options.events what may come)`;
  }

  /** Lets others have the thread now and then. */
  async #breathe(): Promise<void> {
    const now = performance.now();
    if (now - this.#breathedAt < SLICE_MS) return;
    await this.#blame();
    this.#breathedAt = performance.now();
  }

  /** A promise that a run has left behind is heard of a turn of the event loop later. */
  async #blame(regression?: string): Promise<void> {
    const found = await this.#rejections.find(this.#plan.subject, this.#played.splice(0));
    if (found) await this.#fail(found, { path: '', regression, isSmall: true });
  }
}

interface Failing {
  readonly path: string;
  /** The name of the kept run that fails again; it is made no smaller. */
  readonly regression?: string | undefined;
  readonly isSmall?: boolean;
}

/** The same run, saved before its last step and after it. */
function savedOnTheWay({ start, steps }: Run): Run {
  const save: Step = { do: 'save' };
  const last = steps.at(-1);
  return { start, steps: last ? [...steps.slice(0, -1), save, last, save] : [save] };
}
