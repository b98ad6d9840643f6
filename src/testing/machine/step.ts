/** What a run does, one step after another: the part of it that a trace and a regression keep. */
import type { Json } from '../../data.ts';
import { excerpt, firstDifference, ownOf, pathInWords, portray } from './portrait.ts';

export type Step =
  | { readonly do: 'send'; readonly event: { readonly type: string } & Readonly<Record<string, unknown>> }
  /** Milliseconds, or up to the next deadline whenever that is. */
  | { readonly do: 'wait'; readonly ms: number | 'next' }
  | { readonly do: 'save' }
  /** One of the stand-ins of that name which are at work: the `nth`, counted round. Nothing when there is none. */
  | {
      readonly do: 'actor';
      readonly actor: string;
      readonly nth: number;
      readonly act: Act;
      readonly value: unknown;
    };

export type Act = 'resolves' | 'rejects' | 'sends' | 'gives';

/** What it starts from: an input, or the stored snapshot of that index. */
export type Start = { readonly input?: unknown } | { readonly older: number };

export interface Run {
  readonly start: Start;
  readonly steps: readonly Step[];
}

export function isOlder(start: Start): start is { readonly older: number } {
  return 'older' in start;
}

export function startInWords(start: Start): string {
  if (isOlder(start)) return `start from older snapshot ${start.older}`;
  return start.input === undefined ? 'start' : `start with ${excerpt(portray(start.input))}`;
}

export function inWords(step: Step): string {
  switch (step.do) {
    case 'send': {
      const { type, ...payload } = step.event;
      return Object.keys(payload).length === 0 ? type : `${type} ${excerpt(portray(payload))}`;
    }
    case 'wait':
      return step.ms === 'next' ? 'clock to the next deadline' : `clock + ${step.ms} ms`;
    case 'save':
      return 'save and restore';
    case 'actor': {
      const which = step.nth === 0 ? step.actor : `${step.actor} (number ${step.nth + 1})`;
      return `${which} ${step.act}${step.value === undefined ? '' : ` ${valueInWords(step.value)}`}`;
    }
  }
}

function valueInWords(value: unknown): string {
  return value instanceof Error ? `${value.name}: ${value.message}` : excerpt(portray(value));
}

/** Stands for a value that JSON has no form for, and that runs are full of. */
interface ErrorMark {
  readonly '(Error)': string;
  readonly message: string;
}

/** What can be run again later, or why not, in words. */
export function encodeRun(run: Run): { readonly run: Json } | { readonly reason: string } {
  const marked = {
    start: run.start,
    steps: run.steps.map((step) => (step.do === 'actor' ? { ...step, value: mark(step.value) } : step)),
  };
  try {
    const json = JSON.parse(JSON.stringify(marked)) as Json;
    const lost = firstDifference(portray(marked), portray(json));
    if (!lost) return { run: json };
    return { reason: `${pathInWords(lost.path)} is ${excerpt(lost.before)}, which JSON cannot hold` };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Throws a `TypeError` for what is no run. */
export function decodeRun(json: unknown): Run {
  const { start, steps } = (json ?? {}) as { start?: unknown; steps?: unknown };
  if (typeof start !== 'object' || start === null || !Array.isArray(steps) || !steps.every(isStep))
    throw new TypeError(
      `This is no run of a machine: expected { start, steps }, got ${excerpt(portray(json))}. ` +
        'A run is kept as verifyMachine wrote it.',
    );
  return {
    start: start as Start,
    steps: steps.map((step) => (step.do === 'actor' ? { ...step, value: unmark(step.value) } : step)),
  };
}

function isStep(value: unknown): value is Step {
  if (typeof value !== 'object' || value === null) return false;
  const step = value as Record<string, unknown>;
  switch (step.do) {
    case 'send':
      return typeof (step.event as { type?: unknown } | undefined)?.type === 'string';
    case 'wait':
      return step.ms === 'next' || (Number.isFinite(step.ms) && (step.ms as number) >= 0);
    case 'save':
      return true;
    case 'actor':
      return (
        typeof step.actor === 'string' &&
        typeof step.nth === 'number' &&
        ['resolves', 'rejects', 'sends', 'gives'].includes(step.act as string)
      );
    default:
      return false;
  }
}

function mark(value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  return {
    ...ownOf(value, (item) => item),
    '(Error)': value.name,
    message: value.message,
  } satisfies ErrorMark;
}

function unmark(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('(Error)' in value)) return value;
  const { message, '(Error)': name, ...own } = value as ErrorMark;
  const error = Object.assign(new Error(message), own);
  // As a class has it: nobody who lists its properties comes upon it.
  if (name !== 'Error')
    Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true });
  return error;
}
