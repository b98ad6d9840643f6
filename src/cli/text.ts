import type { Output } from './surroundings.ts';

const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]/gu;

/**
 * One line, without anything that a terminal would obey: what a damaged or hostile file holds must not move its
 * cursor, colour its text or turn it around.
 */
export function printable(text: string): string {
  return text
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replace(UNSEEN, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

/** `7 of 1,000 sessions`. */
export function countedOf(done: number, total: number, noun: string): string {
  return `${done.toLocaleString('en')} of ${counted(total, noun)}`;
}

export function bold(text: string, { colours }: Output): string {
  return colours ? `\u001b[1m${text}\u001b[22m` : text;
}

export function red(text: string, { colours }: Output): string {
  return colours ? `\u001b[31m${text}\u001b[39m` : text;
}

/** Rows that are looked at before the first is printed, to find out how wide the columns are. */
const AHEAD = 100;
/** A cell that is longer moves its own row only. */
const MAX_WIDTH = 48;

/** Columns as wide as they need to be, of rows that are printed as they come. */
export class Table {
  readonly #out: Output;
  readonly #right: ReadonlySet<number>;
  readonly #widths: number[] = [];
  #waiting: Array<readonly [readonly string[], Style]> | undefined = [];

  /** `right` are the columns that hold numbers. */
  constructor(out: Output, header: readonly string[], right: readonly number[] = []) {
    this.#out = out;
    this.#right = new Set(right);
    this.row(header, bold);
  }

  /** False once nobody reads any more. */
  row(cells: readonly string[], style: Style = plain): boolean {
    if (!this.#waiting) return this.#print(cells, style);
    this.#waiting.push([cells, style]);
    return this.#waiting.length < AHEAD || this.end();
  }

  /** Prints what still waits. */
  end(): boolean {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const [cells] of waiting)
      cells.forEach((cell, n) => {
        this.#widths[n] = Math.min(MAX_WIDTH, Math.max(this.#widths[n] ?? 0, cell.length));
      });
    return waiting.every(([cells, style]) => this.#print(cells, style));
  }

  #print(cells: readonly string[], style: Style): boolean {
    const padded = cells.map((cell, n) => {
      const width = this.#widths[n] ?? 0;
      return this.#right.has(n) ? cell.padStart(width) : cell.padEnd(width);
    });
    return this.#out.write(`${style(padded.join('  ').trimEnd(), this.#out)}\n`);
  }
}

type Style = (text: string, output: Output) => string;
const plain: Style = (text) => text;
