/**
 * Runs that once broke a property, by name. Seed and path say where each was found; the scenario is kept whole,
 * because a change of the generator gives every seed another meaning.
 */
import type { Scenario } from './scenario.ts';

export interface Regression {
  /** The behaviour that was wrong. */
  readonly name: string;
  readonly seed: number;
  readonly path: string;
  readonly scenario: Scenario;
}

export const regressions: readonly Regression[] = [];
