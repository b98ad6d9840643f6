import type { Engine } from '../engine.ts';
import { createSessionId } from '../ids.ts';

const volatile = new WeakMap<object, string>();

/**
 * Tells the journal of one engine from that of the next: the cursors of one mean nothing in another. Engines that
 * take turns share a durable store; what is in memory only, each has for itself unless it is handed the same object.
 */
export function journalId({ journal, settings }: Engine): string {
  if (!journal.volatile) return 'durable';
  const known = volatile.get(settings.store);
  if (known !== undefined) return known;
  const id = createSessionId();
  volatile.set(settings.store, id);
  return id;
}
