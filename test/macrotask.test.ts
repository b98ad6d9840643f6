import { expect, it } from 'vitest';
import { nextMacrotask, postMacrotask } from '../src/macrotask.ts';

it.each([
  ['where there is setImmediate', nextMacrotask],
  ['where there is none', postMacrotask],
])('runs after every microtask of this turn, %s', async (_where, later) => {
  const order: string[] = [];
  const done = new Promise<void>((resolve) => {
    later(() => {
      order.push('macrotask');
      resolve();
    });
  });
  const chain = async (depth: number): Promise<void> => {
    order.push(`microtask ${depth}`);
    if (depth < 3) await chain(depth + 1);
  };
  void Promise.resolve().then(() => chain(1));
  order.push('this turn');
  await done;
  expect(order).toEqual(['this turn', 'microtask 1', 'microtask 2', 'microtask 3', 'macrotask']);
});
