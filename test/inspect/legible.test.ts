import { describe, expect, it } from 'vitest';
import { legible } from '../../src/inspect/legible.ts';

describe('legible', () => {
  it('names what turns a line around, ends it in secret, or takes no room', () => {
    expect(legible('a\u202eb\u2066c\u200fd')).toBe('a\\u{202e}b\\u{2066}c\\u{200f}d');
    expect(legible('a\u2028b\u0000c\ufeffd\ud800')).toBe('a\\u{2028}b\\u{0}c\\u{feff}d\\u{d800}');
  });

  it('leaves what is written in every language, and the lines of a text', () => {
    const text = 'Zeile\n\tשלום، سلام 👩‍🚀 नमस्ते';
    expect(legible(text)).toBe(text);
  });
});
