/** Times of entries in words. */
import type { Trace, TraceEntry, TraceStep } from '../testing/trace.ts';

/** What an entry's `atMs` counts: milliseconds since 1970, or those of a run, which are shown from its beginning on. */
export type EntryClock = { readonly kind: 'wall' } | { readonly kind: 'run'; readonly startMs: number };

/** A recording is of a day; a run has its own clock, which somebody else moves. */
export function entryClock(trace: Pick<Trace, 'kind' | 'steps' | 'entries'> | undefined): EntryClock {
  if (!trace || trace.kind === 'recording') return { kind: 'wall' };
  const [first]: readonly (TraceStep | TraceEntry)[] = [
    ...trace.steps.slice(0, 1),
    ...trace.entries.slice(0, 1),
  ];
  return { kind: 'run', startMs: first?.atMs ?? 0 };
}

/** `14:03:07.250`, in the time zone of whoever looks; `+12.345 s` of a run. */
export function timeInWords(atMs: number, clock: EntryClock): string {
  if (clock.kind === 'run') return `+${secondsOf(atMs - clock.startMs)} s`;
  const date = new Date(atMs);
  if (Number.isNaN(date.getTime())) return '—';
  const [hours, minutes, seconds] = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `${hours}:${minutes}:${seconds}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

function secondsOf(ms: number): string {
  return Number.isFinite(ms) ? (ms / 1000).toFixed(3) : '—';
}
