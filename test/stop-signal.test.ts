import { expect, it } from 'vitest';
import { StopSignal } from '../src/stop-signal.ts';

it('aborts its signal as the platform would, with an AbortError', () => {
  const stop = new StopSignal();
  const { signal } = stop;
  expect(signal.aborted).toBe(false);
  stop.stop();
  expect(signal.aborted).toBe(true);
  expect(signal.reason).toBeInstanceOf(DOMException);
  expect(signal.reason.name).toBe('AbortError');
  expect(() => signal.throwIfAborted()).toThrow('stopped');
});

it('gives one signal, and an aborted one when it is first asked for after the stop', () => {
  const stop = new StopSignal();
  expect(stop.signal).toBe(stop.signal);
  const late = new StopSignal();
  late.stop();
  expect(late.signal.aborted).toBe(true);
});

it('lends frozen parts with the signal among them, and may be stopped twice', () => {
  const stop = new StopSignal();
  const lent = stop.lend({ id: 'ada' });
  expect(Object.keys(lent)).toEqual(['id', 'signal']);
  expect(Object.isFrozen(lent)).toBe(true);
  let aborts = 0;
  lent.signal.addEventListener('abort', () => {
    aborts += 1;
  });
  stop.stop();
  stop.stop();
  expect({ ...lent }.signal.aborted).toBe(true);
  expect(aborts).toBe(1);
});
