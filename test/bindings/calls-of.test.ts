import { expect, it } from 'vitest';
import { callsOf } from '../../src/bindings/calls-of.ts';

const greeting = (word: string) => ({
  calls: { greet: async (name: string) => `${word}, ${name}`, part: async () => `${word}!` },
});

it('calls what is there when it is called, by functions that stay the same', async () => {
  let present = greeting('Hello');
  const calls = callsOf(present.calls, () => present);
  const { greet, part } = calls;
  expect(await greet('Ada')).toBe('Hello, Ada');
  present = greeting('Goodbye');
  expect(await greet('Ada')).toBe('Goodbye, Ada');
  expect(await part()).toBe('Goodbye!');
  expect(Object.keys(calls)).toEqual(['greet', 'part']);
  expect(Object.isFrozen(calls)).toBe(true);
});
