import { definedName } from './definitions.ts';
import { isStopWord, partsOf, rootOf, stem, termsOf, termsOfQuestion, wordsOf } from './terms.ts';

export interface SearchableFile {
  readonly path: string;
  readonly content: string;
}

export interface SearchOptions {
  /** Lines returned at most. Default 8. */
  limit?: number;
  /** Lines returned at most from one file. Default 3. */
  perFile?: number;
}

// Type aliases, where interfaces would not be assignable to Json.
export type SearchHit = {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  /** The line, trimmed, and clipped at 200 characters. */
  readonly text: string;
  /** 1 is what a line gets that holds every word of the question; a definition gets more. */
  readonly score: number;
  /** The name that the line defines, when the question asks for it. */
  readonly defines?: string;
};

export type SearchResult = {
  /** The words looked for, as the question spells them. */
  readonly words: readonly string[];
  /** Those of them that occur in no file. */
  readonly missing: readonly string[];
  readonly filesSearched: number;
  /** Best first; equal scores by path, then by line. */
  readonly hits: readonly SearchHit[];
};

/** A search that is fed file by file, so that its owner may do other things in between. */
export interface Search {
  add(file: SearchableFile): void;
  result(): SearchResult;
}

/** How much the parts of a score count, beside the words of the line itself (1). */
export const weights = {
  /** A part of a compound: in a question for `SessionError`, a line with `session` alone. */
  compoundPart: 0.4,
  /** The words of a name that the line defines, scaled by how much of the name they cover. */
  definition: 1,
  /** The same when the question asks for a definition. */
  askedDefinition: 2,
  /** The words that the file's path holds. */
  path: 0.3,
  /** The words that the file holds anywhere: a line counts more in a file on the subject. */
  file: 0.2,
} as const;

const MAX_TERMS = 30; // the bits of a mask
const MAX_TEXT = 200;

/** Bit `i` stands for term `i` of the question. */
type Mask = number;

interface Line {
  readonly line: number;
  readonly text: string;
  readonly terms: Mask;
  readonly defines: string | undefined;
  readonly defined: Mask;
  readonly coverage: number;
}
interface SearchedFile {
  readonly path: string;
  readonly inPath: Mask;
  readonly anywhere: Mask;
  readonly lines: readonly Line[];
}

/**
 * Ranks the lines of `files` by how well they answer `question`.
 *
 * A line's score is the weight of the question's terms in it, where a term weighs its inverse document
 * frequency over these files, `ln(1 + (N + ½) / (n + ½))`, plus what {@link weights} adds for a definition,
 * the path and the rest of the file; divided by the weight of all terms. Equal input gives equal output.
 */
export function searchFiles(
  files: Iterable<SearchableFile>,
  question: string,
  options?: SearchOptions,
): SearchResult {
  const search = createSearch(question, options);
  for (const file of files) search.add(file);
  return search.result();
}

export function createSearch(question: string, options: SearchOptions = {}): Search {
  const { limit = 8, perFile = 3 } = options;
  const asked = termsOfQuestion(question);
  const importance = new Map<string, number>();
  for (const { term } of asked.words) importance.set(term, 1);
  for (const part of asked.words.flatMap(({ parts }) => parts)) {
    if (!importance.has(part)) importance.set(part, weights.compoundPart);
  }
  const terms = [...importance.keys()].slice(0, MAX_TERMS);
  const masks = maskReader(terms);
  const words = asked.words.filter(({ term }) => masks.bit(term) !== 0);
  const files: SearchedFile[] = [];

  function add({ path, content }: SearchableFile): void {
    const inPath = masks.of(path);
    const lines = masks.mayOccurIn(content) ? linesOf(content, path, masks) : [];
    const anywhere = lines.reduce((mask, line) => mask | line.terms, 0);
    files.push({ path, inPath, anywhere, lines: lines.length > 0 ? lines : firstLine(content, inPath) });
  }

  function result(): SearchResult {
    const found = files.reduce((mask, file) => mask | file.inPath | file.anywhere, 0);
    return {
      words: words.map(({ word }) => word),
      missing: words.filter(({ term }) => (found & masks.bit(term)) === 0).map(({ word }) => word),
      filesSearched: files.length,
      hits: ranked(),
    };
  }

  function ranked(): SearchHit[] {
    const weigh = weigher(terms.map((term) => (importance.get(term) ?? 0) * rarity(masks.bit(term))));
    const ideal = weigh(-1);
    const definition = asked.asksForDefinition ? weights.askedDefinition : weights.definition;
    const hits = files.flatMap(({ path, inPath, anywhere, lines }) => {
      const about = weights.path * weigh(inPath) + weights.file * weigh(anywhere);
      return lines
        .map(({ line, text, terms, defines, defined, coverage }): SearchHit => {
          const score = weigh(terms) + definition * coverage * weigh(defined) + about;
          const hit = { path, line, text, score: Math.round((score / ideal) * 1000) / 1000 };
          return defines !== undefined && defined !== 0 ? { ...hit, defines } : hit;
        })
        .sort(byRank)
        .slice(0, perFile);
    });
    return hits.sort(byRank).slice(0, limit);
  }

  function rarity(bit: Mask): number {
    const holders = files.filter(({ inPath, anywhere }) => ((inPath | anywhere) & bit) !== 0).length;
    return Math.log(1 + (files.length + 0.5) / (holders + 0.5));
  }

  return { add, result };
}

