import { describe, expect, it } from 'vitest';
import { checksum } from '../../../src/store/sqlite/checksum.ts';

describe('the checksum', () => {
  it('is the CRC-32 of the key and then the text: a file is read by the next release too', () => {
    // The check value of the standard, in two parts.
    expect(checksum('1234', '56789')).toBe(0xcbf43926);
    expect(checksum(1234, '56789')).toBe(0xcbf43926);
  });

  it('differs for another text and for another key', () => {
    const all = [checksum(1, 'a'), checksum(1, 'b'), checksum(2, 'a'), checksum('x', 'a'), checksum(1, '')];
    expect(new Set(all).size).toBe(all.length);
  });
});
