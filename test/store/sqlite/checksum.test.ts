import { describe, expect, it } from 'vitest';
import { checksum } from '../../../src/store/sqlite/checksum.ts';

describe('the checksum', () => {
  it('is the CRC-32 that the next release computes too', () => {
    // The check value of the standard.
    expect(checksum('123456789', 0)).toBe(0xcbf43926);
    expect(checksum('56789', checksum('1234', 0))).toBe(0xcbf43926);
  });

  it('differs for another text in the same place, and for the same text in another', () => {
    expect(checksum('{"n":1}', 1)).not.toBe(checksum('{"n":2}', 1));
    const places = Array.from({ length: 1000 }, (_, place) => checksum('{"n":1}', place));
    expect(new Set(places).size).toBe(1000);
  });

  it('takes every seq for a place', () => {
    expect(checksum('a', 2 ** 32 + 7)).toBe(checksum('a', 7));
    expect(checksum('a', Number.MAX_SAFE_INTEGER)).not.toBe(checksum('a', 7));
  });
});
