import { expect, it } from 'vitest';
import { isMessage } from '../../src/wire/protocol.ts';

it.each([[null], [undefined], ['call'], [42], [[]], [{}], [{ type: 1 }]])('%j is no message', (stranger) => {
  expect(isMessage(stranger)).toBe(false);
});

it('a message has a type', () => {
  expect(isMessage({ type: 'call' })).toBe(true);
});
