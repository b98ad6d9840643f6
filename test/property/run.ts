/** Runs scenarios: once for the properties, and once more to see that the same scenario gives the same run. */
import { perform } from './commands.ts';
import type { Engine } from './engine.ts';
import { checkInstant, checkTurn } from './invariants.ts';
import { turn } from './ports.ts';
import { checkAtRest, comeToRest } from './rest.ts';
import type { Scenario } from './scenario.ts';
import { Violation } from './violation.ts';
import { World } from './world.ts';

/** What a run leaves: enough to compare it, to look at it and to count what it reached. */
export interface RunRecord {
  readonly events: readonly unknown[];
  readonly calls: readonly unknown[];
  readonly order: readonly string[];
  readonly reached: ReadonlyMap<string, number>;
}

/** The record of a run that broke a property is in `world`. */
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

/** `thorough`: what is checked at the end costs as much as the run; of two equal runs one will do. */
export async function runScenario(engine: Engine, scenario: Scenario, thorough = true): Promise<RunRecord> {
  const world = new World(engine, scenario.schedule, scenario.settings);
  const stop = catchUnhandled(world);
  try {
    await turn();
    for (const { command, turn: turns } of scenario.steps) {
      await perform(world, command);
      checkInstant(world);
      if (!turns) continue;
      await world.turn();
      await checkTurn(world);
    }
    await world.turn();
    await checkTurn(world);
    await comeToRest(world);
    const record = recordOf(world);
    if (thorough) await checkAtRest(world);
    return record;
  } catch (error) {
    world.fail(error);
    const [violation] = world.violations;
    throw new RunFailure(violation ?? new Violation(23, String(error)), recordOf(world));
  } finally {
    stop();
  }
}

/** 22: the same scenario gives the same events, outcomes and order of steps. */
export async function runTwice(engine: Engine, scenario: Scenario): Promise<RunRecord> {
  const first = await runScenario(engine, scenario);
  const second = await runScenario(engine, scenario, false);
  const [a, b] = [comparable(first), comparable(second)];
  if (a === b) return first;
  const at = [...a].findIndex((character, index) => character !== b[index]);
  const excerpts = [a, b].map((text) => text.slice(Math.max(0, at - 80), at + 80));
  throw new RunFailure(new Violation(22, `a second run differs:\n  ${excerpts.join('\n  ')}`), second);
}

function comparable({ events, calls, order }: RunRecord): string {
  return JSON.stringify({ events, calls, order });
}

function recordOf({ model, ledger, gates }: World): RunRecord {
  return {
    events: model.trace.map(({ event }) => event),
    calls: ledger.operations.map(({ n, id, call, began, ended, outcome }) => ({
      n,
      id,
      kind: call.kind,
      began,
      ended,
      outcome,
    })),
    order: gates.order(),
    reached: model.reached,
  };
}

/** A rejection that nobody handles belongs to the run it happens in. */
function catchUnhandled(world: World): () => void {
  const listener = (error: unknown): void => {
    world.fail(new Violation(23, `an unhandled rejection: ${String(error)}`));
  };
  process.on('unhandledRejection', listener);
  return () => process.off('unhandledRejection', listener);
}
