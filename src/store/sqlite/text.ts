/** A text as the inside of a JSON string: well-formed Unicode without NUL, which SQLite keeps as it is. */
export function escapeText(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

export function unescapeText(escaped: string): string {
  return JSON.parse(`"${escaped}"`);
}
