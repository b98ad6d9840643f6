import { expect, it } from 'vitest';
import { asSessionError, view } from '../../src/bindings/views.ts';
import { missing } from '../support/fake-client.ts';

it('takes an error of ours as it is, and says of any other what was expected', () => {
  const error = missing();
  expect(asSessionError(error)).toBe(error);
  const cause = new TypeError('fetch failed');
  expect(asSessionError(cause, 'ada')).toMatchObject({ code: 'CONNECTION_LOST', sessionId: 'ada', cause });
  expect(asSessionError(undefined).code).toBe('CONNECTION_LOST');
});

it('cannot be changed by one of those who see it', () => {
  expect(Object.isFrozen(view({ status: 'ready' }))).toBe(true);
});
