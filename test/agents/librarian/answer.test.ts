import { describe, expect, it } from 'vitest';
import { answerOf } from '../../../src/agents/librarian/answer.ts';
import { searchFiles } from '../../../src/agents/librarian/search.ts';

function answer(files: Record<string, string>, question: string): string {
  const list = Object.entries(files).map(([path, content]) => ({ path, content }));
  return answerOf(searchFiles(list, question)).join('');
}

describe('the text of an answer', () => {
  it('is a piece to begin with and one for each line, so that it can be told as it is read', () => {
    const found = searchFiles([{ path: 'a', content: 'red\nred' }], 'red');
    expect(answerOf(found)).toEqual(['Best of the one file:', '\na:1  red', '\na:2  red']);
  });

  it.each([
    [
      'names the words that it did not find',
      { a: 'red' },
      'red penguins',
      'Best of the one file:\na:1  red\nNo file mentions “penguins”.',
    ],
    [
      'says when only parts of a name are there',
      { a: 'price list' },
      'listPrices',
      'None of the one file mentions “listPrices”. Nearest:\na:1  price list',
    ],
    [
      'says when there is nothing',
      { a: 'x', b: 'y' },
      'penguins',
      'Nothing found: none of the 2 files mentions “penguins”.',
    ],
    [
      'lists several words',
      { a: 'x', b: 'y' },
      'penguins seals orcas',
      'Nothing found: none of the 2 files mentions “penguins”, “seals” or “orcas”.',
    ],
    ['says when there is no file', {}, 'price', 'Nothing found: this session has no file to search.'],
    ['says so first', {}, 'What is that?', 'Nothing found: this session has no file to search.'],
    [
      'says when there is no word',
      { a: 'x' },
      'What is that?',
      'Nothing to look for: the question names no word to search by.',
    ],
  ])('%s', (_, files: Record<string, string>, question, text) => {
    expect(answer(files, question)).toBe(text);
  });
});
