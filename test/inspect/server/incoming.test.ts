import { describe, expect, it } from 'vitest';
import { parseIncoming } from '../../../src/inspect/server/incoming.ts';

const parse = (text: string) => parseIncoming(Buffer.from(text), false);
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('a frame', () => {
  it.each([['{"type":"look","subject":"engine"}'], ['null'], ['[1,"a",{"b":[]}]'], ['"text"']])(
    '%s is what it says',
    (text) => expect(parse(text)).toEqual({ message: JSON.parse(text) }),
  );

  it.each([[''], ['{'], ['{"a":1}}'], ['undefined'], ["{'a':1}"]])(
    '%j is no JSON, and gets an answer',
    (text) => {
      expect(parse(text)).toEqual({ refused: expect.stringMatching(/^This is no JSON: /) });
    },
  );

  it('that is binary gets an answer', () => {
    expect(parseIncoming(Buffer.from('{}'), true)).toEqual({ refused: expect.stringContaining('binary') });
  });

  it('may be nested, but not as deep as what overflows a stack', () => {
    expect(parse(nested(64))).toHaveProperty('message');
    for (const depth of [66, 10_000, 500_000])
      expect(parse(nested(depth))).toEqual({ refused: 'This is nested deeper than 64 levels.' });
    expect(parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`)).toHaveProperty('refused');
  });

  it('may be wide', () => {
    expect(parse(`[${Array(200_000).fill('[]').join()}]`)).toHaveProperty('message');
  });
});
