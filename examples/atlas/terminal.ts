/** Text for a terminal: what may be printed, how wide it is, and in which colour. */

/** Nothing of what a file or its name holds may steer the terminal, or turn the direction of the text. */
export function clean(text: string): string {
  return text.replace(/\t/g, '  ').replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '');
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;

export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

/** Exactly `width` columns of clean text: clipped with an ellipsis, or filled with spaces. */
export function cell(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const clipped = clip(clean(text), width);
  const space = ' '.repeat(Math.max(0, width - widthOf(clipped)));
  return align === 'left' ? clipped + space : space + clipped;
}

/** At most `width` columns. */
export function clip(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let clipped = '';
  let used = 0;
  for (const character of text) {
    used += columnsOf(character);
    if (used > width - 1) break;
    clipped += character;
  }
  return width > 0 ? `${clipped}…` : '';
}

function columnsOf(character: string): number {
  if (/\p{M}/u.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

export interface Palette {
  strong(text: string): string;
  quiet(text: string): string;
  good(text: string): string;
  busy(text: string): string;
  bad(text: string): string;
  link(text: string): string;
}

const colour = (code: string, off: string) => (text: string) => `\u001b[${code}m${text}\u001b[${off}m`;

/** Muted tones of the 256 colours, legible on dark and on light. */
export const colours: Palette = {
  strong: colour('1', '22'),
  quiet: colour('38;5;244', '39'),
  good: colour('38;5;108', '39'),
  busy: colour('38;5;179', '39'),
  bad: colour('38;5;167', '39'),
  link: colour('38;5;110', '39'),
};

const same = (text: string) => text;
export const noColours: Palette = {
  strong: same,
  quiet: same,
  good: same,
  busy: same,
  bad: same,
  link: same,
};

export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const [value, unit] = bytes < 999_500 ? [bytes / 1000, 'kB'] : [bytes / 1_000_000, 'MB'];
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

export function numberText(count: number): string {
  return count.toLocaleString('en-US');
}

export function countText(count: number, noun: string, plural = `${noun}s`): string {
  return `${numberText(count)} ${count === 1 ? noun : plural}`;
}
