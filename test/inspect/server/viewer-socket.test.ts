import { describe, expect, it } from 'vitest';
import type { InspectorMessage, ViewerChannel } from '../../../src/inspect/protocol.ts';
import { ViewerSocket } from '../../../src/inspect/server/viewer-socket.ts';
import { testClock } from '../../support/clock.ts';
import { FakeSocket } from './fake-socket.ts';

const MESSAGE: InspectorMessage = { type: 'apps', rows: [] };
const MEGABYTE = 1024 * 1024;

function attached() {
  const clock = testClock();
  const { fake, socket } = FakeSocket.make();
  const received: unknown[] = [];
  let left = 0;
  const channels: ViewerChannel[] = [];
  const viewed = {
    connect(channel: ViewerChannel) {
      channels.push(channel);
      channel.send(MESSAGE);
      return {
        receive: (message: unknown) => received.push(message),
        close: () => {
          left += 1;
        },
      };
    },
  };
  ViewerSocket.attach(socket, viewed, clock);
  const [channel] = channels;
  if (!channel) throw new Error('not connected');
  return { clock, fake, channel, received, left: () => left };
}

describe('a viewer', () => {
  it('gets what is sent, and is heard', () => {
    const { fake, received } = attached();
    fake.receive('{"type":"look","subject":"engine"}');
    expect(fake.sent).toEqual([MESSAGE]);
    expect(received).toEqual([{ type: 'look', subject: 'engine' }]);
  });

  it('that sends no JSON is told so', () => {
    const { fake, received } = attached();
    fake.receive('{"type":');
    expect(fake.sent.at(-1)).toEqual({ type: 'refused', message: expect.stringContaining('no JSON') });
    expect(received).toEqual([]);
  });

  it('that leaves is left once', () => {
    const { fake, channel, clock, left } = attached();
    fake.gone();
    expect(left()).toBe(1);
    expect(channel.send(MESSAGE)).toBe(false);
    expect(clock.pending).toBe(0);
  });

  it('is closed with the reason', () => {
    const { fake, channel } = attached();
    channel.close('The engine closes.');
    expect(fake.done).toEqual(['close 1000 The engine closes.']);
  });
});

describe('a viewer that does not read', () => {
  it('gets nothing more above a cap, and its sender is told', () => {
    const { fake, channel } = attached();
    fake.bufferedAmount = MEGABYTE;
    expect(channel.send(MESSAGE)).toBe(true);
    fake.bufferedAmount = MEGABYTE + 1;
    expect(channel.send(MESSAGE)).toBe(false);
    expect(fake.sent).toHaveLength(2);
  });

  it('is let go after a time, to come back later', async () => {
    const { fake, channel, clock, left } = attached();
    fake.bufferedAmount = MEGABYTE + 1;
    channel.send(MESSAGE);
    await clock.advance(9999);
    channel.send(MESSAGE);
    expect(fake.done).toEqual([]);
    await clock.advance(1);
    expect(fake.done).toEqual(['close 1013 This viewer does not read what it is sent.']);
    // Its close frame waits behind all the rest.
    await clock.advance(1000);
    expect(fake.done).toHaveLength(2);
    expect([left(), clock.pending]).toEqual([1, 0]);
  });

  it('is kept when it reads on in time', async () => {
    const { fake, channel, clock } = attached();
    fake.bufferedAmount = MEGABYTE + 1;
    channel.send(MESSAGE);
    await clock.advance(9000);
    fake.bufferedAmount = 10;
    expect(channel.send(MESSAGE)).toBe(true);
    await clock.advance(60_000);
    expect(fake.done).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
