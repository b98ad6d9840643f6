import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { onAbort, throwIfAborted } from '../src/abort.ts';
import { isSessionError } from '../src/errors.ts';

describe('throwIfAborted', () => {
  it('throws ABORTED with the reason of the signal as its cause', () => {
    const reason = new Error('changed my mind');
    expect(() => throwIfAborted(AbortSignal.abort(reason))).toThrow(
      expect.objectContaining({ code: 'ABORTED', cause: reason }),
    );
  });

  it('lets pass a signal that has not fired, and none', () => {
    expect(() => throwIfAborted(new AbortController().signal)).not.toThrow();
    expect(() => throwIfAborted(undefined)).not.toThrow();
  });
});

describe('onAbort', () => {
  it('calls back with ABORTED once the signal fires', () => {
    const controller = new AbortController();
    const errors: unknown[] = [];
    onAbort(controller.signal, (error) => errors.push(error));
    expect(errors).toEqual([]);
    controller.abort('enough');
    expect(errors).toEqual([expect.objectContaining({ code: 'ABORTED', cause: 'enough' })]);
    expect(errors.every(isSessionError)).toBe(true);
  });

  it('holds nothing on a signal that it was told to forget', () => {
    const controller = new AbortController();
    const errors: unknown[] = [];
    const forget = onAbort(controller.signal, (error) => errors.push(error));
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    forget();
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    controller.abort();
    expect(errors).toEqual([]);
  });

  it('needs no signal', () => {
    const errors: unknown[] = [];
    onAbort(undefined, (error) => errors.push(error))();
    expect(errors).toEqual([]);
  });
});
