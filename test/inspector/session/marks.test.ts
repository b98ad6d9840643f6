import { describe, expect, it } from 'vitest';
import { keyOf, marksOf } from '../../../visualizations/inspector/src/session/marks.ts';

describe('marksOf', () => {
  const marks = marksOf({ a: { b: 1, gone: 2 }, same: [1] }, { a: { b: 3 }, same: [1], come: null });

  it('names what was added and changed, at its place', () => {
    expect(marks.at(['a', 'b'])).toMatchObject({ kind: 'changed', before: 1, after: 3 });
    expect(marks.at(['come'])?.kind).toBe('added');
    expect(marks.at(['same'])).toBeUndefined();
  });

  it('says above it that something has changed, and beside it nothing', () => {
    expect([marks.isAbove([]), marks.isAbove(['a']), marks.isAbove(['same'])]).toEqual([true, true, false]);
  });

  it('keeps what is gone under where it was', () => {
    expect(marks.goneFrom(['a'])).toMatchObject([{ kind: 'removed', before: 2 }]);
    expect(marks.goneFrom([])).toEqual([]);
    expect(marks.count).toBe(3);
  });

  it('tells the first of a list from a key that is called 0, and a dot in a key from a place below', () => {
    expect(keyOf([0])).not.toBe(keyOf(['0']));
    expect(keyOf(['a.b'])).not.toBe(keyOf(['a', 'b']));
  });
});
