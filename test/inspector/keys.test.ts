import { describe, expect, it } from 'vitest';
import { KeySequence, keyCaps, nameOfKey, SEQUENCE_MS } from '../../visualizations/inspector/src/keys.ts';

const press = (key: string, over: object = {}) =>
  nameOfKey({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...over });

describe('the name of a key', () => {
  it.each([
    ['j', {}, 'j'],
    ['?', { shiftKey: true }, '?'],
    ['ArrowUp', { shiftKey: true }, 'shift+ArrowUp'],
    ['Enter', { ctrlKey: true }, 'mod+Enter'],
    ['Enter', { metaKey: true }, 'mod+Enter'],
    [' ', {}, 'Space'],
    ['x', { altKey: true }, 'alt+x'],
  ])('%s with %o is %s', (key, over, name) => {
    expect(press(key, over)).toBe(name);
  });
});

describe('keys one after the other', () => {
  const bindings = ['g f', 'g e', 'f', 'j'];

  it('make up a sequence', () => {
    const keys = new KeySequence();
    expect(keys.press('g', 0, bindings)).toBe('begun');
    expect(keys.press('f', 10, bindings)).toEqual({ run: 'g f' });
    expect(keys.press('f', 20, bindings)).toEqual({ run: 'f' });
  });

  it('stand for themselves when the first was too long ago', () => {
    const keys = new KeySequence();
    keys.press('g', 0, bindings);
    expect(keys.press('f', SEQUENCE_MS + 1, bindings)).toEqual({ run: 'f' });
  });

  it('stand for themselves when they make up none', () => {
    const keys = new KeySequence();
    keys.press('g', 0, bindings);
    expect(keys.press('j', 1, bindings)).toEqual({ run: 'j' });
    expect(keys.press('x', 2, bindings)).toBe('none');
  });

  it('begin anew with the first key pressed twice', () => {
    const keys = new KeySequence();
    keys.press('g', 0, bindings);
    expect(keys.press('g', 1, bindings)).toBe('begun');
    expect(keys.press('e', 2, bindings)).toEqual({ run: 'g e' });
  });
});

it('a binding is drawn key by key', () => {
  expect(keyCaps('g f')).toEqual(['g', 'f']);
  expect(keyCaps('shift+ArrowUp')).toEqual(['shift', '↑']);
  expect(keyCaps('mod+Enter')).toEqual(['Ctrl/⌘', 'Enter']);
});