function linesOf(content: string, path: string, masks: MaskReader): Line[] {
  const lines: Line[] = [];
  for (const [index, text] of content.split('\n').entries()) {
    const terms = masks.mayOccurIn(text) ? masks.of(text) : 0;
    if (terms !== 0)
      lines.push({ line: index + 1, text: clipped(text), terms, ...definition(text, path, masks) });
  }
  return lines;
}

/** A file whose path alone answers is shown by its first line that says something. */
function firstLine(content: string, inPath: Mask): Line[] {
  if (inPath === 0) return [];
  const all = content.split('\n');
  const index = Math.max(
    0,
    all.findIndex((text) => text.trim() !== ''),
  );
  return [
    {
      line: index + 1,
      text: clipped(all[index] ?? ''),
      terms: 0,
      defines: undefined,
      defined: 0,
      coverage: 0,
    },
  ];
}

function definition(text: string, path: string, masks: MaskReader) {
  const defines = definedName(text, path);
  if (defines === undefined) return { defines, defined: 0, coverage: 0 };
  const parts = wordsOf(defines)
    .filter((word) => !isStopWord(word))
    .flatMap(partsOf)
    .map(stem);
  const covered = parts.filter((part) => masks.bit(part) !== 0).length;
  const defined = masks.of(defines);
  // A name spelled as one word in the question is covered whole, whatever its parts.
  const whole = termsOf(defines)[0];
  const coverage = whole !== undefined && masks.bit(whole) !== 0 ? 1 : covered / Math.max(1, parts.length);
  return { defines, defined, coverage };
}

interface MaskReader {
  of(text: string): Mask;
  bit(term: string): Mask;
  /** A cheap test that may say yes in vain, never no in vain. */
  mayOccurIn(text: string): boolean;
}

function maskReader(terms: readonly string[]): MaskReader {
  const bits = new Map(terms.map((term, index) => [term, 1 << index]));
  const bit = (term: string): Mask => bits.get(term) ?? 0;
  const known = new Map<string, Mask>();
  // Terms are letters and digits alone, so they need no escape. A compound may be spelled with underscores
  // in the source; then its parts, which are terms too, occur.
  const anyRoot = new RegExp(terms.map(rootOf).join('|'), 'iu');

  function ofWord(word: string): Mask {
    const before = known.get(word);
    if (before !== undefined) return before;
    const mask = termsOf(word).reduce((sum, term) => sum | bit(term), 0);
    known.set(word, mask);
    return mask;
  }
  return {
    bit,
    of: (text) => wordsOf(text).reduce((mask, word) => mask | ofWord(word), 0),
    mayOccurIn: (text) => terms.length > 0 && anyRoot.test(text),
  };
}

function weigher(termWeights: readonly number[]): (mask: Mask) => number {
  return (mask) => termWeights.reduce((sum, weight, index) => ((mask >> index) & 1 ? sum + weight : sum), 0);
}

function byRank(a: SearchHit, b: SearchHit): number {
  return b.score - a.score || compare(a.path, b.path) || a.line - b.line;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function clipped(text: string): string {
  const trimmed = text.trim();
  return trimmed.length > MAX_TEXT ? `${trimmed.slice(0, MAX_TEXT - 1).trimEnd()}…` : trimmed;
}
