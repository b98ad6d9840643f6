import { expect, it } from 'vitest';
import { filtered, filterKey, matches } from '../../src/bindings/filter.ts';
import { infoAt } from '../support/fake-client.ts';

it('has one key for what asks for the same', () => {
  expect(filterKey({ status: 'idle', limit: 3 })).toBe(filterKey({ limit: 3, status: ['idle'] }));
  expect(filterKey({ status: ['idle', 'active'] })).toBe(filterKey({ status: ['active', 'idle'] }));
  expect(filterKey(undefined)).toBe(filterKey({}));
  expect(filterKey({ status: [] })).not.toBe(filterKey({}));
  expect(filterKey({ limit: 3 })).not.toBe(filterKey({ after: 3 }));
});

it('has a key for what is no filter, and not the one of all sessions', () => {
  for (const wrong of [null, 'idle', { limit: Number.NaN }, { stauts: 'idle' }, { odd: 7n }])
    expect(filterKey(wrong as never)).not.toBe(filterKey(undefined));
});

it('filters as a client does', () => {
  const sessions = [infoAt('a', 1), infoAt('b', 2, { status: 'idle' }), infoAt('c', 3), infoAt('d', 4)];
  expect(filtered(sessions, { status: 'active', after: 1, limit: 1 }).map(({ id }) => id)).toEqual(['c']);
  expect(filtered(sessions, undefined)).toEqual(sessions);
  expect(matches({ status: [] }, infoAt('a', 1))).toBe(false);
});
