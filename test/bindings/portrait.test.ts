import { expect, it } from 'vitest';
import { Portrait } from '../../src/bindings/portrait.ts';
import { SESSION_LOADING } from '../../src/bindings/views.ts';
import { SessionError } from '../../src/errors.ts';
import { infoAt, missing } from '../support/fake-client.ts';

const limit = new SessionError('LIMIT_EXCEEDED', 'There are too many.');

it('shows the newest info record, and the same view while it says the same', () => {
  const portrait = new Portrait();
  expect(portrait.view(SESSION_LOADING)).toBe(SESSION_LOADING);
  portrait.show(infoAt('ada', 1, { messageCount: 2 }), 20);
  const first = portrait.view(SESSION_LOADING);
  portrait.show(infoAt('ada', 1, { messageCount: 1 }), 10);
  portrait.show(infoAt('ada', 1, { messageCount: 2 }), 30);
  expect(portrait.view(first)).toBe(first);
  expect(first).toMatchObject({ status: 'ready', info: { messageCount: 2 } });
});

it('does not say that a session is not there while that is being made', () => {
  const portrait = new Portrait();
  expect([portrait.beginCreation(), portrait.beginCreation()]).toEqual([true, false]);
  portrait.fail(missing());
  expect(portrait.view(SESSION_LOADING)).toBe(SESSION_LOADING);
  portrait.endCreation(undefined);
  portrait.fail(missing());
  expect(portrait.view(SESSION_LOADING)).toMatchObject({ status: 'error', info: undefined });
});

it('says why it could not be made, until it is there', () => {
  const portrait = new Portrait();
  portrait.beginCreation();
  portrait.endCreation(limit);
  portrait.fail(missing());
  expect(portrait.view(SESSION_LOADING).error).toBe(limit);
  portrait.show(infoAt('ada', 1), 5);
  portrait.fail(missing());
  expect(portrait.view(SESSION_LOADING).error?.code).toBe('SESSION_NOT_FOUND');
  portrait.forget();
  expect(portrait.view(SESSION_LOADING)).toBe(SESSION_LOADING);
});
