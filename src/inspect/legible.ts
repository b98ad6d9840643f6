/** What turns the order of a line around, or takes no room; joiners, which scripts and emoji need, are none of it. */
const UNSEEN = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** A text of a stranger as what it is: `\u{202e}` in place of a character that nobody sees. Its lines stay lines. */
export function legible(text: string): string {
  return text.replace(UNSEEN, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
