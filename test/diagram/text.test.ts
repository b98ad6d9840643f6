import { describe, expect, it } from 'vitest';
import { fitted, legible, NAME_FONT, TEXT_FONT, widthOf } from '../../src/diagram/text.ts';

describe('the width of a text', () => {
  it('grows with its letters, its size and its weight', () => {
    expect(widthOf('', TEXT_FONT)).toBe(0);
    expect(widthOf('i', TEXT_FONT)).toBeLessThan(widthOf('n', TEXT_FONT));
    expect(widthOf('n', TEXT_FONT)).toBeLessThan(widthOf('W', TEXT_FONT));
    expect(widthOf('W', TEXT_FONT)).toBeLessThan(widthOf('W', NAME_FONT));
    expect(widthOf('initializing', TEXT_FONT)).toBeCloseTo(54.1, 1);
  });

  it('counts a wide letter and an emoji as one square, and a mark on a letter as nothing', () => {
    expect(widthOf('図', TEXT_FONT)).toBeCloseTo(12.5, 1);
    expect(widthOf('🚀', TEXT_FONT)).toBeCloseTo(12.5, 1);
    expect(widthOf('e\u0301', TEXT_FONT)).toBe(widthOf('e', TEXT_FONT));
    expect(widthOf('ж', TEXT_FONT)).toBeGreaterThan(5);
  });
});

describe('a text that is fitted', () => {
  it('stays as it is when there is room', () => {
    expect(fitted('idle', TEXT_FONT, 100)).toBe('idle');
  });

  it('ends in an ellipsis when there is none, and keeps to the room', () => {
    const shown = fitted('waiting for the answer', TEXT_FONT, 60);
    expect(shown).toMatch(/^waiting.*…$/);
    expect(widthOf(shown, TEXT_FONT)).toBeLessThanOrEqual(60);
    expect(fitted('W', TEXT_FONT, 1)).toBe('…');
  });

  it('is not measured to its end when it is megabytes long', () => {
    expect(fitted('i'.repeat(10_000_000), TEXT_FONT, 1e9)).toHaveLength(1_001);
  });

  it('is not cut within a character', () => {
    expect(fitted('🚀🚀🚀🚀', TEXT_FONT, 40)).toBe('🚀🚀…');
  });
});

describe('a legible text', () => {
  it('spells out what nobody sees, and what turns a line around', () => {
    expect(legible('a\u0000b\u202ec\nd\ud800')).toBe('a\\u{0}b\\u{202e}c\\u{a}d\\u{d800}');
  });

  it('leaves alone what can be read', () => {
    expect(legible('done: é 日本 👩‍💻 → x')).toBe('done: é 日本 👩‍💻 → x');
  });
});
