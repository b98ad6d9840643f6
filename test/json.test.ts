import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../src/data.ts';
import { SessionError } from '../src/errors.ts';
import { copyJson, copyJsonObject, exceedsBytes, freezeJson, jsonBytes, utf8Length } from '../src/json.ts';

function refusal(value: unknown, at = 'metadata'): SessionError {
  try {
    copyJson(value, at);
  } catch (error) {
    expect(error).toBeInstanceOf(SessionError);
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
    return error as SessionError;
  }
  throw new Error('It was accepted.');
}

function nested(levels: number): unknown {
  let value: unknown = [];
  for (let level = 1; level < levels; level++) value = level % 2 ? { a: value } : [value];
  return value;
}

function isDeeplyFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen);
}

/** Text with all that UTF-16 and JSON escapes treat apart: controls, quotes, pairs, lone surrogates. */
const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
});
const trickyText = fc.string({
  unit: fc.constantFrom(
    'a',
    '"',
    '\\',
    '/',
    '\b',
    '\t',
    '\n',
    '\v',
    '\f',
    '\r',
    '\0',
    '\x1f',
    '\x7f',
    'é',
    '\u07ff',
    '€',
    '😀',
    '\ud83d',
    '\ude00',
  ),
});
const jsonValue = fc
  .jsonValue({ maxDepth: 5, stringUnit: 'binary' })
  .filter((value) => !JSON.stringify(value).includes('__proto__'));

