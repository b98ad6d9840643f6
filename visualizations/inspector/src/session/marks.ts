/** What has changed in a tree since the moment before, by place. */

import type { Json } from 'chartroom';
import { type Change, changes, type JsonPath } from 'chartroom/inspect';

export interface Marks {
  /** Of what is there now: whether it was added or changed. */
  at(path: JsonPath): Change | undefined;
  /** Something below it has changed. */
  isAbove(path: JsonPath): boolean;
  /** What was there, right below a place, and is gone. */
  goneFrom(path: JsonPath): readonly Change[];
  readonly count: number;
  readonly more: boolean;
}

export function marksOf(before: Json | undefined, after: Json | undefined): Marks {
  const { changes: found, more } = changes(before, after);
  const present = new Map<string, Change>();
  const gone = new Map<string, Change[]>();
  const above = new Set<string>();
  for (const change of found) {
    for (let depth = 0; depth < change.at.length; depth += 1) above.add(keyOf(change.at.slice(0, depth)));
    if (change.kind !== 'removed') present.set(keyOf(change.at), change);
    else {
      const parent = keyOf(change.at.slice(0, -1));
      gone.set(parent, [...(gone.get(parent) ?? []), change]);
    }
  }
  return {
    at: (path) => present.get(keyOf(path)),
    isAbove: (path) => above.has(keyOf(path)),
    goneFrom: (path) => gone.get(keyOf(path)) ?? [],
    count: found.length,
    more,
  };
}

/** A place as text: no two places have the same. */
export function keyOf(path: JsonPath): string {
  return JSON.stringify(path);
}
