import { describe, expect, it } from 'vitest';
import { SessionError } from '../../../src/errors.ts';
import {
  isDamage,
  isFull,
  isPoison,
  lost,
  poisoned,
  toStoreError,
} from '../../../src/store/indexeddb/faults.ts';

const thrown = (name: string) => new DOMException('the browser says', name);

describe('what the browser throws', () => {
  it('is told as STORE_FAILED, with the name of the store and of the fault', () => {
    const error = toStoreError(thrown('UnknownError'), 'rooms');
    expect(error).toMatchObject({
      code: 'STORE_FAILED',
      details: { name: 'rooms', fault: 'UnknownError' },
    });
    expect(error.message).toContain('the browser says');
    expect(toStoreError(new TypeError('a slip'), 'rooms').details).toEqual({ name: 'rooms' });
  });

  it('is told as a full store when the quota is exceeded', () => {
    const error = toStoreError(thrown('QuotaExceededError'), 'rooms');
    expect(error).toMatchObject({ code: 'STORE_FAILED', details: { full: true } });
  });

  it('passes as it is when it is one of ours', () => {
    const error = new SessionError('STORE_LOCKED', 'locked');
    expect(toStoreError(error, 'rooms')).toBe(error);
  });

  it('poisons, unless it is a full quota, or about one row', () => {
    const harmless = [
      'QuotaExceededError',
      'ConstraintError',
      'DataError',
      'DataCloneError',
      'NotReadableError',
    ];
    expect(harmless.map((name) => isPoison(thrown(name)))).toEqual(harmless.map(() => false));
    expect(['UnknownError', 'AbortError', 'TimeoutError'].map((name) => isPoison(thrown(name)))).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('is damage of a row when that cannot be read, and only that', () => {
    expect(['NotReadableError', 'NotFoundError', 'DataError'].every((name) => isDamage(thrown(name)))).toBe(
      true,
    );
    expect(isDamage(thrown('UnknownError')) || isDamage(new Error('DataError'))).toBe(false);
    expect(isFull(new Error('QuotaExceededError'))).toBe(false);
  });
});

describe('what every later call is told', () => {
  it('says that a reload helps', () => {
    const reason = toStoreError(thrown('UnknownError'), 'rooms');
    expect(poisoned(reason)).toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringContaining('reload'),
      details: { poisoned: true, fault: 'UnknownError' },
    });
    expect(lost('rooms', 'Another tab upgrades it')).toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringMatching(/^Another tab upgrades it.*reload/),
      details: { lost: true, name: 'rooms' },
    });
  });
});
