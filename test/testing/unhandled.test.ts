import { afterEach, describe, expect, it, vi } from 'vitest';
import { catchUnhandled } from '../../src/testing/unhandled.ts';

afterEach(() => vi.unstubAllGlobals());

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('rejections that nobody handles', () => {
  it('are heard in Node until nobody listens any more', async () => {
    const before = process.listenerCount('unhandledRejection');
    const heard: unknown[] = [];
    const stop = catchUnhandled((reason) => heard.push(reason));
    Promise.reject('lost');
    await turn();
    stop();
    expect(heard).toEqual(['lost']);
    expect(process.listenerCount('unhandledRejection')).toBe(before);
  });

  it('are heard in a page, and kept from its console', () => {
    const page = new EventTarget();
    vi.stubGlobal('process', undefined);
    vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
    vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
    const heard: unknown[] = [];
    const reject = (reason: unknown) => {
      const event = Object.assign(new Event('unhandledrejection', { cancelable: true }), { reason });
      page.dispatchEvent(event);
      return event.defaultPrevented;
    };
    const stop = catchUnhandled((reason) => heard.push(reason));
    expect(reject('lost')).toBe(true);
    stop();
    expect(reject('later')).toBe(false);
    expect(heard).toEqual(['lost']);
  });

  it('are nobody’s where there is neither', () => {
    vi.stubGlobal('process', undefined);
    vi.stubGlobal('addEventListener', undefined);
    expect(catchUnhandled(() => {})).toBeTypeOf('function');
  });
});
