import { afterEach, describe, expect, it, vi } from 'vitest';
import { browserPlatform } from '../../src/tabs/browser-platform.ts';
import { codeThrown } from '../support/errors.ts';

afterEach(() => vi.unstubAllGlobals());

/** What a page has, as far as tabs need it. */
function page() {
  const channels: FakeChannel[] = [];
  class FakeChannel {
    onmessage: ((event: { data: unknown }) => void) | null = null;
    readonly posted: unknown[] = [];
    closed = false;
    readonly name: string;
    constructor(name: string) {
      this.name = name;
      channels.push(this);
    }
    postMessage(message: unknown) {
      this.posted.push(message);
    }
    close() {
      this.closed = true;
    }
  }
  const asked: unknown[][] = [];
  const locks = {
    request: (...args: unknown[]) => {
      asked.push(args);
      return Promise.resolve('done');
    },
  };
  const window = new EventTarget();
  vi.stubGlobal('navigator', { locks });
  vi.stubGlobal('BroadcastChannel', FakeChannel);
  vi.stubGlobal('window', window);
  const turn = (type: string, persisted: boolean) =>
    window.dispatchEvent(Object.assign(new Event(type), { persisted }));
  return { channels, asked, turn, platform: browserPlatform() };
}

describe('the platform of a browser', () => {
  it.each([
    ['Web Locks', 'navigator', {}],
    ['Web Locks', 'navigator', undefined],
    ['BroadcastChannel', 'BroadcastChannel', undefined],
  ])('is CONNECTION_LOST without %s (%s: %j)', (what, name, value) => {
    page();
    vi.stubGlobal(name, value);
    expect(codeThrown(browserPlatform)).toBe('CONNECTION_LOST');
    expect(browserPlatform).toThrow(what);
  });

  it('asks the browser for locks, with the signal', async () => {
    const { asked, platform } = page();
    const { signal } = new AbortController();
    const held = async () => {};
    await platform.locks.request('a lock', signal, held);
    expect(asked).toEqual([['a lock', { signal }, held]]);
  });

  it('posts and hears on a channel until that is closed', () => {
    const { channels, platform } = page();
    const channel = platform.channel('rooms');
    const heard: unknown[] = [];
    channel.onMessage = (message) => heard.push(message);
    const [under] = channels;
    channel.post(1);
    under?.onmessage?.({ data: 2 });
    channel.close();
    channel.post(3);
    expect([under?.name, under?.posted, heard, under?.closed, under?.onmessage]).toEqual([
      'rooms',
      [1],
      [2],
      true,
      null,
    ]);
  });

  it('tells when the page goes into the back-forward cache and comes back, and of no other way', () => {
    const { platform, turn } = page();
    const told: string[] = [];
    const stop = platform.onCached(
      () => told.push('hidden'),
      () => told.push('shown'),
    );
    for (const persisted of [false, true]) {
      turn('pagehide', persisted);
      turn('pageshow', persisted);
    }
    stop();
    turn('pagehide', true);
    expect(told).toEqual(['hidden', 'shown']);
  });

  it('in a worker is told of nothing', () => {
    const { platform } = page();
    vi.stubGlobal('window', undefined);
    expect(() =>
      platform.onCached(
        () => {},
        () => {},
      )(),
    ).not.toThrow();
  });
});
