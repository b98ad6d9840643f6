import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { type Interruptible, untilInterrupted } from '../../src/cli/interruption.ts';
import { stateOf } from '../support/turns.ts';

class FakeProcess extends EventEmitter {
  readonly exits: unknown[] = [];
  exit(code?: number): void {
    this.exits.push(code);
  }
}

describe('a command that goes on', () => {
  it.each(['SIGINT', 'SIGTERM'])('goes on until %s', async (signal) => {
    const process = new FakeProcess();
    const interrupted = untilInterrupted(process as Interruptible);
    expect(await stateOf(interrupted)).toBe('pending');
    process.emit(signal);
    expect(await stateOf(interrupted)).toBe('fulfilled');
  });

  it('leaves the next one to the system', () => {
    const process = new FakeProcess();
    untilInterrupted(process as Interruptible);
    expect([process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')]).toEqual([1, 1]);
    process.emit('SIGINT');
    expect([process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')]).toEqual([0, 0]);
  });

  it('ends with 0 after a time, whatever a module left running', () => {
    vi.useFakeTimers();
    try {
      const process = new FakeProcess();
      untilInterrupted(process as Interruptible, 3000);
      process.emit('SIGINT');
      vi.advanceTimersByTime(2999);
      expect(process.exits).toEqual([]);
      vi.advanceTimersByTime(1);
      expect(process.exits).toEqual([0]);
    } finally {
      vi.useRealTimers();
    }
  });
});
