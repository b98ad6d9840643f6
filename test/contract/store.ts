import type { SessionStore } from '../../src/store/port.ts';
import { appendCases } from './store-append.ts';
import { cursorCases } from './store-cursors.ts';
import { headCases } from './store-heads.ts';
import { leaseCases } from './store-lease.ts';
import { removalCases } from './store-removal.ts';
import { retentionCases } from './store-retention.ts';
import { savedCases } from './store-saved.ts';
import { snapshotCases } from './store-snapshots.ts';
import { type Scenario, withStore } from './store-stage.ts';
import { valueCases } from './store-values.ts';

export interface ContractCase {
  /** The behaviour that must hold. */
  readonly title: string;
  /** Rejects when it does not. */
  run(): Promise<void>;
}

export interface StoreContractOptions {
  /** Makes an empty store that keeps this many facts for cursors. Without it, nothing is said about retention. */
  readonly retaining?: (events: number) => SessionStore | Promise<SessionStore>;
}

/**
 * What every store promises, as data: no test framework, no Node. `create` makes an empty store that keeps at least
 * 5,000 facts for cursors. Each case has one of its own, and gives back every lease.
 */
export function storeContract(
  create: () => SessionStore | Promise<SessionStore>,
  { retaining }: StoreContractOptions = {},
): ContractCase[] {
  const on = (make: () => SessionStore | Promise<SessionStore>) => (scenario: Scenario) => ({
    title: scenario.title,
    run: () => withStore(make, scenario.play),
  });
  const scenarios = [
    ...leaseCases,
    ...appendCases,
    ...headCases,
    ...snapshotCases,
    ...removalCases,
    ...cursorCases,
    ...savedCases,
    ...valueCases,
  ];
  return [
    ...scenarios.map(on(create)),
    ...(retaining
      ? retentionCases.map(({ events, ...scenario }) => on(() => retaining(events))(scenario))
      : []),
  ];
}
