/** Runs scenarios: once for the invariants, and once more to see that the same scenario gives the same run. */
import { entryDifference } from '../difference.ts';
import { catchUnhandled } from '../unhandled.ts';
import { perform } from './commands.ts';
import { checkInstant, checkTurn } from './invariants.ts';
import { turn } from './ports.ts';
import { checkAtRest, comeToRest } from './rest.ts';
import type { Scenario } from './scenario.ts';
import type { Subject } from './subject.ts';
import type { Tape } from './tape.ts';
import { Violation } from './violation.ts';
import { settingsInWords, wordsFor } from './words.ts';
import { World } from './world.ts';

/** What a run leaves: enough to compare it, to look at it and to count what it reached. */
export interface RunRecord {
  readonly tape: Tape;
  readonly reached: ReadonlyMap<string, number>;
}

/** A run that broke an invariant, and what it left until then. */
export class RunFailure extends Error {
  readonly violation: Violation;
  /** Private, because a test runner prints all that an error shows. */
  readonly #record: RunRecord;

  constructor(violation: Violation, record: RunRecord) {
    super(violation.message, { cause: violation });
    this.violation = violation;
    this.#record = record;
  }

  get record(): RunRecord {
    return this.#record;
  }
}

export interface RunOptions {
  /** What is checked at the end costs as much as the run; of two equal runs one will do. Default `true`. */
  readonly thorough?: boolean;
  /** Told of each step when it is over, and waited for. */
  readonly onStep?: ((tape: Tape) => void | Promise<void>) | undefined;
}

export async function runScenario(
  subject: Subject,
  scenario: Scenario,
  { thorough = true, onStep }: RunOptions = {},
): Promise<RunRecord> {
  const world = await World.begin(subject, scenario.schedule, scenario.settings);
  const { tape, model } = world;
  const record = { tape, reached: model.reached };
  const stop = catchUnhandled((reason) => {
    world.fail(new Violation(23, `an unhandled rejection: ${String(reason)}`));
  });
  try {
    const settings = settingsInWords(scenario.settings);
    if (settings !== undefined) tape.begin(settings);
    await turn();
    for (const [index, { command, turn: turns }] of scenario.steps.entries()) {
      tape.begin(wordsFor(scenario, index));
      await perform(world, command);
      checkInstant(world);
      if (turns) {
        await world.turn();
        await checkTurn(world);
      }
      if (onStep) await onStep(tape);
    }
    await world.turn();
    await checkTurn(world);
    tape.begin('all comes to rest');
    await comeToRest(world);
    // What follows is done once only, and is no part of what two runs have in common.
    const common = tape.copy();
    if (thorough) await checkAtRest(world);
    return { ...record, tape: common };
  } catch (error) {
    world.fail(error);
    const [violation] = world.violations;
    throw new RunFailure(violation ?? new Violation(23, String(error)), record);
  } finally {
    stop();
    world.abandon();
  }
}

/** 22: the same scenario gives the same run. */
export async function runTwice(subject: Subject, scenario: Scenario): Promise<RunRecord> {
  const first = await runScenario(subject, scenario);
  const second = await runScenario(subject, scenario, { thorough: false });
  const difference = differenceOf(first, second);
  if (difference !== undefined) throw new RunFailure(new Violation(22, difference), second);
  return first;
}

function differenceOf({ tape: first }: RunRecord, { tape: second }: RunRecord): string | undefined {
  const difference = entryDifference(first.steps, first.entries, second.entries);
  if (!difference) return undefined;
  const { step, what, before, after } = difference;
  return (
    `made twice, the same run differs: after "${step}" ${what} was ${before}, then ${after}. Something in it depends ` +
    "on more than the run's clock, ids and store: the time of day, a random number, a real timer or the network."
  );
}
