import { nextMacrotask } from '../../src/macrotask.ts';

let isUnderWay = (): boolean => false;

/** Lets {@link turns} count only those turns in which nothing is under way, for an engine on a store that takes its time. */
export function countTurnsWithout(underWay: () => boolean): void {
  isUnderWay = underWay;
}

/** Lets `count` macrotasks pass, each with all the microtasks it queued. No clock is involved. */
export async function turns(count = 8): Promise<void> {
  for (let passed = 0; passed < count; ) {
    await new Promise<void>((resolve) => nextMacrotask(resolve));
    passed = isUnderWay() ? 0 : passed + 1;
  }
}

/** Lets macrotasks pass until `condition` holds; fails after `limit` of them. */
export async function until(condition: () => boolean | Promise<boolean>, limit = 400): Promise<void> {
  for (let i = 0; i < limit; i++) {
    if (await condition()) return;
    await turns(1);
  }
  throw new Error(`still not so after ${limit} macrotasks: ${condition}`);
}

/** What has become of a promise once everything that can run has run. */
export async function stateOf(promise: Promise<unknown>): Promise<'pending' | 'fulfilled' | 'rejected'> {
  let state: 'pending' | 'fulfilled' | 'rejected' = 'pending';
  promise.then(
    () => {
      state = 'fulfilled';
    },
    () => {
      state = 'rejected';
    },
  );
  await turns();
  return state;
}
