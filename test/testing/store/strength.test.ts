import { describe, expect, it } from 'vitest';
import { isSessionError } from '../../../src/errors.ts';
import type { SessionStore } from '../../../src/store/port.ts';
import { type ContractCase, verifyStore } from '../../../src/testing/store/verify-store.ts';
import { brokenStore } from './broken-store.ts';
import { wrongFacts } from './wrong-facts.ts';
import { wrongOpens } from './wrong-opens.ts';
import { wrongSessions } from './wrong-sessions.ts';
import { wrongWrites } from './wrong-writes.ts';

interface Wrong {
  readonly what: string;
  readonly create: (retain?: number) => SessionStore;
}

const faults = [...wrongSessions, ...wrongFacts, ...wrongWrites];
const wrong: readonly Wrong[] = [
  ...faults.map((fault) => ({
    what: fault.what,
    create: (retain?: number) => brokenStore(fault, { retain }),
  })),
  ...wrongOpens,
];
/** Right for the one who writes, wrong for all who come after. */
const wrongLater: readonly Wrong[] = faults.map((fault) => ({
  what: fault.what,
  create: (retain?: number) => brokenStore(fault, { fromOwner: 2, retain }),
}));

const isForTheNext = ({ title }: ContractCase) => title.endsWith('; also for the next owner');
const casesOn = ({ create }: Wrong): ContractCase[] => verifyStore(() => create(), { retaining: create });
const allTitles = verifyStore(() => brokenStore(), { retaining: () => brokenStore() });

/** Whether the case fails, and by a promise that is broken, not by a broken store that has fallen over. */
async function catches({ run }: ContractCase): Promise<boolean> {
  try {
    await run();
    return false;
  } catch (error) {
    const { cause } = error as Error;
    if (cause === undefined || isSessionError(cause)) return true;
    throw error;
  }
}

/** Cases that some wrong store has failed so far. */
const able = new Set<string>();

/** Plays the cases that none has failed yet, and of the others so many that one of them fails. */
async function play(cases: readonly ContractCase[]): Promise<string[]> {
  const found: string[] = [];
  const isNew = ({ title }: ContractCase) => !able.has(title);
  for (const each of [...cases.filter(isNew), ...cases.filter((one) => !isNew(one))])
    if ((isNew(each) || found.length === 0) && (await catches(each))) found.push(each.title);
  for (const title of found) able.add(title);
  return found;
}

describe('a store that', () => {
  it.each(wrong)('$what is found out', async (store) => {
    expect(await play(casesOn(store).filter((each) => !isForTheNext(each)))).not.toEqual([]);
  });

  it('is right, under the same wrapper, passes', async () => {
    for (const each of casesOn({ what: 'is right', create: (retain) => brokenStore(undefined, { retain }) }))
      await each.run();
  });
});

describe('each case', () => {
  it('of one owner is failed by a store that breaks what it says', () => {
    expect(allTitles.filter((each) => !isForTheNext(each) && !able.has(each.title))).toEqual([]);
  });

  it('of two owners is failed by a store that is right for the first', async () => {
    for (const store of wrongLater)
      await play(
        casesOn(store)
          .filter(isForTheNext)
          .filter(({ title }) => !able.has(title)),
      );
    expect(allTitles.filter((each) => isForTheNext(each) && !able.has(each.title))).toEqual([]);
  });
});
