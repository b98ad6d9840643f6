import { signal } from '@preact/signals';
import { useLayoutEffect, useState } from 'preact/hooks';
import { KeySequence, nameOfKey } from './keys.ts';

export interface Shortcut {
  /** As `keys.ts` writes them; several that do the same in a list. */
  readonly keys: string | readonly string[];
  /** What it does, for the help. */
  readonly words: string;
  /** False: it had nothing to do, and the browser may do with the key what it would. */
  run(event: KeyboardEvent): unknown;
}

export interface ShortcutGroup {
  readonly name: string;
  /** Those of the last rendering. */
  readonly shortcuts: readonly Shortcut[];
}

/** Everything that is bound now, in the order in which it was mounted; the last one of a key wins. */
export const shortcutGroups = signal<readonly ShortcutGroup[]>([]);

/** Binds keys while the component is there, except while somebody types in a field or a dialog is open. */
export function useShortcuts(name: string, shortcuts: readonly Shortcut[]): void {
  const [group] = useState(() => ({ name, shortcuts }));
  group.shortcuts = shortcuts;
  useLayoutEffect(() => {
    shortcutGroups.value = [...shortcutGroups.peek(), group];
    return () => {
      shortcutGroups.value = shortcutGroups.peek().filter((each) => each !== group);
    };
  }, [group]);
}

/** Begins to listen; the answer ends it. */
export function listenForShortcuts(target: Window): () => void {
  const sequence = new KeySequence();
  const listen = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || isTaken(event)) return;
    const bound = new Map<string, Shortcut>();
    for (const { shortcuts } of shortcutGroups.peek())
      for (const shortcut of shortcuts) for (const keys of [shortcut.keys].flat()) bound.set(keys, shortcut);
    const outcome = sequence.press(nameOfKey(event), event.timeStamp, bound.keys());
    if (typeof outcome === 'string') return;
    if (bound.get(outcome.run)?.run(event) !== false) event.preventDefault();
  };
  target.addEventListener('keydown', listen);
  return () => target.removeEventListener('keydown', listen);
}

/** Keys belong to a field that text goes into, and to a dialog. Escape leaves a field. */
function isTaken(event: KeyboardEvent): boolean {
  if (document.querySelector('dialog[open]')) return true;
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (event.key === 'Escape') return false;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type);
  if (target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement)
    return event.key === 'Enter' || event.key === ' ';
  return target.isContentEditable || target.matches('textarea, select');
}
