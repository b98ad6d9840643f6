import { describe, expect, it } from 'vitest';
import { takeToken } from '../../../visualizations/inspector/src/live/token.ts';

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
    },
    history: {
      replaceState: (_: unknown, __: string, to?: string | URL | null) => replaced.push(String(to)),
    },
  };
}

describe('the token', () => {
  it('is taken out of the address, and kept for the tab', () => {
    const opened = tab('#token=secret');
    expect(takeToken(opened)).toBe('secret');
    expect(opened.replaced).toEqual(['/#/fleet']);
    expect(takeToken(tab('#/session/a', opened.kept))).toBe('secret');
  });

  it('leads on to the place that was named with it', () => {
    const opened = tab('#token=secret&to=%2Fsession%2Fa%404');
    expect(takeToken(opened)).toBe('secret');
    expect(opened.replaced).toEqual(['/#/session/a@4']);
  });

  it('that is new takes the place of the one kept', () => {
    const { kept } = tab('');
    takeToken(tab('#token=old', kept));
    takeToken(tab('#token=new', kept));
    expect(takeToken(tab('', kept))).toBe('new');
  });

  it('is missing where there never was one, and the address stays', () => {
    const opened = tab('#/session/a');
    expect(takeToken(opened)).toBeUndefined();
    expect(opened.replaced).toEqual([]);
  });
});
