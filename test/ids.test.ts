import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { checkSessionId, createSessionId, messageId, messageNumber } from '../src/ids.ts';

const UUID_V4 = /^session_[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const FIRST = 'ABCXYZabcxyz0189_:-';
const sessionId = fc
  .tuple(fc.constantFrom(...FIRST), fc.string({ unit: fc.constantFrom(...FIRST, '.'), maxLength: 127 }))
  .map(([first, rest]) => first + rest)
  .filter((id) => id !== '__proto__');

describe('checkSessionId', () => {
  it('gives back every id of 1 to 128 legal characters that starts with no dot', () => {
    fc.assert(
      fc.property(sessionId, (id) => {
        expect(checkSessionId(id)).toBe(id);
      }),
    );
    expect(checkSessionId('x'.repeat(128))).toHaveLength(128);
  });

  it.each(['constructor', 'toString', 'hasOwnProperty', '-', ':', '_proto_', '__proto__1', 'a..b', 'a.'])(
    'takes %j',
    (id) => {
      expect(checkSessionId(id)).toBe(id);
    },
  );

  it('refuses every text with another character', () => {
    fc.assert(
      fc.property(
        sessionId,
        fc.nat(),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter((c) => !/[A-Za-z0-9_.:-]/.test(c)),
        (id, at, stranger) => {
          const place = at % (id.length + 1);
          const bad = id.slice(0, place) + stranger + id.slice(place);
          expect(() => checkSessionId(bad)).toThrow(expect.objectContaining({ code: 'INVALID_SESSION_ID' }));
        },
      ),
    );
  });

  it.each([
    [''],
    ['x'.repeat(129)],
    ['x'.repeat(10_000)],
    ['.'],
    ['..'],
    ['.hidden'],
    ['../x'],
    ['a/b'],
    ['a\\b'],
    ['a\0'],
    ['a\n'],
    ['a b'],
    ['\ud800'],
    ['é'],
    ['__proto__'],
    [undefined],
    [null],
    [7],
    [{}],
    [['abc']],
    [Object('abc')],
    [Symbol('abc')],
  ])('refuses %#', (id) => {
    expect(() => checkSessionId(id)).toThrow(expect.objectContaining({ code: 'INVALID_SESSION_ID' }));
  });

  it('says what an id must be and what came, in short', () => {
    expect(() => checkSessionId('a b')).toThrow(/1 to 128 characters of A-Z.*received the string "a b"\./);
    let message = '';
    try {
      checkSessionId('x'.repeat(10_000));
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain('of length 10000');
    expect(message.length).toBeLessThan(250);
  });
});

describe('createSessionId', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('makes legal, distinct ids with a version 4 UUID', () => {
    const ids = Array.from({ length: 200 }, createSessionId);
    expect(new Set(ids).size).toBe(200);
    for (const id of ids) {
      expect(id).toMatch(UUID_V4);
      expect(checkSessionId(id)).toBe(id);
    }
  });

  it('takes what crypto.randomUUID gives', () => {
    vi.stubGlobal('crypto', { randomUUID: () => 'a-b-c' });
    expect(createSessionId()).toBe('session_a-b-c');
  });

  it('makes the same kind where crypto.randomUUID is missing', () => {
    const { crypto } = globalThis;
    vi.stubGlobal('crypto', {
      getRandomValues: (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes),
    });
    const ids = Array.from({ length: 200 }, createSessionId);
    expect(new Set(ids).size).toBe(200);
    for (const id of ids) expect(id).toMatch(UUID_V4);
  });

  it('stamps version and variant whatever the random bytes are, and keeps the others', () => {
    for (const [byte, id] of [
      [0x00, 'session_00000000-0000-4000-8000-000000000000'],
      [0xff, 'session_ffffffff-ffff-4fff-bfff-ffffffffffff'],
    ] as const) {
      vi.stubGlobal('crypto', { getRandomValues: (bytes: Uint8Array) => bytes.fill(byte) });
      expect(createSessionId()).toBe(id);
    }
  });
});

describe('message ids', () => {
  it('carry the session and the number, and give the number back', () => {
    expect(messageId('a:1', 7)).toBe('a:1:7');
    fc.assert(
      fc.property(sessionId, fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (id, n) => {
        expect(messageNumber(id, messageId(id, n))).toBe(n);
      }),
    );
  });

  it.each([
    ['of another session', 'b:1'],
    ['of a session whose id begins alike', 'ab:1'],
    ['of the session "a:1"', 'a:1:2'],
    ['without a number', 'a:'],
    ['without a colon', 'a'],
    ['of number 0', 'a:0'],
    ['of a negative number', 'a:-1'],
    ['of a fraction', 'a:1.5'],
    ['with leading zeros', 'a:01'],
    ['in another notation', 'a:1e3'],
    ['with a space', 'a: 1'],
    ['over the safe integers', 'a:9007199254740993'],
    ['of words', 'a:Infinity'],
  ])('have no number for one %s', (_what, id) => {
    expect(messageNumber('a', id)).toBeUndefined();
  });
});
