import { describe, expect, it } from 'vitest';
import { checksum } from '../../../src/store/sqlite/checksum.ts';

describe('the checksum', () => {
  it('is the CRC-32 that the next release computes too', () => {
    // The check value of the standard.
    expect(checksum('123456789', 0)).toBe(0xcbf43926);
    expect(checksum('56789', checksum('1234', 0))).toBe(0xcbf43926);
  });

  it('differs for another text and for another place', () => {
    const all = [checksum('a', 1), checksum('b', 1), checksum('a', 2), checksum('', 1)];
    expect(new Set(all).size).toBe(all.length);
  });

  it('takes every seq for a place', () => {
    expect(checksum('a', 2 ** 32 + 7)).toBe(checksum('a', 7));
    expect(checksum('a', Number.MAX_SAFE_INTEGER)).not.toBe(checksum('a', 7));
  });
});
