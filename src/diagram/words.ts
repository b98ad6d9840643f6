/** The names and causes of a definition in the words that a diagram shows. */
import type { ChartInvocation, EdgeKind } from './chart.ts';

/** What was written in place and has no name. */
export const INLINE = 'inline';

/** Of an action or a guard: a text, `{ type }`, or whatever else a definition may hold. */
export function nameOf(value: unknown): string {
  const name = typeof value === 'object' && value !== null ? (value as { type?: unknown }).type : value;
  // A function has become null on its way through JSON, or is named so by a trace.
  if (typeof name !== 'string' || name === '' || name === '(function)') return INLINE;
  return name.replace(/^xstate\./, '');
}

interface Cause {
  readonly kind: EdgeKind;
  readonly cause: string;
}

/** `invokes` are those of the state that has the transition. */
export function causeOf(
  event: string,
  delay: number | string | undefined,
  invokes: readonly ChartInvocation[],
): Cause {
  if (event === '') return { kind: 'always', cause: 'always' };
  const actor = (prefix: string) => {
    const id = event.slice(prefix.length);
    return invokes.find((each) => each.id === id)?.name ?? id;
  };
  if (event.startsWith('xstate.after.'))
    return { kind: 'after', cause: `after ${delay === undefined ? INLINE : durationOf(delay)}` };
  if (event.startsWith('xstate.done.actor.'))
    return { kind: 'done', cause: `done: ${actor('xstate.done.actor.')}` };
  if (event.startsWith('xstate.done.state.')) return { kind: 'done', cause: 'done' };
  if (event.startsWith('xstate.error.actor.'))
    return { kind: 'error', cause: `error: ${actor('xstate.error.actor.')}` };
  if (event.startsWith('xstate.snapshot.'))
    return { kind: 'snapshot', cause: `snapshot: ${actor('xstate.snapshot.')}` };
  return { kind: 'event', cause: event };
}

const UNITS = [
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** `250 ms`, `1.5 s`, `10 min`; a name as it is. */
export function durationOf(delay: number | string): string {
  const ms = Number(delay);
  if (delay === '' || !Number.isFinite(ms)) return String(delay);
  // The largest unit that needs no rounding to two places.
  const [unit, size] = UNITS.find(([, each]) => ms >= each && Number.isInteger((ms / each) * 100)) ?? [
    'ms',
    1,
  ];
  return `${ms / size} ${unit}`;
}

/** XState makes up ids like `0.order.paying`, which say less than the name of the logic. */
export function invocationOf(
  id: string,
  src: unknown,
  index: number,
  stateXStateId: string,
): ChartInvocation {
  const logic =
    typeof src === 'string' && !src.startsWith('xstate.invoke.') && src !== '(function)' ? src : undefined;
  const isMadeUp = id === `${index}.${stateXStateId}`;
  return { id, name: isMadeUp ? (logic ?? `${INLINE} actor`) : id };
}
