/** An answer of the librarian is words, and places in files: `notes/ada.md:12  what is written there`. */
export type AnswerLine =
  | { readonly kind: 'words'; readonly text: string }
  | { readonly kind: 'hit'; readonly place: string; readonly text: string };

export function linesOf(answer: string): readonly AnswerLine[] {
  return answer.split('\n').map((line) => {
    const [, place, text] = /^(\S.*?:\d+) {2}(.*)$/.exec(line) ?? [];
    return place === undefined || text === undefined
      ? { kind: 'words', text: line }
      : { kind: 'hit', place, text };
  });
}
