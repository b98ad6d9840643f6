import { describe, expect, it } from 'vitest';
import { isSessionError, SessionError } from '../src/errors.ts';

describe('SessionError', () => {
  it('is an Error with a code', () => {
    const error = new SessionError('TIMEOUT', 'too slow');
    expect(error).toBeInstanceOf(Error);
    expect(error.stack).toContain('errors.test.ts');
    expect({ ...error, message: error.message }).toMatchObject({
      name: 'SessionError',
      code: 'TIMEOUT',
      message: 'too slow',
    });
  });

  it('carries session, details and cause where they are given', () => {
    const cause = new Error('below');
    const details = { limit: 3 };
    const error = new SessionError('LIMIT_EXCEEDED', 'full', { sessionId: 'a', details, cause });
    expect(error).toMatchObject({ sessionId: 'a', details });
    expect(error.cause).toBe(cause);
  });

  it('has no property for what was not given', () => {
    const error = new SessionError('TIMEOUT', 'x', { sessionId: undefined, details: undefined });
    for (const key of ['sessionId', 'details', 'cause']) expect(key in error).toBe(false);
    expect(JSON.parse(JSON.stringify(error))).toEqual({ name: 'SessionError', code: 'TIMEOUT' });
  });

  it('keeps undefined as a cause where undefined was thrown', () => {
    const error = new SessionError('INITIALIZE_FAILED', 'x', { cause: undefined });
    expect(Object.hasOwn(error, 'cause')).toBe(true);
    expect(error.cause).toBeUndefined();
  });
});

describe('isSessionError', () => {
  it('knows our errors', () => {
    expect(isSessionError(new SessionError('TIMEOUT', 'x'))).toBe(true);
  });

  it('knows those of another copy of the package, by their brand', () => {
    const foreign = Object.assign(new Error('x'), { code: 'TIMEOUT', [Symbol.for('chartroom.error')]: true });
    expect(isSessionError(foreign)).toBe(true);
  });

  it.each([
    ['another error', new Error('x')],
    ['an object that looks like one', { code: 'TIMEOUT', name: 'SessionError' }],
    ['a brand that is not true', { [Symbol.for('chartroom.error')]: 'yes' }],
    ['a text', 'SessionError'],
    ['the class', SessionError],
    ['null', null],
    ['undefined', undefined],
  ])('does not take %s for one', (_what, value) => {
    expect(isSessionError(value)).toBe(false);
  });
});
