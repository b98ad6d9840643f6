import { describe, expect, it } from 'vitest';
import type { Output } from '../../src/cli/surroundings.ts';
import { bold, counted, printable, red, Table } from '../../src/cli/text.ts';

function output({ colours = false, readers = Infinity } = {}): Output & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    isTTY: colours,
    colours,
    write(text) {
      if (lines.length >= readers) return false;
      lines.push(text.replace(/\n$/, ''));
      return true;
    },
  };
}

describe('a text that is shown', () => {
  it.each([
    ['plain, ünïcode and 🙂', 'plain, ünïcode and 🙂'],
    ['two\n  lines\r\nor three', 'two lines or three'],
    ['\u001b[31mred\u0007', '\\u{1b}[31mred\\u{7}'],
    ['\u009b2J', '\\u{9b}2J'],
    ['\u202egpj.exe', '\\u{202e}gpj.exe'],
    ['a\ud800b', 'a\\u{d800}b'],
    ['tab\there', 'tab\\u{9}here'],
  ])('%j cannot command a terminal', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('counts', () => {
    expect([counted(0, 'session'), counted(1, 'session'), counted(12_345, 'session')]).toEqual([
      '0 sessions',
      '1 session',
      '12,345 sessions',
    ]);
  });

  it('has colours only where they are wanted', () => {
    const [plain, colourful] = [output(), output({ colours: true })];
    expect([bold('x', plain), red('x', plain)]).toEqual(['x', 'x']);
    expect([bold('x', colourful), red('x', colourful)]).toEqual([
      '\u001b[1mx\u001b[22m',
      '\u001b[31mx\u001b[39m',
    ]);
  });
});

describe('a table', () => {
  it('is as wide as its cells, numbers to the right', () => {
    const out = output();
    const table = new Table(out, ['ID', 'N', 'AT'], [1]);
    table.row(['a', '5', 'now']);
    table.row(['a longer one', '12345', '']);
    expect(out.lines).toEqual([]);
    table.end();
    expect(out.lines).toEqual(['ID                N  AT', 'a                 5  now', 'a longer one  12345']);
  });

  it('comes row by row after the first hundred, which set the widths; a very long cell moves its own row only', () => {
    const out = output();
    const table = new Table(out, ['ID', 'X']);
    table.row(['y'.repeat(100), 'x']);
    for (let n = 2; n < 100; n += 1) table.row(['a', 'x']);
    expect(out.lines).toHaveLength(100);
    table.row(['z'.repeat(50), 'x']);
    expect(out.lines.slice(0, 3)).toEqual([
      `ID${' '.repeat(48)}X`,
      `${'y'.repeat(100)}  x`,
      `a${' '.repeat(49)}x`,
    ]);
    expect(out.lines[100]).toBe(`${'z'.repeat(50)}  x`);
    table.end();
    expect(out.lines).toHaveLength(101);
  });

  it('tells when nobody reads any more', () => {
    const out = output({ readers: 120 });
    const table = new Table(out, ['ID']);
    const answers = Array.from({ length: 150 }, () => table.row(['a']));
    expect(answers.indexOf(false)).toBe(119);
    expect(out.lines).toHaveLength(120);
  });

  it('has a style for a row', () => {
    const out = output({ colours: true });
    const table = new Table(out, ['ID']);
    table.row(['a'], red);
    table.end();
    expect(out.lines).toEqual(['\u001b[1mID\u001b[22m', '\u001b[31ma\u001b[39m']);
  });
});
