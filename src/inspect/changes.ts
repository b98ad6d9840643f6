import type { Json } from '../data.ts';
import { sameJson } from '../same-json.ts';

export type JsonPath = readonly (string | number)[];

/** What differs at one place. Of a list, `at` counts in the newer one, for what was removed in the older. */
export interface Change {
  readonly kind: 'added' | 'removed' | 'changed';
  readonly at: JsonPath;
  readonly before?: Json;
  readonly after?: Json;
}

export interface Changes {
  readonly changes: readonly Change[];
  /** There are more, which are not listed. */
  readonly more: boolean;
}

/** What leads from one value to another, at the deepest places that say it, at most `limit` of them. */
export function changes(before: Json | undefined, after: Json | undefined, limit = 200): Changes {
  const found: Change[] = [];
  const more = !compareAt(before, after, [], { found, limit });
  return { changes: found, more };
}

interface Search {
  readonly found: Change[];
  readonly limit: number;
}

/** Deeper than this a difference is one of the whole. */
const MAX_DEPTH = 64;

/** False when there was no room for all. */
function compareAt(before: Json | undefined, after: Json | undefined, at: JsonPath, search: Search): boolean {
  if (before === after) return true;
  if (before === undefined) return note({ kind: 'added', at, after: after as Json }, search);
  if (after === undefined) return note({ kind: 'removed', at, before }, search);
  if (at.length < MAX_DEPTH) {
    if (isList(before) && isList(after)) return compareLists(before, after, at, search);
    if (isTree(before) && isTree(after)) {
      const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
      return every(keys, (key) => compareAt(own(before, key), own(after, key), [...at, key], search));
    }
  }
  return sameJson(before, after) || note({ kind: 'changed', at, before, after }, search);
}

/** What two lists have in common at their ends is left out: of a queue one sees what went and what came. */
function compareLists(
  before: readonly Json[],
  after: readonly Json[],
  at: JsonPath,
  search: Search,
): boolean {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && sameJson(before[head], after[head])) head += 1;
  let tail = 0;
  while (tail < shorter - head && sameJson(before.at(-1 - tail), after.at(-1 - tail))) tail += 1;
  const older = before.slice(head, before.length - tail);
  const newer = after.slice(head, after.length - tail);
  const places = Array.from({ length: Math.max(older.length, newer.length) }, (_, n) => n);
  return every(places, (n) => compareAt(older[n], newer[n], [...at, head + n], search));
}

function note(change: Change, { found, limit }: Search): boolean {
  if (found.length >= limit) return false;
  found.push(change);
  return true;
}

function every<T>(items: Iterable<T>, holds: (item: T) => boolean): boolean {
  for (const item of items) if (!holds(item)) return false;
  return true;
}

type Tree = Exclude<Json, string | number | boolean | null | readonly Json[]>;

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isTree(value: Json): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(value: Tree, key: string): Json | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}
