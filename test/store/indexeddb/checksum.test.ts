import { describe, expect, it } from 'vitest';
import { checksum } from '../../../src/store/indexeddb/checksum.ts';

describe('checksum', () => {
  const text = '{"text":"grüße, 😀"}';

  it('is the same for the same text in the same place', () => {
    expect(checksum(text, 7)).toBe(checksum(text.slice(), 7));
    expect(Number.isInteger(checksum(text, 7)) && checksum(text, 7) >= 0).toBe(true);
  });

  it('tells the change of any one character', () => {
    const changed = Array.from(
      text,
      (_, n) => text.slice(0, n) + String.fromCharCode(text.charCodeAt(n) ^ 1) + text.slice(n + 1),
    );
    expect(new Set([text, ...changed].map((each) => checksum(each, 7))).size).toBe(changed.length + 1);
  });

  it('tells a text that was torn off, and one in the place of another', () => {
    const torn = Array.from(text, (_, n) => checksum(text.slice(0, n), 7));
    expect(torn).not.toContain(checksum(text, 7));
    expect(new Set(Array.from({ length: 100 }, (_, place) => checksum(text, place))).size).toBe(100);
  });
});
