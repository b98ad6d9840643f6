import { describe, expect, it } from 'vitest';
import { takeTicket } from '../../../visualizations/inspector/src/live/token.ts';

function tab(hash: string, kept: Record<string, string> = {}) {
  const replaced: string[] = [];
  return {
    kept,
    replaced,
    location: { hash, pathname: '/', search: '' },
    sessionStorage: {
      getItem: (key: string) => kept[key] ?? null,
      setItem: (key: string, value: string) => {
        kept[key] = value;
      },
      removeItem: (key: string) => {
        delete kept[key];
      },
    },
    history: {
      replaceState: (_: unknown, __: string, to?: string | URL | null) => replaced.push(String(to)),
    },
  };
}

describe('the token', () => {
  it('is taken out of the address, and kept for the tab', () => {
    const opened = tab('#token=secret');
    expect(takeTicket(opened)).toEqual({ token: 'secret', isTrace: false });
    expect(opened.replaced).toEqual(['/#/fleet']);
    expect(takeTicket(tab('#/session/a', opened.kept))).toEqual({ token: 'secret', isTrace: false });
  });

  it('leads on to the place that was named with it', () => {
    const opened = tab('#token=secret&to=%2Fsession%2Fa%404');
    expect(takeTicket(opened)).toEqual({ token: 'secret', isTrace: false });
    expect(opened.replaced).toEqual(['/#/session/a@4']);
  });

  it('that is new takes the place of the one kept', () => {
    const { kept } = tab('');
    takeTicket(tab('#token=old', kept));
    takeTicket(tab('#token=new', kept));
    expect(takeTicket(tab('', kept))).toEqual({ token: 'new', isTrace: false });
  });

  it('of a program that serves a trace stays one, until another program is opened in the tab', () => {
    const { kept } = tab('');
    expect(takeTicket(tab('#token=a&open=trace', kept))).toEqual({ token: 'a', isTrace: true });
    expect(takeTicket(tab('#/trace@5', kept))).toEqual({ token: 'a', isTrace: true });
    expect(takeTicket(tab('#token=b', kept))).toEqual({ token: 'b', isTrace: false });
  });

  it('is missing where there never was one, and the address stays', () => {
    const opened = tab('#/session/a');
    expect(takeTicket(opened)).toBeUndefined();
    expect(opened.replaced).toEqual([]);
  });
});
