import { describe, expect, it } from 'vitest';
import { Heartbeat } from '../../../src/inspect/server/heartbeat.ts';
import { testClock } from '../../support/clock.ts';
import { FakeSocket } from './fake-socket.ts';

function beating(count = 1) {
  const clock = testClock();
  const heartbeat = new Heartbeat(clock);
  const fakes = Array.from({ length: count }, () => {
    const { fake, socket } = FakeSocket.make();
    heartbeat.add(socket);
    return fake;
  });
  const [fake] = fakes;
  if (!fake) throw new Error('none');
  return { clock, fake, fakes };
}
const BEAT = 15_000;

describe('the heartbeat', () => {
  it('keeps a peer that answers', async () => {
    const { clock, fake } = beating();
    for (let n = 0; n < 5; n += 1) {
      await clock.advance(BEAT);
      fake.emit('pong');
    }
    expect(fake.done).toEqual(Array(5).fill('ping'));
  });

  it('closes a half-open peer at the second beat', async () => {
    const { clock, fakes } = beating(2);
    await clock.advance(BEAT);
    fakes[1]?.emit('pong');
    await clock.advance(BEAT);
    expect(fakes.map(({ done }) => done)).toEqual([
      ['ping', 'terminate'],
      ['ping', 'ping'],
    ]);
  });

  it('takes any message for a sign of life', async () => {
    const { clock, fake } = beating();
    await clock.advance(BEAT);
    fake.receive('{}');
    await clock.advance(BEAT);
    expect(fake.done).toEqual(['ping', 'ping']);
  });

  it('does not blame a peer that is not read', async () => {
    const { clock, fake } = beating();
    await clock.advance(BEAT);
    fake.pause();
    await clock.advance(BEAT);
    fake.resume();
    await clock.advance(BEAT);
    expect(fake.done).toEqual(['ping', 'ping', 'terminate']);
  });

  it('sends nothing to one that is closing', async () => {
    const { clock, fake } = beating();
    fake.close(1000, '');
    await clock.advance(BEAT);
    expect(fake.done).toEqual(['close 1000 ']);
  });

  it('stops with the last peer, and leaves no timer and no listener', async () => {
    const { clock, fakes } = beating(2);
    for (const fake of fakes) fake.gone();
    expect(clock.pending).toBe(0);
    for (const fake of fakes)
      expect(['pong', 'message', 'close'].map((name) => fake.listenerCount(name))).toEqual([0, 0, 0]);
  });
});
