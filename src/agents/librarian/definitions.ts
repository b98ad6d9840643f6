/**
 * Recognises the line that defines a name, by its shape alone: no parser, so it serves every language that
 * announces a definition with a keyword, and misses those that do not.
 */

const MODIFIERS =
  'export|default|declare|abstract|async|public|private|protected|internal|static|readonly|final|override|' +
  'virtual|inline|extern|unsafe|sealed|open|data|partial|local|pub(?:\\([^)]*\\))?|const';
const KEYWORDS =
  'function\\*?|class|interface|type|enum|namespace|module|def|defp|defmodule|defmacro|' +
  'fn|func|fun|struct|union|trait|mod|protocol|record|object|sub|macro_rules!|#define';
const NAME = '[\\p{L}_$][\\p{L}\\p{N}_$]*[?!]?';
/** What may follow a defined name; prose ("class of sessions") goes on with a word, an import with a comma. */
const AFTER_NAME =
  '(?=\\s*(?:[<({\\[=:;.]|$)|\\s+(?:extends|implements|where|do|with|as|struct|interface)\\b)';

const BY_KEYWORD = new RegExp(
  `^\\s*(?:(?:${MODIFIERS})\\s+)*(?:${KEYWORDS})\\s+(?:\\([^)]*\\)\\s*)?(?:self\\.)?(${NAME})${AFTER_NAME}`,
  'u',
);
/** Only at the left margin: further in, it is some function's own variable. */
const BY_VARIABLE = new RegExp(
  `^(?:(?:${MODIFIERS})\\s+)*(?:const|let|var|val)\\s+(${NAME})${AFTER_NAME}`,
  'u',
);
/** `#define LIMIT 3`: what follows the name is its value. */
const BY_MACRO = new RegExp(`^\\s*#\\s*define\\s+(${NAME})`, 'u');
/** A method or a shell function: `name(…) {`, with modifiers before and a return type after. */
const BY_BODY = new RegExp(
  `^\\s*(?:(?:${MODIFIERS}|get|set)\\s+)*(?:[\\p{L}_][\\p{L}\\p{N}_<>\\[\\],.*&]*\\s+)?[#*&]?(${NAME})\\s*\\([^'"\`]*\\)\\s*(?::[^=]*)?\\{$`,
  'u',
);
/** A name given a value at the left margin: Python, shell, TOML, make. */
const BY_ASSIGNMENT = new RegExp(`^(${NAME})\\s*(?::[^=]+)?[:?]?=(?!=)`, 'u');
const HEADING = /^#{1,6}\s+(\S.*)$/;
/** Longer lines are generated or prose; and the patterns above may take quadratic time. */
const MAX_LENGTH = 300;

const CONTROL = new Set(
  'if for foreach while switch catch function return with else do until match'.split(' '),
);

/** The name that `line` defines, if any. In Markdown a heading defines its own words. */
export function definedName(line: string, path = ''): string | undefined {
  if (line.length > MAX_LENGTH) return undefined;
  if (/\.(?:md|mdx|markdown)$/i.test(path)) {
    const heading = HEADING.exec(line)?.[1];
    if (heading !== undefined) return heading;
  }
  const text = line.trimEnd();
  for (const pattern of [BY_KEYWORD, BY_VARIABLE, BY_MACRO, BY_ASSIGNMENT]) {
    const name = pattern.exec(text)?.[1];
    if (name !== undefined) return name;
  }
  const body = text.endsWith('{') ? BY_BODY.exec(text) : null;
  const [first] = /[\p{L}_$]+/u.exec(text) ?? [];
  if (body === null || CONTROL.has(body[1] ?? '') || CONTROL.has(first ?? '')) return undefined;
  return body[1];
}
