import { describe, expect, it } from 'vitest';
import { isSessionError, SessionError } from '../../src/errors.ts';
import { fromFailure, toFailure } from '../../src/wire/failure.ts';

const carried = (thrown: unknown) => fromFailure(structuredClone(toFailure(thrown)));

describe('an error of ours', () => {
  it('arrives whole: code, message, session, details and cause', () => {
    const cause = new SessionError('STORE_FAILED', 'below', { cause: new RangeError('at the bottom') });
    const error = new SessionError('TIMEOUT', 'late', { sessionId: 'a', details: { ms: [1] }, cause });
    const far = carried(error) as SessionError;
    expect(isSessionError(far)).toBe(true);
    expect(far).toBeInstanceOf(Error);
    expect(far).toMatchObject({ code: 'TIMEOUT', message: 'late', sessionId: 'a', details: { ms: [1] } });
    expect(far.cause).toMatchObject({ code: 'STORE_FAILED', message: 'below' });
    expect((far.cause as Error).cause).toMatchObject({ name: 'RangeError', message: 'at the bottom' });
  });

  it('has nothing that it had not', () => {
    const far = carried(new SessionError('ABORTED', 'x'));
    expect(['sessionId', 'details', 'cause'].filter((key) => key in far)).toEqual([]);
  });

  it.each([['a text'], [42], [{ why: ['json'] }], [null]])('keeps a cause that is JSON: %j', (cause) => {
    expect(carried(new SessionError('ABORTED', 'x', { cause })).cause).toEqual(cause);
  });

  it.each([[() => {}], [new Map()], [Symbol('s')], [{ f() {} }]])(
    'says of another cause what it was',
    (cause) => {
      expect(carried(new SessionError('ABORTED', 'x', { cause })).cause).toBeInstanceOf(Error);
    },
  );

  it('leaves out details that cannot be sent', () => {
    const error = new SessionError('ABORTED', 'x', { details: { f() {} } });
    expect('details' in carried(error)).toBe(false);
  });

  it('whose causes go round in a circle arrives', () => {
    const error = new SessionError('ABORTED', 'x');
    Object.assign(error, { cause: error });
    expect(carried(error).message).toBe('x');
  });
});

describe('anything else that is thrown', () => {
  it('is an error with its name and message', () => {
    const far = carried(new TypeError('not mine'));
    expect([far.name, far.message, isSessionError(far)]).toEqual(['TypeError', 'not mine', false]);
  });

  it.each([[undefined], [null], ['text'], [Object.freeze({})]])(
    'is an error also when it is none: %j',
    (thrown) => {
      expect(carried(thrown)).toBeInstanceOf(Error);
    },
  );
});
