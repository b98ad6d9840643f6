import { expect, it, describe as suite } from 'vitest';
import {
  checkFunction,
  checkInteger,
  checkKey,
  checkOptions,
  checkPath,
  checkRole,
  checkSignal,
  checkString,
  describe,
  invalidArgument,
} from '../src/check.ts';
import { isSessionError } from '../src/errors.ts';

function refused(details: object) {
  return expect.objectContaining({ code: 'INVALID_ARGUMENT', details: expect.objectContaining(details) });
}

suite('describe', () => {
  class Money {}
  const cases: [unknown, string][] = [
    [undefined, 'undefined'],
    [null, 'null'],
    ['text', 'the string "text"'],
    ['', 'the string ""'],
    ['a"\n', 'the string "a\\"\\n"'],
    ['\ud800', 'the string "\\ud800"'],
    ['x'.repeat(41), `the string "${'x'.repeat(40)}"… of length 41`],
    ['x'.repeat(40), `the string "${'x'.repeat(40)}"`],
    [1.5, 'the number 1.5'],
    [-0, 'the number -0'],
    [Number.NaN, 'the number NaN'],
    [true, 'the boolean true'],
    [1n, 'a bigint'],
    [Symbol('x'), 'a symbol'],
    [() => 1, 'a function'],
    [[1], 'an array'],
    [{ secret: 1 }, 'an object'],
    [Object.create(null), 'an object'],
    [new Money(), 'an instance of Money'],
    [new Map(), 'an instance of Map'],
    [new (class {})(), 'an object with a prototype'],
    [Object.create({ constructor: 'x' }), 'an object with a prototype'],
  ];
  it.each(cases)('says of %# what it is', (value, words) => {
    expect(describe(value)).toBe(words);
  });

  it('says of a proxy that fails that it cannot be read', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(describe(proxy)).toBe('an object that cannot be read');
  });

  it('runs no getter', () => {
    const trap = () => {
      throw new Error('ran');
    };
    const prototype = Object.defineProperty({}, 'constructor', { get: trap });
    expect(describe(Object.create(prototype))).toBe('an object with a prototype');
    const named = Object.defineProperty(() => 1, 'name', { get: trap });
    expect(describe(Object.create({ constructor: named }))).toBe('an object with a prototype');
  });
});

suite('invalidArgument', () => {
  it('says which argument, what was expected and what came, for people and for programs', () => {
    const error = invalidArgument('options.limit', 'an integer from 1', '7');
    expect(isSessionError(error)).toBe(true);
    expect(error.message).toBe('options.limit must be an integer from 1; received the string "7".');
    expect(error.details).toEqual({
      path: 'options.limit',
      expected: 'an integer from 1',
      received: 'the string "7"',
    });
    expect('cause' in error).toBe(false);
  });

  it('keeps a cause', () => {
    const cause = new Error('below');
    expect(invalidArgument('x', 'y', 1, cause).cause).toBe(cause);
  });
});

suite('checkString', () => {
  it('gives back what is within the bounds, both included', () => {
    for (const text of ['ab', 'abc', 'abcd']) expect(checkString(text, 'x', { min: 2, max: 4 })).toBe(text);
    expect(checkString('', 'x')).toBe('');
  });

  it('refuses what is outside, or no string, and names the bounds', () => {
    for (const value of ['a', 'abcde', 12, Object('abc'), null, undefined]) {
      expect(() => checkString(value, 'x', { min: 2, max: 4 })).toThrow(
        refused({ path: 'x', expected: 'a string of 2 to 4 characters' }),
      );
    }
    expect(() => checkString(1, 'x')).toThrow(refused({ expected: 'a string' }));
    expect(() => checkString('', 'x', { min: 1 })).toThrow(
      refused({ expected: 'a string of at least 1 characters' }),
    );
  });
});

suite('checkPath', () => {
  it('takes any text as a path, up to 4096 characters', () => {
    for (const path of ['a', 'src/a b.ts', '../x', '/abs', 'constructor', '\ud800', 'x'.repeat(4096)]) {
      expect(checkPath(path, 'path')).toBe(path);
    }
  });

  it('refuses the empty one, NUL, __proto__, a longer one and what is no string', () => {
    for (const path of ['', 'a\0b', '__proto__', 'x'.repeat(4097), 7, null, undefined, ['a']]) {
      expect(() => checkPath(path, 'path')).toThrow(refused({ path: 'path' }));
    }
  });
});

