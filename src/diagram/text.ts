/** How much room a text takes. There is no DOM here: widths come from a table, and the SVG holds texts to them. */

export interface Font {
  /** Pixels. */
  readonly size: number;
  /** Against the regular weight. */
  readonly stretch: number;
}

export const NAME_FONT: Font = { size: 14, stretch: 1.06 };
export const TEXT_FONT: Font = { size: 12, stretch: 1 };

/** Thousandths of the size, from the space to `~`: the common metrics of Helvetica, Arial and Liberation Sans. */
const ASCII = [
  [278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278],
  [556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556],
  [1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778],
  [667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556],
  [333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556],
  [556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584],
].flat();
const OTHER = 600;
const WIDE = 1000;
const WIDE_SCRIPTS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}\u3000-\u303f\uff01-\uff60]/u;
/** Other system fonts are a little wider. */
const MARGIN = 1.04;

/** Pixels. */
export function widthOf(text: string, { size, stretch }: Font): number {
  let thousandths = 0;
  for (const character of text) thousandths += unitsOf(character);
  return (thousandths * size * stretch * MARGIN) / 1000;
}

function unitsOf(character: string): number {
  const ascii = ASCII[(character.codePointAt(0) ?? 0) - 32];
  if (ascii !== undefined) return ascii;
  if (/\p{Mn}/u.test(character)) return 0;
  return WIDE_SCRIPTS.test(character) ? WIDE : OTHER;
}

/** The beginning of a text that has no room as a whole, with an ellipsis. */
export function fitted(text: string, font: Font, room: number): string {
  // A hostile name may be megabytes long.
  const head = text.slice(0, 1_000);
  if (head.length === text.length && widthOf(head, font) <= room) return text;
  const characters = [...head];
  let width = widthOf('…', font);
  let kept = 0;
  for (const character of characters) {
    width += widthOf(character, font);
    if (width > room) break;
    kept += 1;
  }
  return `${characters.slice(0, kept).join('')}…`;
}

const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]/gu;
/** Joiners, which many scripts and emoji need. */
const JOINERS = new Set(['\u200c', '\u200d']);

/** Without characters that nobody sees, that XML forbids, or that turn a line around: a name shows what it is. */
export function legible(text: string): string {
  return text.replace(UNSEEN, (character) =>
    JOINERS.has(character) ? character : `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
