/**
 * Words of questions and of source code as comparable terms: identifiers are split at case changes and
 * underscores, everything is lower-cased and lightly stemmed, so that `spawned` finds `spawnSession`.
 */

const WORD = /[\p{L}\p{N}_$]+/gu;
const VOWEL = /[aeiouy]/;

/** Words that carry no subject; they are never looked for. */
const STOP_WORDS = new Set(
  `a about all an and any are as at be been being but by can could did do does done for from get had has have
  how i if in into is it its just me my no not of on or our please should show so some tell that the their them
  then there these they this those to us was we were what when where which who whose why will with would you
  your`.split(/\s+/),
);

/** Words about the search rather than its subject; looked for only when nothing else is left. */
const ASKING_WORDS = new Set(
  `called code declaration declare declared define defined defines definition file files find found
  implementation implement implemented implements line lines located use used uses using work works`.split(
    /\s+/,
  ),
);

const DEFINITION_WORDS = new Set(
  'declaration declare declared define defined defines definition implement implemented implements implementation'.split(
    ' ',
  ),
);

/** One word of a question: its own term, and for a compound identifier the terms of its parts. */
export interface QuestionWord {
  readonly word: string;
  readonly term: string;
  readonly parts: readonly string[];
}

export interface QuestionTerms {
  readonly words: readonly QuestionWord[];
  /** Whether it asks where something is defined. */
  readonly asksForDefinition: boolean;
}

export function wordsOf(text: string): readonly string[] {
  return text.match(WORD) ?? [];
}

/** `parseHTTPRequest_v2` → `parse`, `http`, `request`, `v2`. */
export function partsOf(word: string): readonly string[] {
  return word
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[\s_$]+/)
    .filter((part) => part !== '');
}

/** The word's own term first, then those of its parts when it is a compound. */
export function termsOf(word: string): readonly string[] {
  const parts = partsOf(word);
  return parts.length > 1 ? [stem(parts.join('')), ...parts.map(stem)] : parts.map(stem);
}

export function isStopWord(word: string): boolean {
  return STOP_WORDS.has(word.toLowerCase());
}

/** What a question asks for: stop words dropped, each word once, in order. */
export function termsOfQuestion(question: string): QuestionTerms {
  const spoken = wordsOf(question).filter((word) => !isStopWord(word));
  const subject = spoken.filter((word) => !ASKING_WORDS.has(word.toLowerCase()));
  const words = new Map<string, QuestionWord>();
  for (const word of subject.length > 0 ? subject : spoken) {
    const [term, ...parts] = termsOf(word);
    if (term !== undefined && !words.has(term)) words.set(term, { word, term, parts });
  }
  return {
    words: [...words.values()],
    asksForDefinition: spoken.some((word) => DEFINITION_WORDS.has(word.toLowerCase())),
  };
}

/**
 * A light stemmer after Porter (1980): plurals, -ed, -ing, -ion and the silent e. Invariant, relied on by
 * {@link rootOf}: but for a final `y`, a stem is a prefix of the word it came from.
 */
export function stem(word: string): string {
  return withoutSilentE(withoutSuffix(singular(word)));
}

/** What every word of this stem contains, whatever its ending. */
export function rootOf(term: string): string {
  return term.length > 2 && term.endsWith('y') ? term.slice(0, -1) : term;
}

function singular(word: string): string {
  if (word.length <= 3) return word;
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:ss|x|ch|sh|z)es$/.test(word)) return word.slice(0, -2);
  return /[^sui]s$/.test(word) ? word.slice(0, -1) : word;
}

function withoutSuffix(word: string): string {
  if (/[st]ion$/.test(word) && word.length >= 7) return word.slice(0, -3);
  const ending = /(?:ing|[^e]ed)$/.test(word) ? (word.endsWith('ing') ? 3 : 2) : 0;
  const rest = word.slice(0, word.length - ending);
  if (ending === 0 || rest.length < 3 || !VOWEL.test(rest)) return word;
  return /([^aeioulsz])\1$/.test(rest) ? rest.slice(0, -1) : rest;
}

function withoutSilentE(word: string): string {
  return word.length > 3 && /[^e]e$/.test(word) ? word.slice(0, -1) : word;
}
