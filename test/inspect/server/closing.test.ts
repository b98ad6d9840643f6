import { describe, expect, it } from 'vitest';
import { closeSocket } from '../../../src/inspect/server/closing.ts';
import { testClock } from '../../support/clock.ts';
import { FakeSocket } from './fake-socket.ts';

describe('a socket that is closed', () => {
  it('is left to its peer, which closes its side too', async () => {
    const clock = testClock();
    const { fake, socket } = FakeSocket.make();
    closeSocket(socket, 1001, 'going', clock);
    fake.gone();
    await clock.advance(10_000);
    expect(fake.done).toEqual(['close 1001 going']);
    expect(clock.pending).toBe(0);
  });

  it('is cut when the peer does not', async () => {
    const clock = testClock();
    const { fake, socket } = FakeSocket.make();
    fake.isPaused = true;
    closeSocket(socket, 1001, 'going', clock);
    expect(fake.isPaused).toBe(false);
    await clock.advance(999);
    expect(fake.done).toHaveLength(1);
    await clock.advance(1);
    expect(fake.done).toEqual(['close 1001 going', 'terminate']);
    expect(clock.pending).toBe(0);
  });

  it('gets as much of the reason as a close frame holds', () => {
    const { fake, socket } = FakeSocket.make();
    closeSocket(socket, 1000, '✓'.repeat(200), testClock());
    expect(fake.done).toEqual([`close 1000 ${'✓'.repeat(41)}`]);
  });

  it('stays as it is when it is closed already', () => {
    const clock = testClock();
    const { fake, socket } = FakeSocket.make();
    fake.gone();
    closeSocket(socket, 1000, '', clock);
    expect([fake.done, clock.pending]).toEqual([[], 0]);
  });
});
