import { describe, expect, it } from 'vitest';
import { SessionError } from '../../../src/errors.ts';
import { ContractError, equal, holds, refused, show, textOf } from '../../../src/testing/store/assertions.ts';

function failureOf(act: () => void): ContractError {
  try {
    act();
  } catch (error) {
    if (error instanceof ContractError) return error;
    throw error;
  }
  throw new Error('nothing failed');
}

async function refusalOf(call: () => unknown): Promise<ContractError> {
  const error: unknown = await refused('STORE_FAILED', call, 'append').catch((reason: unknown) => reason);
  if (error instanceof ContractError) return error;
  throw new Error('nothing failed');
}

describe('equal', () => {
  it.each([
    ['numbers', 1, 1],
    ['NaN', Number.NaN, Number.NaN],
    ['keys in another order', { a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1 }],
    ['a key that is undefined and none', { a: 1, b: undefined }, { a: 1 }],
    ['an object of no prototype', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ['keys that mean something elsewhere', { constructor: 1, toString: 2 }, { toString: 2, constructor: 1 }],
  ])('holds for %s', (_what, actual, expected) => {
    expect(() => equal(actual, expected, 'x')).not.toThrow();
  });

  it.each([
    ['a number and its text', 1, '1', 'x: expected "1", got 1'],
    ['NaN and null', Number.NaN, null, 'x: expected null, got NaN'],
    ['null and none', null, undefined, 'x: expected nothing, got null'],
    ['a list that is too short', [1, 2], [1, 2, 3], 'x at [2]: expected 3, got nothing'],
    ['a list that is too long', [1, 2, 3], [1, 2], 'x at [2]: expected nothing, got 3'],
    ['a list that ends with nothing', [1, undefined], [1], 'x at .length: expected [1], got [1,null]'],
    ['a list and an object', [], {}, 'x: expected {}, got []'],
    ['a key that is missing', { a: 1 }, { a: 1, b: 2 }, 'x at .b: expected 2, got nothing'],
    ['a key that is too many', { a: 1, 'b c': 2 }, { a: 1 }, 'x at ["b c"]: expected nothing, got 2'],
    ['what is inherited', {}, { constructor: 1 }, 'x at .constructor: expected 1, got nothing'],
    ['an instance of a class', [new Date(0)], [{}], 'x at [0]: expected {}, got "1970-01-01T00:00:00.000Z"'],
    ['a BigInt', { n: 1n }, { n: 1 }, 'x at .n: expected 1, got a bigint'],
    ['deep inside', [{ a: { b: ['c'] } }], [{ a: { b: ['d'] } }], 'x at [0].a.b[0]: expected "d", got "c"'],
  ])('tells %s apart, and says where', (_what, actual, expected, message) => {
    expect(failureOf(() => equal(actual, expected, 'x')).message).toBe(message);
  });

  it('gives runners both sides to compare', () => {
    const { name, actual, expected } = failureOf(() => equal({ a: [1] }, { a: [2] }, 'x'));
    expect({ name, actual, expected }).toEqual({
      name: 'AssertionError',
      actual: { a: [1] },
      expected: { a: [2] },
    });
  });

  it('gives of what is long the part that differs', () => {
    const text = 'ab'.repeat(5000);
    const { message, actual, expected } = failureOf(() =>
      equal({ text: `${text}!${text}` }, { text: `${text}?${text}` }, 'x'),
    );
    expect(expected).toContain(`"${'ab'.repeat(10)}?${'ab'.repeat(9)}a"`);
    expect(actual).toContain(`"${'ab'.repeat(10)}!${'ab'.repeat(9)}a"`);
    expect(expected).toContain('from character 9980 on, of 20001');
    expect(message).toBe(`x at .text: expected ${expected}, got ${actual}`);
  });

  it('comes to an end with what contains itself', () => {
    const endless: Record<string, unknown> = { a: 1 };
    endless.self = endless;
    const { message, actual } = failureOf(() => equal(endless, { a: 1, self: { a: 1, self: 2 } }, 'x'));
    expect(message).toBe('x at .self.self: expected 2, got an object');
    expect(actual).toBe('an object');
  });
});

describe('holds', () => {
  it('throws when the condition does not', () => {
    expect(() => holds(true, 'that it is so')).not.toThrow();
    const failure = failureOf(() => holds(false, 'that it is so'));
    expect(failure.message).toBe('that it is so: expected it to hold, and it does not');
    expect([failure.name, 'expected' in failure]).toEqual(['ContractError', false]);
  });
});

describe('refused', () => {
  it('gives the error of a call that throws or rejects with the code', async () => {
    const error = new SessionError('STORE_FAILED', 'no');
    const thrown = refused(
      'STORE_FAILED',
      () => {
        throw error;
      },
      'append',
    );
    expect(await thrown).toBe(error);
    expect(await refused('STORE_FAILED', () => Promise.reject(error), 'append')).toBe(error);
  });

  it('fails when the call succeeds', async () => {
    const { message, expected, actual } = await refusalOf(() => Promise.resolve());
    expect(message).toBe('append: expected a refusal with STORE_FAILED, but it succeeded');
    expect([expected, actual]).toEqual(['STORE_FAILED', 'it succeeded']);
  });

  it('fails for another code', async () => {
    const error = new SessionError('STORE_LOCKED', 'no');
    const { message, expected, actual, cause } = await refusalOf(() => Promise.reject(error));
    expect(message).toBe('append: expected a refusal with STORE_FAILED, got SessionError STORE_LOCKED: no');
    expect([expected, actual, cause]).toEqual(['STORE_FAILED', 'STORE_LOCKED', error]);
  });

  it('says of another error that it is not the kind', async () => {
    const { message, actual } = await refusalOf(() => Promise.reject(new RangeError('too much')));
    expect(message).toBe(
      "append: expected a refusal with STORE_FAILED, got RangeError: too much, which is no SessionError of 'chartroom'",
    );
    expect(actual).toBe('RangeError: too much');
  });
});

describe('show', () => {
  it('is short', () => {
    expect(show('x'.repeat(1000))).toHaveLength(201);
    expect([show(undefined), show(-0), show([1, 'a']), show(() => 1)]).toEqual([
      'nothing',
      '0',
      '[1,"a"]',
      'a function',
    ]);
  });
});

describe('textOf', () => {
  it('knows errors by their shape, those of another realm too', () => {
    expect(textOf({ name: 'TypeError', message: 'no' })).toBe('TypeError: no');
    expect(textOf(Object.assign(new Error('no'), { code: 'ENOENT' }))).toBe('Error ENOENT: no');
    expect(textOf('no')).toBe('"no"');
    expect(textOf(undefined)).toBe('nothing');
  });
});
