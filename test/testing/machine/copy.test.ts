import { describe, expect, it } from 'vitest';
import { copyPlain, without } from '../../../src/testing/machine/copy.ts';

describe('copyPlain', () => {
  it('copies plain data all the way down', () => {
    const value = { list: [{ a: 1 }], text: 'x', nothing: null, no: undefined };
    const copy = copyPlain(value);
    expect(copy).toEqual(value);
    copy.list.push({ a: 2 });
    expect(value.list).toHaveLength(1);
    expect(copy.list[0]).not.toBe(value.list[0]);
  });

  it('hands on what has a class of its own, and functions', () => {
    const date = new Date(0);
    const fn = () => {};
    expect(copyPlain({ date, fn }).date).toBe(date);
    expect(copyPlain({ date, fn }).fn).toBe(fn);
  });
});

describe('without', () => {
  it('leaves out what is at a path, and nothing beside it', () => {
    const value = { at: 1, order: { at: 2, id: 3 } };
    expect(without(value, [['at']])).toEqual({ order: { at: 2, id: 3 } });
    expect(without(value, [['order', 'at']])).toEqual({ at: 1, order: { id: 3 } });
    expect(value.order.at).toBe(2);
  });

  it('leaves alone what has no such path', () => {
    const value = { at: 1 };
    expect(without(value, [['no'], ['at', 'deeper'], ['toString']])).toEqual({ at: 1 });
    expect(without(null, [['at']])).toBeNull();
  });
});

it('a value that holds itself is copied with its cycle', () => {
  const value: { list: unknown[]; self?: unknown } = { list: [] };
  value.self = value;
  value.list.push(value);
  const copy = copyPlain(value);
  expect(copy).not.toBe(value);
  expect(copy.self).toBe(copy);
  expect(copy.list).toEqual([copy]);
});