suite('checkKey', () => {
  it('takes any text of 1 to 1024 characters', () => {
    for (const key of ['k', 'toString', 'with space', 'x'.repeat(1024)])
      expect(checkKey(key, 'key')).toBe(key);
  });

  it('refuses the empty one, __proto__, a longer one and what is no string', () => {
    for (const key of ['', '__proto__', 'x'.repeat(1025), 7, Symbol('k'), undefined]) {
      expect(() => checkKey(key, 'key')).toThrow(refused({ path: 'key' }));
    }
  });
});

suite('checkInteger', () => {
  it('gives back an integer within the bounds, both included', () => {
    for (const n of [1, 2, 3]) expect(checkInteger(n, 'n', { min: 1, max: 3 })).toBe(n);
    expect(checkInteger(-5, 'n')).toBe(-5);
  });

  it('refuses what is outside, no integer or no number, and names the bounds', () => {
    for (const value of [0, 4, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '2', 2n, null, undefined]) {
      expect(() => checkInteger(value, 'n', { min: 1, max: 3 })).toThrow(
        refused({ path: 'n', expected: 'an integer from 1 up to 3' }),
      );
    }
    expect(() => checkInteger(2 ** 53, 'n')).toThrow(refused({ expected: 'an integer' }));
  });
});

suite('checkOptions', () => {
  it('reads undefined as no options', () => {
    const none = checkOptions(undefined, 'options');
    expect(none).toEqual({});
    expect(Object.isFrozen(none)).toBe(true);
  });

  it('gives back the object itself', () => {
    const options = { limit: 1 };
    expect(checkOptions(options, 'options')).toBe(options);
    expect(checkOptions(options, 'options', ['limit', 'before'])).toBe(options);
  });

  it.each([[null], [[]], ['text'], [5], [true], [() => 1]])('refuses %j', (value) => {
    expect(() => checkOptions(value as never, 'options')).toThrow(refused({ path: 'options' }));
  });

  it('refuses an option it does not know and lists those it knows', () => {
    const misspelt = () => checkOptions({ limt: 1 }, 'options', ['limit', 'before']);
    expect(misspelt).toThrow(refused({ path: 'options.limt', expected: ['limit', 'before'] }));
    expect(misspelt).toThrow('options has no option "limt"; it knows limit, before.');
  });
});

suite('checkRole', () => {
  it('takes the four roles', () => {
    for (const role of ['system', 'user', 'assistant', 'tool']) expect(checkRole(role, 'role')).toBe(role);
  });

  it.each([['User'], [''], ['constructor'], [null], [undefined], [1]])('refuses %j', (value) => {
    expect(() => checkRole(value, 'role')).toThrow(refused({ path: 'role' }));
  });
});

suite('checkFunction', () => {
  it('takes functions and nothing else', () => {
    const listener = () => 1;
    expect(checkFunction(listener, 'listener')).toBe(listener);
    for (const value of [{}, 'f', null, undefined]) {
      expect(() => checkFunction(value, 'listener')).toThrow(refused({ path: 'listener' }));
    }
  });
});

suite('checkSignal', () => {
  it('takes an AbortSignal, what looks like one, and undefined', () => {
    const { signal } = new AbortController();
    expect(checkSignal(signal, 'signal')).toBe(signal);
    const lookalike = { aborted: false, addEventListener: () => {}, removeEventListener: () => {} };
    expect(checkSignal(lookalike, 'signal')).toBe(lookalike);
    expect(checkSignal(undefined, 'signal')).toBeUndefined();
  });

  it('refuses everything else, an AbortController and hostile objects included', () => {
    const hostile = Object.defineProperty({}, 'aborted', {
      get() {
        throw new Error('trap');
      },
    });
    const noListeners = { aborted: false };
    const halfListeners = { aborted: false, addEventListener: () => {} };
    for (const value of [null, 1, 'x', {}, new AbortController(), noListeners, halfListeners, hostile]) {
      expect(() => checkSignal(value, 'options.signal')).toThrow(refused({ path: 'options.signal' }));
    }
  });
});
