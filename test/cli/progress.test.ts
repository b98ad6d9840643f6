import { describe, expect, it } from 'vitest';
import { Progress } from '../../src/cli/progress.ts';

function watched(isTTY: boolean) {
  let ms = 0;
  const written: string[] = [];
  const stderr = {
    isTTY,
    colours: isTTY,
    write(text: string) {
      written.push(text);
      return true;
    },
  };
  const progress = new Progress({ stderr, now: () => ms });
  const at = (time: number, done: number) => {
    ms = time;
    progress.update(() => `${done} of many`);
    return written.splice(0).join('');
  };
  const end = () => {
    progress.end();
    return written.splice(0).join('');
  };
  return { at, end };
}

describe('progress', () => {
  it('on a terminal is one line that changes, after a second, and goes', () => {
    const { at, end } = watched(true);
    expect(at(999, 10)).toBe('');
    expect(at(1000, 20)).toBe('\r\u001b[K20 of many …');
    expect(at(1199, 30)).toBe('');
    expect(at(1200, 40)).toBe('\r\u001b[K40 of many …');
    expect(end()).toBe('\r\u001b[K');
    expect(end()).toBe('');
  });

  it('elsewhere is a line every ten seconds', () => {
    const { at, end } = watched(false);
    expect(at(9999, 10)).toBe('');
    expect(at(10_000, 20)).toBe('20 of many …\n');
    expect(at(19_999, 30)).toBe('');
    expect(at(20_000, 40)).toBe('40 of many …\n');
    expect(end()).toBe('');
  });

  it('of short work is nothing', () => {
    const { at, end } = watched(true);
    expect(at(5, 1000) + end()).toBe('');
  });
});
