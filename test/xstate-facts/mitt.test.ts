import mittModule from 'mitt';
import { describe, expect, it } from 'vitest';

// Its declarations describe CommonJS, where the function is `default`; at run time it is the ESM default itself.
const mitt = mittModule as unknown as typeof mittModule.default;

type Events = { a: string; b: string };

describe('mitt', () => {
  it('M1: a throwing handler stops the others, the wildcard ones too, and throws into the emitter', () => {
    const emitter = mitt<Events>();
    const seen: string[] = [];
    emitter.on('a', () => {
      throw new Error('handler failed');
    });
    emitter.on('a', () => seen.push('second'));
    emitter.on('*', () => seen.push('wildcard'));
    expect(() => emitter.emit('a', 'x')).toThrow('handler failed');
    expect(seen).toEqual([]);
  });

  it('M1: nested emits are depth-first, so two handlers see two orders', () => {
    const emitter = mitt<Events>();
    const seen: string[] = [];
    emitter.on('a', (value) => {
      seen.push(`first ${value}`);
      if (value === 'outer') emitter.emit('a', 'nested');
    });
    emitter.on('a', (value) => seen.push(`second ${value}`));
    emitter.emit('a', 'outer');
    expect(seen).toEqual(['first outer', 'first nested', 'second nested', 'second outer']);
  });

  it('M1: off(type) removes everybody', () => {
    const emitter = mitt<Events>();
    const seen: string[] = [];
    emitter.on('a', () => seen.push('one'));
    emitter.on('a', () => seen.push('two'));
    emitter.off('a');
    emitter.emit('a', 'x');
    expect(seen).toEqual([]);
  });

  it('M1: empty topics stay', () => {
    const emitter = mitt<Events>();
    const handler = () => {};
    emitter.on('a', handler);
    emitter.off('a', handler);
    emitter.on('b', handler);
    emitter.off('b');
    expect([...emitter.all]).toEqual([
      ['a', []],
      ['b', []],
    ]);
  });

  it('M1: a handler added twice is called twice, and off removes one of the two', () => {
    const emitter = mitt<Events>();
    const seen: string[] = [];
    const handler = (value: string) => seen.push(value);
    emitter.on('a', handler);
    emitter.on('a', handler);
    emitter.emit('a', 'x');
    emitter.off('a', handler);
    emitter.emit('a', 'y');
    expect(seen).toEqual(['x', 'x', 'y']);
  });

  it('M1: delivery goes over a copy of the list: newcomers wait, the removed are still called', () => {
    const emitter = mitt<Events>();
    const seen: string[] = [];
    const removed = () => seen.push('removed');
    emitter.on('a', () => {
      emitter.off('a', removed);
      emitter.on('a', () => seen.push('newcomer'));
    });
    emitter.on('a', removed);
    emitter.emit('a', 'x');
    expect(seen).toEqual(['removed']);
  });
});
