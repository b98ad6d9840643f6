import type { AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import type { Chart } from './chart.ts';

/** How a machine is brought back from a save. */
export interface Restore {
  /** Delayed events are armed again for what is left of them. */
  readonly timers: boolean;
  readonly write: (snapshot: unknown) => unknown;
  readonly read: (written: unknown) => unknown;
}

/** Snapshots that an older version of the machine left behind, and the way from there to this version. */
export interface Migration {
  readonly from: readonly unknown[];
  readonly migrate: (snapshot: unknown) => unknown;
}

/** The machine under test, ready to be run, and what is said of it. */
export interface Subject {
  readonly name: string;
  readonly machine: AnyStateMachine;
  readonly chart: Chart;
  readonly invariants: ReadonlyArray<readonly [string, (snapshot: AnyMachineSnapshot) => boolean]>;
  /** `undefined`: it is never saved. */
  readonly restore: Restore | undefined;
  readonly migration: Migration | undefined;
  /** Paths of the context that no two runs are held to have in common. */
  readonly volatile: ReadonlyArray<readonly string[]>;
}
