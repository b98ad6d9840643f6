import { describe, expect, it } from 'vitest';
import { attachFeed } from '../../../src/inspect/server/feed-socket.ts';
import { testClock } from '../../support/clock.ts';
import { FakeSocket } from './fake-socket.ts';

function attached(wrong?: string) {
  const { fake, socket } = FakeSocket.make();
  const received: unknown[] = [];
  let left = 0;
  const feed = {
    receive(message: unknown, bytes: number) {
      received.push([message, bytes]);
      return wrong;
    },
    close() {
      left += 1;
    },
  };
  attachFeed(socket, feed, testClock());
  return { fake, received, left: () => left };
}

describe('an app that tells what it does', () => {
  it('is heard, and gets no answer', () => {
    const { fake, received } = attached();
    fake.receive('{"type":"@xstate.event"}');
    expect(received).toEqual([[{ type: '@xstate.event' }, 24]]);
    expect(fake.sent).toEqual([]);
  });

  it('is told what is wrong', () => {
    const { fake } = attached('No type.');
    fake.receive('{}');
    fake.receive('{');
    expect(fake.sent).toEqual([
      { type: 'refused', message: 'No type.' },
      { type: 'refused', message: expect.stringContaining('no JSON') },
    ]);
  });

  it('is told nothing more when it does not read that', () => {
    const { fake } = attached('No type.');
    fake.bufferedAmount = 64 * 1024;
    fake.receive('{}');
    fake.bufferedAmount = 0;
    fake.readyState = 2;
    fake.receive('{');
    expect(fake.sent).toEqual([]);
  });

  it('may tell ten thousand events at once', () => {
    const { fake, received } = attached();
    for (let n = 0; n < 10_000; n += 1) fake.receive('{}');
    expect([received.length, fake.isPaused]).toEqual([10_000, false]);
  });

  it('that leaves is left once', () => {
    const { fake, left } = attached();
    fake.gone();
    expect(left()).toBe(1);
  });
});
