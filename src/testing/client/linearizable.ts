/**
 * Linearizability by search (Wing and Gong 1993, in the just-in-time order of Lowe 2017): the calls and changes
 * of one id are walked in the order in which they began and ended, and every order of taking effect that still
 * explains all answers is kept. If none is left, no sequential run explains what the callers saw.
 */
export interface Entry<S> {
  readonly name: string;
  /** Logical times; the entry takes effect at one instant between them. */
  readonly began: number;
  readonly ended: number;
  /** Ordered entries take effect in the order in which they began. */
  readonly ordered: boolean;
  /** The states it may lead to, none if its answer does not fit the state. */
  apply(state: S): readonly S[];
}

export type Verdict<S> =
  | { readonly ok: true; readonly states: readonly S[] }
  | { readonly ok: false; readonly stuckAt: string }
  /** More entries overlap than the search takes on. */
  | { readonly ok: 'skipped'; readonly overlapping: number };

interface Configuration<S> {
  readonly state: S;
  /** Pending entries that have taken effect. */
  readonly done: ReadonlySet<number>;
}

export const MOST_OVERLAPPING = 12;

export function linearize<S>(entries: readonly Entry<S>[], initial: S): Verdict<S> {
  const boundaries = entries
    .flatMap((entry, index) => [
      { at: entry.began, index, begins: true },
      { at: entry.ended, index, begins: false },
    ])
    .sort((a, b) => a.at - b.at || Number(b.begins) - Number(a.begins));
  const pending = new Set<number>();
  let configurations: Configuration<S>[] = [{ state: initial, done: new Set() }];
  for (const { index, begins } of boundaries) {
    if (begins) {
      pending.add(index);
      if (pending.size > MOST_OVERLAPPING) return { ok: 'skipped', overlapping: pending.size };
      continue;
    }
    configurations = takeEffect(entries, pending, configurations, index);
    pending.delete(index);
    const entry = entries[index];
    if (configurations.length === 0) return { ok: false, stuckAt: entry?.name ?? '' };
  }
  return { ok: true, states: configurations.map(({ state }) => state) };
}

/** All configurations in which `target` has taken effect, after any of the other pending ones that fit. */
function takeEffect<S>(
  entries: readonly Entry<S>[],
  pending: ReadonlySet<number>,
  from: readonly Configuration<S>[],
  target: number,
): Configuration<S>[] {
  const seen = new Set<string>();
  const found: Configuration<S>[] = [];
  const open = [...from];
  for (let next = open.pop(); next; next = open.pop()) {
    const key = `${[...next.done].sort((a, b) => a - b).join()}|${JSON.stringify(next.state)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (next.done.has(target)) {
      const done = new Set(next.done);
      done.delete(target);
      found.push({ state: next.state, done });
      continue;
    }
    for (const index of pending) {
      const entry = entries[index];
      if (!entry || next.done.has(index) || isAhead(entries, pending, next.done, entry)) continue;
      for (const state of entry.apply(next.state)) {
        open.push({ state, done: new Set([...next.done, index]) });
      }
    }
  }
  return found;
}

/** Whether an ordered entry that began earlier has not taken effect yet. */
function isAhead<S>(
  entries: readonly Entry<S>[],
  pending: ReadonlySet<number>,
  done: ReadonlySet<number>,
  entry: Entry<S>,
): boolean {
  if (!entry.ordered) return false;
  for (const index of pending) {
    const other = entries[index];
    if (other?.ordered && !done.has(index) && other.began < entry.began) return true;
  }
  return false;
}
