import { describe, expect, it } from 'vitest';
import { escapeText, unescapeText } from '../../../src/store/sqlite/text.ts';

describe('a text as the inside of a JSON string', () => {
  it.each(['plain', '', 'with "quotes" and \\', 'a\nb', 'nul\u0000', '\ud800 alone', '😀'])(
    '%j comes back',
    (text) => {
      expect(unescapeText(escapeText(text))).toBe(text);
      expect(JSON.parse(`"${escapeText(text)}"`)).toBe(text);
    },
  );

  it('is what it was where nothing needs escaping', () => {
    expect(escapeText('session_a:1.é😀')).toBe('session_a:1.é😀');
  });

  it('holds no NUL, no line feed and nothing that is not well-formed', () => {
    const escaped = escapeText('\u0000\n\ud800');
    expect(escaped).toBe('\\u0000\\n\\ud800');
    expect(escaped.isWellFormed()).toBe(true);
  });
});
