import type { SearchResult } from './search.ts';

/**
 * The answer in the pieces in which it is told; joined they are the whole text. It says no more than the
 * search found, and says so when that is nothing.
 */
export function answerOf({ words, missing, filesSearched, hits }: SearchResult): readonly string[] {
  if (filesSearched === 0) return ['Nothing found: this session has no file to search.'];
  if (words.length === 0) return ['Nothing to look for: the question names no word to search by.'];
  const searched = filesSearched === 1 ? 'the one file' : `the ${filesSearched} files`;
  if (hits.length === 0) return [`Nothing found: none of ${searched} mentions ${listed(words)}.`];
  const lines = hits.map(({ path, line, text }) => `\n${path}:${line}  ${text}`);
  // Only parts of a compound name were found.
  if (missing.length === words.length)
    return [`None of ${searched} mentions ${listed(words)}. Nearest:`, ...lines];
  const rest = missing.length > 0 ? [`\nNo file mentions ${listed(missing)}.`] : [];
  return [`Best of ${searched}:`, ...lines, ...rest];
}

function listed(words: readonly string[]): string {
  const quoted = words.map((word) => `“${word}”`);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`;
}
