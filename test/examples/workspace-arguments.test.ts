import { expect, it } from 'vitest';
import { help, parseArguments, UsageError } from '../../examples/workspace/arguments.ts';

it('has a port of its own unless it is told another', () => {
  expect(parseArguments([], {})).toEqual({ port: 5180, help: false });
  expect(parseArguments(['--port', '8080'], {})).toEqual({ port: 8080, help: false });
});

it('takes a port that npm has taken for its own', () => {
  expect(parseArguments([], { npm_config_port: '8080' }).port).toBe(8080);
  expect(() => parseArguments([], { npm_config_port: 'true' })).toThrow(/Put -- before it/);
});

it.each([
  [['--port', 'many'], /--port must be a number from 0 to 65535, got “many”/],
  [['--port', '70000'], /got “70000”/],
  [['--port', '-1'], /port/],
  [['--colour'], /colour/],
  [['folder'], /folder/],
])('%j is wrong usage', (argv, message) => {
  expect(() => parseArguments(argv, {})).toThrow(UsageError);
  expect(() => parseArguments(argv, {})).toThrow(message);
});

it('tells all its options', () => {
  expect(parseArguments(['--help'], {}).help).toBe(true);
  expect(help).toMatch(/--port N[\s\S]*--help/);
});