describe('copyJson', () => {
  it('gives what JSON.parse(JSON.stringify(x)) gives, for every JSON value', () => {
    fc.assert(
      fc.property(jsonValue, (value) => {
        expect(copyJson(value, 'value')).toStrictEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('agrees with JSON on what fast-check can think of, wherever it accepts', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, maxDepth: 3 }), (value) => {
        let copy: Json;
        try {
          copy = copyJson(value, 'value');
        } catch (error) {
          expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
          return;
        }
        expect(copy).toStrictEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('gives 0 for -0, as JSON does', () => {
    expect(copyJson([-0, 0], 'value')).toStrictEqual([0, 0]);
  });

  it('freezes the copy all the way down and leaves the original as it was', () => {
    fc.assert(
      fc.property(jsonValue, (value) => {
        const before = JSON.stringify(value);
        expect(isDeeplyFrozen(copyJson(value, 'value'))).toBe(true);
        expect(JSON.stringify(value)).toBe(before);
      }),
    );
    const original = { list: [1] };
    copyJson(original, 'value');
    expect(Object.isFrozen(original) || Object.isFrozen(original.list)).toBe(false);
  });

  it('shares nothing with the original', () => {
    const original = { user: { tags: ['a'] } };
    const copy = copyJson(original, 'metadata');
    original.user.tags.push('b');
    original.user = { tags: [] };
    expect(copy).toStrictEqual({ user: { tags: ['a'] } });
  });

  it('drops undefined as the value of an object', () => {
    expect(copyJson({ a: undefined, b: { c: undefined } }, 'metadata')).toStrictEqual({ b: {} });
  });

  it('leaves out what is not enumerable, as JSON does', () => {
    const value = Object.defineProperty({ seen: 1 }, 'hidden', { value: () => 1, enumerable: false });
    expect(copyJson(value, 'metadata')).toStrictEqual({ seen: 1 });
  });

  it('takes an object without a prototype, and gives the copy an ordinary one', () => {
    expect(copyJson(Object.assign(Object.create(null), { a: 1 }), 'metadata')).toStrictEqual({ a: 1 });
  });

  it('takes keys named like members of Object.prototype as plain data', () => {
    const copy = copyJsonObject(JSON.parse('{"constructor":1,"toString":2,"toJSON":3}'), 'metadata');
    expect(Object.entries(copy)).toEqual([
      ['constructor', 1],
      ['toString', 2],
      ['toJSON', 3],
    ]);
  });

  it('lets lone surrogates in text pass', () => {
    expect(copyJson(['\ud800'], 'content')).toStrictEqual(['\ud800']);
  });

  it('takes the same object twice where it is no cycle', () => {
    const shared = { a: 1 };
    expect(copyJson([shared, { shared }, shared], 'metadata')).toStrictEqual([
      { a: 1 },
      { shared: { a: 1 } },
      { a: 1 },
    ]);
  });

  class Money {
    amount = 1;
  }
  class Items extends Array {}
  const refused: [what: string, value: unknown, received: string][] = [
    ['undefined in an array', [undefined], 'undefined'],
    ['a hole in an array', new Array(1), 'undefined'],
    ['a function', [() => 1], 'a function'],
    ['a symbol', [Symbol('x')], 'a symbol'],
    ['a BigInt', [1n], 'a bigint'],
    ['NaN', [Number.NaN], 'the number NaN'],
    ['Infinity', [Number.NEGATIVE_INFINITY], 'the number -Infinity'],
    ['a Map', [new Map()], 'an instance of Map'],
    ['a Set', [new Set()], 'an instance of Set'],
    ['a Date', [new Date(0)], 'an instance of Date'],
    ['a boxed string', [Object('x')], 'an instance of String'],
    ['a typed array', [new Uint8Array(1)], 'an instance of Uint8Array'],
    ['a promise', [Promise.resolve()], 'an instance of Promise'],
    ['an Error', [new Error('x')], 'an instance of Error'],
    ['an instance of a class', [new Money()], 'an instance of Money'],
    ['an instance of a subclass of Array', [new Items()], 'an array'],
    ['an object made from another', [Object.create({ a: 1 })], 'an object with a prototype'],
  ];
  it.each(refused)('refuses %s and says so', (_what, value, received) => {
    const error = refusal(value);
    expect(error.details).toMatchObject({ path: 'metadata[0]', received });
    expect(error.message).toContain('metadata[0]');
    expect(error.message).toContain(received);
  });

  it('refuses undefined, a function and a symbol at the top, naming the argument', () => {
    for (const value of [undefined, () => 1, Symbol('x')]) {
      expect(refusal(value, 'value').details).toMatchObject({ path: 'value' });
    }
  });

  it('names the offender by its path, with brackets where a key is no identifier', () => {
    const cases: [unknown, string][] = [
      [{ user: [0, 1, 2, { born: new Date(0) }] }, 'metadata.user[3].born'],
      [{ a: { b: { c: Number.NaN } } }, 'metadata.a.b.c'],
      [{ 'two words': { '1': 1n } }, 'metadata["two words"]["1"]'],
      [{ '': [[Symbol('x')]] }, 'metadata[""][0][0]'],
      [{ first: { deep: { deeper: 1 } }, second: 1n }, 'metadata.second'],
      [[{ a: [1, 2] }, [1n]], 'metadata[1][0]'],
    ];
    for (const [value, path] of cases) expect(refusal(value).details).toMatchObject({ path });
  });

  it('names the object itself when one of its keys is a symbol', () => {
    const value = { before: { a: { b: 1 } }, at: { [Symbol('x')]: 1 } };
    expect(refusal(value).details).toMatchObject({ path: 'metadata.at', received: 'a symbol' });
  });

  it('refuses an own __proto__ key and leaves prototypes alone', () => {
    const error = refusal(JSON.parse('{"user":{"__proto__":{"polluted":true}}}'));
    expect(error.details).toMatchObject({ path: 'metadata.user.__proto__' });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('refuses a cycle, however it closes', () => {
    const self: Record<string, unknown> = { wide: Array.from({ length: 1000 }, () => ({})) };
    self.self = self;
    const list: unknown[] = [];
    list.push({ list });
    expect(refusal(self).details).toMatchObject({ path: 'metadata.self', expected: 'JSON without cycles' });
    expect(refusal(list).details).toMatchObject({
      path: 'metadata[0].list',
      expected: 'JSON without cycles',
    });
  });

  it('takes 64 levels and refuses the 65th', () => {
    expect(copyJson(nested(64), 'metadata')).toStrictEqual(nested(64));
    expect(refusal(nested(65)).message).toContain('64 levels');
    expect(refusal(nested(100)).message).toContain('64 levels');
  });

  it('never calls a getter, a setter or toJSON', () => {
    let calls = 0;
    const called = () => ++calls;
    const getter = Object.defineProperty({ a: 1 }, 'b', { get: called, enumerable: true });
    const setter = Object.defineProperty({ a: 1 }, 'b', { set: called, enumerable: true });
    const item = Object.defineProperty([1], 0, { get: called, enumerable: true });
    expect(refusal(getter).details).toMatchObject({
      path: 'metadata.b',
      expected: 'a value, not an accessor',
    });
    expect(refusal(setter).details).toMatchObject({ path: 'metadata.b' });
    expect(refusal(item).details).toMatchObject({ path: 'metadata[0]' });
    expect(refusal({ toJSON: called }).details).toMatchObject({ path: 'metadata.toJSON' });
    expect(calls).toBe(0);
  });

  it('takes a proxy that behaves as data, and refuses one that throws, with the cause', () => {
    expect(copyJson(new Proxy({ a: [1] }, {}), 'metadata')).toStrictEqual({ a: [1] });
    const failure = new Error('trap');
    const traps: ProxyHandler<object>[] = [
      {
        ownKeys: () => {
          throw failure;
        },
      },
      {
        getPrototypeOf: () => {
          throw failure;
        },
      },
      {
        getOwnPropertyDescriptor: () => {
          throw failure;
        },
      },
    ];
    for (const trap of traps) {
      const error = refusal({ a: [{ b: 1 }, new Proxy({ c: 1 }, trap)] });
      expect(error.details?.path).toMatch(/^metadata\.a\[1\](\.c)?$/);
      expect(error.cause).toBe(failure);
    }
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(refusal([proxy]).details).toMatchObject({ path: 'metadata[0]' });
  });

  it('refuses a proxy that throws one of our own errors, as an argument of the caller', () => {
    const failure = new SessionError('STORE_FAILED', 'not from here');
    const error = refusal(
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw failure;
          },
        },
      ),
    );
    expect(error).not.toBe(failure);
    expect(error.cause).toBe(failure);
  });

  it('is not confused by a trap that copies something else meanwhile', () => {
    const source = new Proxy(
      { a: 1, b: 1n },
      {
        getOwnPropertyDescriptor(target, key) {
          copyJson({ x: { y: { z: [1, 2] } } }, 'other');
          return Reflect.getOwnPropertyDescriptor(target, key);
        },
      },
    );
    expect(refusal({ deep: [source] }).details).toMatchObject({ path: 'metadata.deep[0].b' });
  });
});

describe('copyJsonObject', () => {
  it('copies an object as copyJson does', () => {
    const copy = copyJsonObject({ a: [{ b: 1 }] }, 'metadata');
    expect(copy).toStrictEqual({ a: [{ b: 1 }] });
    expect(isDeeplyFrozen(copy)).toBe(true);
  });

  it.each([[[]], [null], [undefined], ['text'], [1], [true], [() => 1]])('refuses %j', (value) => {
    expect(() => copyJsonObject(value, 'metadata')).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        details: expect.objectContaining({ path: 'metadata', expected: 'a JSON object' }),
      }),
    );
  });

  it('names the offender inside', () => {
    expect(() => copyJsonObject({ a: [1n] }, 'llmConfig')).toThrow('llmConfig.a[0]');
  });
});

describe('sizes', () => {
  const bytesOf = (text: string) => Buffer.byteLength(text, 'utf8');

  it('jsonBytes is the length of the UTF-8 that JSON.stringify gives', () => {
    const holds = (value: Json) => {
      expect(jsonBytes(value)).toBe(bytesOf(JSON.stringify(value)));
    };
    fc.assert(fc.property(jsonValue, (value) => holds(copyJson(value, ''))));
    fc.assert(fc.property(fc.oneof(anyText, trickyText), (text) => holds([text, { [text]: text }])));
  });

  it('jsonBytes counts no field that is undefined', () => {
    expect(jsonBytes({ a: undefined })).toBe(2);
    expect(jsonBytes({ a: undefined, b: 1 })).toBe(7);
  });

  it('exceedsBytes says whether jsonBytes is over the bound', () => {
    const value = fc.oneof(
      jsonValue,
      anyText,
      trickyText,
      fc.array(trickyText),
      fc.dictionary(trickyText, trickyText),
    );
    fc.assert(
      fc.property(value, fc.integer({ min: -3, max: 3 }), (value, off) => {
        const copy = copyJson(value, '');
        const bytes = jsonBytes(copy);
        expect(exceedsBytes(copy, bytes + off)).toBe(off < 0);
        expect(exceedsBytes(copy, bytes * 8)).toBe(false);
      }),
    );
    expect(exceedsBytes('\0'.repeat(10), 61)).toBe(true);
    expect(exceedsBytes('\0'.repeat(10), 62)).toBe(false);
    expect(exceedsBytes({ ['\0'.repeat(10)]: 0 }, 65)).toBe(true);
    expect(exceedsBytes({ ['\0'.repeat(10)]: 0 }, 66)).toBe(false);
  });

  it('utf8Length counts bytes, three for a lone surrogate', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, trickyText), (text) => {
        expect(utf8Length(text)).toBe(bytesOf(text));
      }),
    );
    expect(utf8Length('aé€😀\ud83d')).toBe(1 + 2 + 3 + 4 + 3);
  });
});

describe('freezeJson', () => {
  it('freezes in place, all the way down', () => {
    const value = { a: [{ b: 1 }], c: null, d: 'x' };
    expect(freezeJson(value)).toBe(value);
    expect([value, value.a, value.a[0]].every(Object.isFrozen)).toBe(true);
  });

  it('takes what is frozen for frozen all the way down', () => {
    const inner = { b: 1 };
    freezeJson(Object.freeze({ inner }));
    expect(Object.isFrozen(inner)).toBe(false);
  });
});
