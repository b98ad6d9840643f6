import { describe, expect, it, vi } from 'vitest';
import { openFrame, openWindow } from '../../../src/inspect/page/place.ts';
import { codeThrown } from '../../support/errors.ts';

/** As much of a window as a place needs. */
function fakeWindow() {
  const went: string[] = [];
  const opened = {
    closed: false,
    document: { readyState: 'complete' },
    location: {
      protocol: 'about:',
      replace(address: string) {
        went.push(address);
        opened.location.protocol = 'blob:';
        opened.document.readyState = 'loading';
      },
    },
    close() {
      opened.closed = true;
    },
  };
  return { opened, went };
}

describe('a window', () => {
  it('is loaded when it has come to its document, and is there until it is closed', () => {
    const { opened, went } = fakeWindow();
    const open = vi.fn((_address: string, _name: string, _features: string) => opened);
    const place = openWindow({ open } as never);
    expect(open.mock.calls).toEqual([['', '', expect.stringContaining('popup')]]);
    expect(place.isLoaded()).toBe(false);
    place.load('blob:x');
    expect(went).toEqual(['blob:x']);
    expect(place.isLoaded()).toBe(false);
    opened.document.readyState = 'complete';
    expect([place.isLoaded(), place.isThere(), place.frame]).toEqual([true, true, undefined]);
    place.remove();
    expect(place.isThere()).toBe(false);
  });

  it('that has gone to another site counts as loaded', () => {
    const opened = {
      get location(): never {
        throw new Error('cross-origin');
      },
    };
    expect(openWindow({ open: () => opened } as never).isLoaded()).toBe(true);
  });

  it('that the browser blocks is told of, with what to do', () => {
    const blocked = { open: () => null } as never;
    expect(codeThrown(() => openWindow(blocked))).toBe('FORBIDDEN');
    expect(() => openWindow(blocked)).toThrow(/in the handler of a click.*`into`/s);
  });
});

describe('a frame', () => {
  function fakeElement() {
    const attributes: Record<string, string> = {};
    const listeners: Array<() => void> = [];
    const frame = {
      style: {},
      isConnected: false,
      contentWindow: { name: 'inside' },
      setAttribute(name: string, value: string) {
        attributes[name] = value;
      },
      addEventListener: (_: 'load', listener: () => void) => listeners.push(listener),
      remove() {
        frame.isConnected = false;
      },
    } as Record<string, unknown>;
    const into = {
      ownerDocument: { defaultView: { name: 'host' }, createElement: () => frame },
      append() {
        frame.isConnected = true;
      },
    };
    return { into: into as never, frame, attributes, load: () => listeners.at(-1)?.() };
  }

  it('has no origin, and a name for who cannot see it', () => {
    const { into, frame, attributes } = fakeElement();
    openFrame(into);
    expect(attributes.sandbox?.split(' ')).not.toContain('allow-same-origin');
    expect(attributes.sandbox?.split(' ')).toContain('allow-scripts');
    expect(frame.title).toBe('chartroom inspector');
  });

  it('is loaded when it says so, and is there as long as it is in the page', () => {
    const { into, frame, load } = fakeElement();
    const place = openFrame(into);
    expect(place.isThere()).toBe(false);
    place.load('blob:x');
    expect([frame.src, place.isThere(), place.isLoaded()]).toEqual(['blob:x', true, false]);
    load();
    expect(place.isLoaded()).toBe(true);
    expect(place.viewer()).toEqual({ name: 'inside' });
    expect(place.host).toEqual({ name: 'host' });
    place.remove();
    expect(place.isThere()).toBe(false);
  });
});
