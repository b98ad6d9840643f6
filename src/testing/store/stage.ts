/** What the cases of the store contract are played on: one store each, and whoever owns it. */
import { asyncDispose } from '../../dispose.ts';
import { isSessionError } from '../../errors.ts';
import type { SessionStore, StoreLease } from '../../store/port.ts';
import { ContractError, textOf } from './assertions.ts';
import { type Rule, rules } from './rules.ts';

export interface Stage {
  readonly store: SessionStore;
  open(owner?: string): Promise<StoreLease>;
  /** Gives the lease back and opens the store again. */
  reopen(lease: StoreLease): Promise<StoreLease>;
}

export interface Scenario {
  readonly title: string;
  readonly rule: Rule;
  play(stage: Stage): Promise<void>;
}

export function stageOf(store: SessionStore): Stage {
  let isFirst = true;
  const open = async (owner = 'contract') => {
    if (!isFirst) return store.open({ owner });
    isFirst = false;
    return openNew(store, owner);
  };
  const reopen = async (lease: StoreLease) => {
    await close(lease);
    return open();
  };
  return { store, open, reopen };
}

/** Finds the usual mistake before it looks like every other: one store for all cases. */
async function openNew(store: SessionStore, owner: string): Promise<StoreLease> {
  try {
    const lease = await store.open({ owner });
    if (!(lease.lastSeq > 0)) return lease;
    throw new ContractError(`the new store is not empty: its lastSeq is ${lease.lastSeq}`, {
      expected: 0,
      actual: lease.lastSeq,
      rule: rules.fresh,
    });
  } catch (error) {
    if (!isSessionError(error) || error.code !== 'STORE_LOCKED') throw error;
    throw new ContractError(`the new store has an owner already: ${textOf(error)}`, {
      cause: error,
      rule: rules.fresh,
    });
  }
}

export async function close(lease: StoreLease): Promise<void> {
  await lease[asyncDispose]();
}

/** A scenario on one lease. */
export function scenario(
  rule: Rule,
  title: string,
  play: (lease: StoreLease, stage: Stage) => Promise<void>,
): Scenario {
  return { title, rule, play: async (stage) => play(await stage.open(), stage) };
}

/** What was arranged can be checked by its owner, and just so by the next one: two scenarios. */
export function kept(
  rule: Rule,
  title: string,
  arrange: (lease: StoreLease) => unknown,
  check: (lease: StoreLease) => Promise<void>,
): Scenario[] {
  const promise = `${rule.promise} ${rules.durable.promise}`;
  return [
    scenario(rule, title, async (lease) => {
      await arrange(lease);
      await check(lease);
    }),
    scenario(
      { promise, mend: `${rule.mend} ${rules.durable.mend}` },
      `${title}; also for the next owner`,
      async (lease, { reopen }) => {
        await arrange(lease);
        const next = await reopen(lease);
        await check(next);
      },
    ),
  ];
}
