import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { madeUpPayload, watchedEvent } from '../../../src/testing/machine/payloads.ts';

describe('a made-up payload', () => {
  it('has some of the properties, of any type, and nothing else', () => {
    const values = fc.sample(madeUpPayload(['a', 'b']), { seed: 1, numRuns: 300 }) as { a?: unknown }[];
    expect(new Set(values.flatMap(Object.keys))).toEqual(new Set(['a', 'b']));
    expect(values.some((value) => !('a' in value))).toBe(true);
    const types = new Set(
      values.map(({ a }) => (a === null ? 'null' : Array.isArray(a) ? 'list' : typeof a)),
    );
    expect(types).toEqual(new Set(['number', 'string', 'boolean', 'null', 'list', 'object', 'undefined']));
  });

  it('is JSON, so that its run can be kept', () => {
    const values = fc.sample(madeUpPayload(['a', 'b']), { seed: 1, numRuns: 300 });
    expect(JSON.parse(JSON.stringify(values))).toEqual(values.map((value) => ({ ...value })));
  });

  it('is empty where no property is read', () => {
    expect(fc.sample(madeUpPayload([]), 3)).toEqual([{}, {}, {}]);
  });
});

describe('a watched event', () => {
  it('notes what is read of it, and what is asked for', () => {
    const read = new Set<string>();
    const event = watchedEvent<{ type: string; a?: number }>({ type: 'A', a: 1 }, read);
    expect([event.type, event.a, 'b' in event, JSON.stringify(event)]).toEqual([
      'A',
      1,
      false,
      '{"type":"A","a":1}',
    ]);
    expect(read).toEqual(new Set(['a', 'b']));
  });
});
