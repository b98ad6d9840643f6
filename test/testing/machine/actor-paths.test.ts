import { expect, it } from 'vitest';
import { createActor, createMachine, fromTransition } from 'xstate';
import { childrenOf, pathsOf } from '../../../src/testing/machine/actor-paths.ts';

const leaf = fromTransition(() => 0, 0);
const inner = createMachine({ id: 'inner', invoke: { src: leaf, id: 'leaf' } });
const outer = createMachine({
  id: 'outer',
  invoke: [
    { src: inner, id: 'inner' },
    { src: leaf, id: 'leaf' },
  ],
});

it('every actor has its path from the root', () => {
  const actor = createActor(outer).start();
  expect([...pathsOf(actor).values()]).toEqual(['', 'inner', 'inner/leaf', 'leaf']);
  expect(pathsOf(undefined).size).toBe(0);
});

it('children are actors: what other logic calls so is none', () => {
  expect(childrenOf(undefined)).toEqual({});
  expect(childrenOf({ children: 'three' })).toEqual({});
  expect(childrenOf({ children: { a: { age: 3 }, b: null } })).toEqual({});
  expect(Object.keys(childrenOf(createActor(outer).start().getSnapshot()))).toEqual(['inner', 'leaf']);
});
