import { describe, expect, it } from 'vitest';
import { asStoreError, toErrorInfo, wrapThrown } from '../src/error-info.ts';
import { isSessionError, SessionError } from '../src/errors.ts';
import { copyJson } from '../src/json.ts';

const trap = () => {
  throw new Error('trap');
};

describe('toErrorInfo', () => {
  it('keeps name, message and a textual code of an Error, and no stack', () => {
    expect(toErrorInfo(new TypeError('not a function'))).toStrictEqual({
      name: 'TypeError',
      message: 'not a function',
    });
    expect(toErrorInfo(Object.assign(new Error('no file'), { code: 'ENOENT', path: '/x' }))).toStrictEqual({
      name: 'Error',
      message: 'no file',
      code: 'ENOENT',
    });
    expect(toErrorInfo(new SessionError('TIMEOUT', 'late'))).toStrictEqual({
      name: 'SessionError',
      message: 'late',
      code: 'TIMEOUT',
    });
  });

  it('reads a DOMException, whose fields are getters and whose code is a number', () => {
    expect(toErrorInfo(new DOMException('stopped', 'AbortError'))).toStrictEqual({
      name: 'AbortError',
      message: 'stopped',
    });
  });

  it.each([
    ['undefined', undefined, 'undefined was thrown'],
    ['null', null, 'null was thrown'],
    ['a number', 42, 'the number 42 was thrown'],
    ['a text', 'went wrong', 'went wrong'],
    ['an empty text', '', ''],
    ['a symbol', Symbol('x'), 'a symbol was thrown'],
    ['a function', trap, 'a function was thrown'],
    ['a plain object', { reason: 1 }, 'an object was thrown'],
    ['an object with a message', { message: 'from afar' }, 'from afar'],
    ['a message that is no text', { message: 42 }, 'an object was thrown'],
    ['an error frozen solid', Object.freeze(new Error('cold')), 'cold'],
    [
      'a proxy that refuses everything',
      new Proxy({}, { get: trap, getPrototypeOf: trap }),
      'an object that cannot be read was thrown',
    ],
  ])('makes an info of %s', (_what, thrown, message) => {
    expect(toErrorInfo(thrown)).toStrictEqual({ name: 'Error', message });
  });

  it('survives hostile getters one by one', () => {
    const error = new Error('kept');
    Object.defineProperty(error, 'name', { get: trap });
    Object.defineProperty(error, 'code', { get: trap });
    expect(toErrorInfo(error)).toStrictEqual({ name: 'Error', message: 'kept' });
    Object.defineProperty(error, 'message', { get: trap });
    expect(toErrorInfo(error)).toStrictEqual({ name: 'Error', message: 'an instance of Error was thrown' });
  });

  it('calls an error without a name Error', () => {
    expect(toErrorInfo(Object.assign(new Error('x'), { name: '' })).name).toBe('Error');
  });

  it('is frozen JSON, whatever was thrown', () => {
    for (const thrown of [new Error('x'), undefined, { message: 'y', code: 'Z' }]) {
      const info = toErrorInfo(thrown);
      expect(Object.isFrozen(info)).toBe(true);
      expect(copyJson(info, 'info')).toStrictEqual(info);
    }
  });

  it('cuts a message of megabytes', () => {
    const { message } = toErrorInfo(new Error('x'.repeat(1_000_000)));
    expect(message).toBe(`${'x'.repeat(8191)}…`);
    expect(toErrorInfo(new Error('x'.repeat(8192))).message).toBe('x'.repeat(8192));
    expect(toErrorInfo('x'.repeat(8193)).message).toHaveLength(8192);
  });
});

describe('wrapThrown', () => {
  it('says what failed and why, and keeps what was thrown as the cause', () => {
    const thrown = new Error('disk full');
    const error = wrapThrown('STORE_FAILED', 'The journal could not be written', thrown, 'a');
    expect(isSessionError(error)).toBe(true);
    expect(error).toMatchObject({ code: 'STORE_FAILED', sessionId: 'a' });
    expect(error.message).toBe('The journal could not be written: disk full');
    expect(error.cause).toBe(thrown);
  });

  it('keeps a cause of undefined as one', () => {
    const error = wrapThrown('SESSION_CRASHED', 'The agent failed', undefined);
    expect('cause' in error).toBe(true);
    expect(error.cause).toBeUndefined();
    expect(error.message).toBe('The agent failed: undefined was thrown');
    expect(error.sessionId).toBeUndefined();
  });
});

it('asStoreError leaves our own errors as they are, and wraps whatever else a store throws', () => {
  const ours = new SessionError('STORE_CORRUPT', 'a bad row', { sessionId: 's' });
  expect(asStoreError(ours, 'The store refused a read')).toBe(ours);
  const cause = new Error('EIO');
  expect(asStoreError(cause, 'The store refused a read')).toMatchObject({
    code: 'STORE_FAILED',
    message: 'The store refused a read: EIO',
    cause,
  });
});
