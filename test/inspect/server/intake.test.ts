import { describe, expect, it } from 'vitest';
import { Intake } from '../../../src/inspect/server/intake.ts';
import { testClock } from '../../support/clock.ts';
import { FakeSocket } from './fake-socket.ts';

function intakeOf(rate = { perSecond: 10, burst: 3 }) {
  const clock = testClock();
  const { fake, socket } = FakeSocket.make();
  const taken: unknown[] = [];
  const refused: string[] = [];
  new Intake(socket, {
    rate,
    clock,
    take: (message, bytes) => taken.push([message, bytes]),
    refuse: (reason) => refused.push(reason),
  });
  return { clock, fake, taken, refused };
}

describe('what comes in', () => {
  it('is taken with its size, or refused with the reason', () => {
    const { fake, taken, refused } = intakeOf();
    fake.receive('{"a":1}');
    fake.receive('{');
    fake.receive('{}', true);
    expect(taken).toEqual([[{ a: 1 }, 7]]);
    expect(refused).toHaveLength(2);
  });

  it('in a flood is not read on until the rate allows for it', async () => {
    const { fake, clock, taken } = intakeOf();
    for (let n = 0; n < 5; n += 1) fake.receive(`${n}`);
    // Two more than the burst: what was read from the network already is taken, and paid for.
    expect(taken).toHaveLength(5);
    expect(fake.isPaused).toBe(true);
    await clock.advance(199);
    expect(fake.isPaused).toBe(true);
    await clock.advance(1);
    expect(fake.isPaused).toBe(false);
    fake.receive('5');
    expect(fake.isPaused).toBe(true);
  });

  it('costs by its size as well', () => {
    const { fake } = intakeOf({ perSecond: 1, burst: 10 });
    fake.receive(`"${'a'.repeat(19_000)}"`);
    expect(fake.isPaused).toBe(false);
    fake.receive('1');
    expect(fake.isPaused).toBe(true);
  });

  it('in a flood of pings is no other flood', () => {
    const { fake } = intakeOf();
    for (let n = 0; n < 4; n += 1) fake.emit('ping', Buffer.alloc(0));
    expect(fake.isPaused).toBe(true);
  });

  it('behind the close is passed over', () => {
    const { fake, taken } = intakeOf();
    fake.close(1000, '');
    fake.receive('1');
    expect(taken).toEqual([]);
  });

  it('leaves no timer when its socket goes', () => {
    const { fake, clock } = intakeOf();
    for (let n = 0; n < 9; n += 1) fake.receive('1');
    expect(clock.pending).toBe(1);
    fake.gone();
    expect(clock.pending).toBe(0);
  });
});
