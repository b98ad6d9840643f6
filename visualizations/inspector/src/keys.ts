/** Keys as they are written for a person: `j`, `?`, `g f` one after the other, `mod+Enter` with Ctrl or ⌘. */

/** What a binding needs to know of a `KeyboardEvent`. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** A second key belongs to the first within this time. */
export const SEQUENCE_MS = 1200;

/** Shift is part of what it makes (`?`, `J`), so it is named only in front of keys that stay the same with it. */
export function nameOfKey(press: KeyPress): string {
  const modifiers = [
    press.ctrlKey || press.metaKey ? 'mod+' : '',
    press.altKey ? 'alt+' : '',
    press.shiftKey && press.key.length > 1 ? 'shift+' : '',
  ];
  return modifiers.join('') + (press.key === ' ' ? 'Space' : press.key);
}

export type KeyOutcome = { readonly run: string } | 'begun' | 'none';

/** Remembers the first key of a sequence. Of all bindings it finds the one that the keys so far make up. */
export class KeySequence {
  #first: { readonly key: string; readonly at: number } | undefined;

  /** `now` in milliseconds, of any clock that goes forward. */
  press(key: string, now: number, bindings: Iterable<string>): KeyOutcome {
    const first = this.#first && now - this.#first.at <= SEQUENCE_MS ? this.#first.key : undefined;
    this.#first = undefined;
    const all = [...bindings];
    if (first !== undefined && all.includes(`${first} ${key}`)) return { run: `${first} ${key}` };
    if (all.some((binding) => binding.startsWith(`${key} `))) {
      this.#first = { key, at: now };
      return 'begun';
    }
    return all.includes(key) ? { run: key } : 'none';
  }
}

const WORDS: Readonly<Record<string, string>> = {
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  Escape: 'Esc',
  mod: 'Ctrl/⌘',
};

/** The keys of a binding, each to be drawn as one: `g f` → `g`, `f`; `shift+ArrowUp` → `shift`, `↑`. */
export function keyCaps(binding: string): string[] {
  return binding.split(/[ +]/).map((part) => WORDS[part] ?? part);
}
