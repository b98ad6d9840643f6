/** Deterministic session ids: `s1`, `s2`, … */
export function ids(prefix = 's'): () => string {
  let n = 0;
  return () => `${prefix}${++n}`;
}

/** Ids that break a rule of the contract, with the rule. */
export const invalidIds: ReadonlyArray<readonly [rule: string, id: string]> = [
  ['an empty id', ''],
  ['129 characters', 'a'.repeat(129)],
  ['10 kB', 'a'.repeat(10_240)],
  ['a NUL', 'a\0b'],
  ['a line break at the end', 'a\n'],
  ['a lone surrogate', 'a\ud800'],
  ['a space', 'a b'],
  ['a slash', 'a/b'],
  ['a backslash', 'a\\b'],
  ['a path upwards', '../victim'],
  ['a leading dot', '.hidden'],
  ['two dots', '..'],
  ['a letter outside ASCII', 'sessió'],
  ['a percent escape', 'a%2Fb'],
  ['__proto__', '__proto__'],
];

/** Ids that look dangerous and are ordinary by the rule. */
export const awkwardIds: readonly string[] = [
  'a',
  '0',
  '-',
  '_',
  ':',
  'a.b',
  'a..b',
  'a:b:c',
  'a'.repeat(128),
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'prototype',
  'then',
  'null',
  'undefined',
  'xstate.stop',
  'xstate.done.actor.x',
];
