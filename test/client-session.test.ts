import { describe, expect, it } from 'vitest';
import { endOwned } from '../src/client-session.ts';
import { SessionError, type SessionErrorCode } from '../src/errors.ts';
import { codeOf } from './support/errors.ts';

// What a handle asks of its client is in the tests of both kinds, and in the contract that runs against them.
describe('an owned session', () => {
  const failing = (code: SessionErrorCode) => () => Promise.reject(new SessionError(code, 'no'));

  it.each(['SESSION_NOT_FOUND', 'MANAGER_CLOSED'] as const)(
    'that is %s is disposed of already',
    async (code) => {
      await expect(endOwned(failing(code))).resolves.toBeUndefined();
    },
  );

  it('that does not end says so', async () => {
    expect(await codeOf(endOwned(failing('STORE_FAILED')))).toBe('STORE_FAILED');
    await expect(endOwned(() => Promise.reject(new TypeError('odd')))).rejects.toThrow('odd');
  });
});
