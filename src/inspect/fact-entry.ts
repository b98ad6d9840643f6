import type { JsonObject } from '../data.ts';
import type { Fact } from '../session/facts.ts';
import type { TraceEntry } from '../testing/trace.ts';
import type { Redaction } from './redaction.ts';

/** What a fact's own fields take. */
const FRAME_BYTES = 160;

/** A fact as the entry of a trace, and about how many bytes that is as JSON. */
export function factEntry(
  fact: Fact,
  atMs: number,
  redaction: Redaction,
): { readonly entry: TraceEntry; readonly bytes: number } {
  const shown = redaction.fact(fact);
  const entry = { step: 0, atMs, kind: 'fact', fact: shown as unknown as JsonObject } as const;
  return { entry, bytes: FRAME_BYTES + bytesOf(shown.payload) };
}

/** Counts what a text of it would hold, without making one. */
function bytesOf(value: unknown): number {
  if (typeof value === 'string') return value.length + 3;
  if (typeof value !== 'object' || value === null) return 5;
  let bytes = 2;
  if (Array.isArray(value)) for (const item of value) bytes += bytesOf(item);
  else for (const [key, item] of Object.entries(value)) bytes += key.length + 4 + bytesOf(item);
  return bytes;
}
