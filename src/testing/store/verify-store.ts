import { checkFunction, checkInteger, checkOptions } from '../../check.ts';
import type { SessionStore } from '../../store/port.ts';
import { appendCases } from './append.ts';
import { cursorCases } from './cursors.ts';
import { headCases } from './heads.ts';
import { leaseCases } from './lease.ts';
import { play } from './playing.ts';
import { removalCases } from './removal.ts';
import { retentionCases } from './retention.ts';
import { savedCases } from './saved.ts';
import { snapshotCases } from './snapshots.ts';
import type { Scenario } from './stage.ts';
import { valueCases } from './values.ts';

export interface ContractCase {
  /** The behaviour that must hold, after the part of the port it is about: `append: an append of nothing …`. */
  readonly title: string;
  /**
   * Makes a store, plays the case on it and gives back every lease it opened. Rejects when the store breaks a
   * promise: with what came, the promise, and where to mend it.
   */
  run(): Promise<void>;
}

export interface VerifyStoreOptions {
  /**
   * Makes a new, empty store that keeps the newest `facts` facts for cursors and no others, from 0 on. Without it
   * there are no cases about retention.
   */
  readonly retaining?: (facts: number) => SessionStore | Promise<SessionStore>;
  /** How long a case may take, in milliseconds of the wall clock, before it fails. Default 30,000. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 30_000;
/** The longest time that a timer can be set to. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

const groups: Readonly<Record<string, readonly Scenario[]>> = {
  lease: leaseCases,
  append: appendCases,
  heads: headCases,
  snapshots: snapshotCases,
  removal: removalCases,
  cursors: cursorCases,
  saved: savedCases,
  values: valueCases,
};

/**
 * What every store promises, as cases for any test runner: give each to `test(title, run)`. `create` makes a new,
 * empty store at every call, which keeps at least 5,000 facts for cursors. Cases share nothing and may run at the
 * same time. A wrong argument throws `INVALID_ARGUMENT`.
 */
export function verifyStore(
  create: () => SessionStore | Promise<SessionStore>,
  options?: VerifyStoreOptions,
): ContractCase[] {
  checkFunction(create, 'create');
  const { retaining, timeoutMs = TIMEOUT_MS } = checkOptions(options, 'options', ['retaining', 'timeoutMs']);
  if (retaining !== undefined) checkFunction(retaining, 'options.retaining');
  checkInteger(timeoutMs, 'options.timeoutMs', { min: 1, max: MAX_TIMEOUT_MS });
  const contractCase = (group: string, scenario: Scenario, make: typeof create): ContractCase => ({
    title: `${group}: ${scenario.title}`,
    run: () => play(scenario, make, timeoutMs),
  });
  return [
    ...Object.entries(groups).flatMap(([group, scenarios]) =>
      scenarios.map((each) => contractCase(group, each, create)),
    ),
    ...(retaining
      ? retentionCases.map((each) => contractCase('retention', each, () => retaining(each.facts)))
      : []),
  ];
}
