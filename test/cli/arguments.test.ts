import { describe, expect, it } from 'vitest';
import { parseCommand, takeBytes, takeId, takePositionals, UsageError } from '../../src/cli/arguments.ts';

function usageOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('it was taken');
}

describe('the options of a command', () => {
  const options = { json: { type: 'boolean' }, output: { type: 'string', short: 'o' } } as const;

  it('may stand anywhere, and every command has --help', () => {
    const { values, positionals } = parseCommand(['a', '--json', 'b', '-o', 'x', '-h'], options);
    expect({ ...values }).toEqual({ json: true, output: 'x', help: true });
    expect(positionals).toEqual(['a', 'b']);
    expect(parseCommand(['--', '--json'], options).positionals).toEqual(['--json']);
  });

  it.each([
    [['--jsn'], "Unknown option '--jsn'."],
    [['--json=yes'], "Option '--json' does not take an argument."],
    [['-o'], "Option '-o, --output <value>' argument missing."],
    [['-o', '--json'], "Option '-o' argument is ambiguous."],
    [['-x'], "Unknown option '-x'."],
  ])('%j is refused in one sentence', (argv, says) => {
    expect(usageOf(() => parseCommand(argv, options))).toBe(says);
  });
});

describe('positionals', () => {
  it('are as many as are named', () => {
    expect(takePositionals(['a', 'b'], ['FILE', 'ID'])).toEqual(['a', 'b']);
    expect(takePositionals(['a', 'b', 'c'], ['FILE', 'DOCUMENT…'])).toEqual(['a', 'b', 'c']);
  });

  it.each([
    [[], ['FILE', 'ID'], 'FILE is missing.'],
    [['a'], ['FILE', 'ID'], 'ID is missing.'],
    [['a'], ['FILE', 'DOCUMENT…'], 'DOCUMENT is missing.'],
    [['a', 'b', 'c'], ['FILE', 'ID'], '"c" is too much.'],
    [['', 'b'], ['FILE', 'ID'], 'FILE is an empty text.'],
    [['a', 'b', ''], ['FILE', 'DOCUMENT…'], 'DOCUMENT… is an empty text.'],
  ])('%j for %j: refused', (given, names, says) => {
    expect(usageOf(() => takePositionals(given, names))).toBe(says);
  });
});

describe('values', () => {
  it('an id is one, or wrong usage', () => {
    expect(takeId('a:b')).toBe('a:b');
    expect(usageOf(() => takeId('../x'))).toMatch(
      /^A session id must be .* received the string "\.\.\/x"\.$/,
    );
  });

  it('bytes are a whole number', () => {
    expect([takeBytes('--n', undefined), takeBytes('--n', '0'), takeBytes('--n', '1048576')]).toEqual([
      undefined,
      0,
      1048576,
    ]);
    for (const text of ['', '-1', '1.5', '1e3', '1MB', '99999999999999999999'])
      expect(usageOf(() => takeBytes('--n', text))).toBe(
        `--n must be a whole number of bytes, got ${JSON.stringify(text)}.`,
      );
  });
});
