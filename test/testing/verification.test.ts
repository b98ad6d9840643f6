import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { memoryStore } from '../../src/index.ts';
import { verificationOf } from '../../src/testing/index.ts';

const machine = createMachine({ id: 'lamp' });

describe('what a module exports to be verified', () => {
  it('is a machine, as it is', () => {
    expect(verificationOf(machine)).toEqual({ machine });
  });

  it.each([
    ['a machine with options', { machine, terminate: ['stop'] }],
    ['a client with options', { client: () => {}, runs: 3 }],
    ['a store', { store: () => memoryStore() }],
  ])('is %s', (_what, exported) => {
    expect(verificationOf(exported)).toBe(exported);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a number', 3],
    ['a function', () => {}],
    ['a list', [machine]],
    ['an object of something else', { name: 'x' }],
    ['a machine that is none', { machine: { id: 'lamp' } }],
    ['a client that is made already', { client: {} }],
    ['a store that is made already', { store: memoryStore() }],
  ])('is not %s', (_what, exported) => {
    expect(verificationOf(exported)).toBeUndefined();
  });
});
