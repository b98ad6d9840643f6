import { expect, it } from 'vitest';
import { select } from '../../src/bindings/select.ts';

function box<T>(first: T) {
  let value = first;
  const listeners = new Set<() => void>();
  return {
    set(next: T) {
      value = next;
      for (const listener of listeners) listener();
    },
    get: () => value,
    subscribe(onChange: () => void) {
      listeners.add(onChange);
      return () => void listeners.delete(onChange);
    },
  };
}

it('tells only when the selection is another', () => {
  const source = box({ a: 1, b: 1 });
  let told = 0;
  const stop = select(source, ({ a }) => a).subscribe(() => {
    told += 1;
  });
  source.set({ a: 1, b: 2 });
  expect(told).toBe(0);
  source.set({ a: 2, b: 2 });
  expect(told).toBe(1);
  stop();
  source.set({ a: 3, b: 2 });
  expect(told).toBe(1);
});

it('gives the same value while it is equal, and selects once for each view', () => {
  const source = box([1, 2]);
  let runs = 0;
  const doubled = select(
    source,
    (numbers) => {
      runs += 1;
      return numbers.map((n) => n * 2);
    },
    (a, b) => a.join() === b.join(),
  );
  const first = doubled.get();
  expect(doubled.get()).toBe(first);
  expect(runs).toBe(1);
  source.set([1, 2]);
  expect(doubled.get()).toBe(first);
  source.set([3]);
  expect(doubled.get()).toEqual([6]);
});

it('throws out of get what a selector throws, and tells that there is something to see', () => {
  const source = box(1);
  const fragile = select(source, (n) => {
    if (n > 1) throw new Error('too many');
    return n;
  });
  let told = 0;
  fragile.subscribe(() => {
    told += 1;
  });
  source.set(2);
  expect(told).toBe(1);
  expect(fragile.get).toThrow('too many');
  source.set(0);
  expect(told).toBe(2);
  expect(fragile.get()).toBe(0);
});
