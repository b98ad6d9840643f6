import type { AnyMachineSnapshot } from 'xstate';
import type { Json } from '../../data.ts';
import type { Coverage } from './coverage.ts';
import { deadEnd, MAX_STEPS_TO_THE_END, MAX_TRIED, type Ways } from './ending.ts';
import { type Broken, INVARIANTS } from './invariants.ts';
import { type Played, play } from './play.ts';
import { type Difference, excerpt, firstDifference, pathInWords } from './portrait.ts';
import { inWords, isOlder, type Run, startInWords } from './step.ts';
import type { Subject } from './subject.ts';
import type { World } from './world.ts';

export interface JudgeOptions {
  readonly coverage?: Coverage;
  /** How the machine is ended; without it nobody asks whether it can be. */
  readonly ways?: Ways | undefined;
  /** Lets the wall clock move on between the first time and the second, so that one that reads it is found out. */
  readonly apart?: boolean;
  /** Told when the machine has reached its end. */
  readonly onEnd?: () => void;
}

/** Plays a run as often as it takes to see whether it breaks anything: `undefined` when it does not. */
export function judge(subject: Subject, run: Run, options: JudgeOptions = {}): Broken | undefined {
  const { coverage } = options;
  const first = play(subject, run, {
    saves: false,
    invariants: true,
    inspect: coverage?.inspector,
    onStep: (step, world) => step === 0 && coverage?.begin(world.snapshot),
  });
  if (first.world.snapshot.status === 'done') options.onEnd?.();
  const from = options.apart ? Date.now() : 0;
  while (options.apart && Date.now() === from);
  const second = play(subject, run, { saves: false, invariants: true });
  return (
    unlike(run, first, second) ??
    broken(run, first, coverage) ??
    stuck(subject, run, first.world) ??
    changedBySaving(subject, run, first) ??
    endless(subject, run, first.world, options.ways)
  );
}

function broken(
  run: Run,
  { trouble, violation }: Played,
  coverage: Coverage | undefined,
): Broken | undefined {
  if (violation && (!trouble || violation.step <= trouble.step)) return violation;
  if (!trouble) return undefined;
  const { step } = trouble;
  const { kind, error, types } = trouble.trouble;
  if (kind === 'loop') {
    const loop = coverage?.loop ?? [];
    const round = loop.length > 0 ? loop.join(', ') : types?.join(', ');
    const reason = round ? `round and round: ${round}` : messageOf(error);
    return { invariant: INVARIANTS.loops, reason, step, cause: error };
  }
  if (step === 0 && isOlder(run.start))
    return {
      invariant: INVARIANTS.migrates,
      reason: `it cannot be restored: ${messageOf(error)}`,
      step,
      cause: error,
    };
  const done = run.steps[step - 1];
  const isUnhandled =
    done?.do === 'actor' && done.act === 'rejects' && messageOf(done.value) === messageOf(error);
  const what = isUnhandled ? ', which nothing handles' : `: ${messageOf(error)}`;
  return { invariant: INVARIANTS.throws, reason: `${labelOf(run, step)}${what}`, step, cause: error };
}

function unlike(run: Run, first: Played, second: Played): Broken | undefined {
  const found = compare(first, second) ?? compareViolations(first, second);
  if (!found) return undefined;
  const { step, difference } = found;
  const { before, after } = difference;
  const what = pathInWords(difference.path);
  return {
    invariant: INVARIANTS.repeats,
    reason:
      `after "${labelOf(run, step)}" ${what} was ${excerpt(before)} the first time and ${excerpt(after)} the second. ` +
      'What comes from Date.now or Math.random is to come by an event or the input, or be named in `volatile`; and a ' +
      'context is to be assigned, not written into',
    step,
  };
}

/** Of a machine that was brought over from an older version: something must be able to move it. */
function stuck(subject: Subject, run: Run, end: World): Broken | undefined {
  if (!isOlder(run.start) || run.steps.length > 0 || end.isOver) return undefined;
  const { _nodes: nodes, value, children } = end.snapshot as AnyMachineSnapshot;
  const isMovable = nodes.some(({ transitions }) =>
    [...transitions].some(
      ([type, all]) =>
        !type.startsWith('xstate.') && all.some(({ target, actions }) => target || actions.length > 0),
    ),
  );
  const isAwaited =
    end.standIns.length > 0 || end.time.pending.length > 0 || Object.keys(children).length > 0;
  if (isMovable || isAwaited) return undefined;
  const lost = nodes.some(({ after }) => after.length > 0)
    ? ': its delayed transitions do not begin again by themselves'
    : '';
  return {
    invariant: INVARIANTS.migrates,
    reason: `it lands in ${excerpt(value)}, where no event, actor or deadline moves "${subject.name}"${lost}`,
    step: 0,
  };
}

function changedBySaving(subject: Subject, run: Run, never: Played): Broken | undefined {
  if (!subject.restore || !run.steps.some((step) => step.do === 'save')) return undefined;
  const saved = play(subject, run, { saves: true });
  const { trouble } = saved;
  if (trouble?.trouble.kind === 'not saved' || trouble?.trouble.kind === 'not restored') {
    const { kind, error } = trouble.trouble;
    const reason = `it can${kind === 'not saved' ? 'not be saved' : 'not be restored'}: ${messageOf(error)}`;
    return { invariant: INVARIANTS.saves, reason, step: trouble.step, cause: error };
  }
  const found = compare(never, saved);
  if (!found) return undefined;
  const { step, difference } = found;
  const { path, before, after } = difference;
  if (path[0] === 'timers')
    return { invariant: INVARIANTS.deadlines, reason: deadlines(never, saved, step), step };
  return {
    invariant: INVARIANTS.saves,
    reason:
      `after "${labelOf(run, step)}" ${pathInWords(path)} is ${excerpt(after)}; ` +
      `where it was never saved it is ${excerpt(before)}`,
    step,
    ...(trouble && { cause: trouble.trouble.error }),
  };
}

function deadlines(never: Played, saved: Played, step: number): string {
  const listed = ({ portraits }: Played) => {
    const { timers } = JSON.parse(portraits[step] ?? '{}') as {
      timers: ({ event: { type: string }; dueAt: Json } & Readonly<Record<string, Json>>)[];
    };
    return timers;
  };
  const inShort = (timers: ReturnType<typeof listed>) =>
    timers.map(({ event, dueAt }) => `${event.type} is due at ${dueAt} ms`).join(', ') || 'nothing is due';
  const [after, before] = [listed(saved), listed(never)];
  const same = inShort(after) === inShort(before);
  // The same events at the same times, and yet not the same: of whom, or with what in them.
  const said = same ? excerpt : inShort;
  return `once saved and restored ${said(after)}; where it was never saved ${said(before)}`;
}

function endless(subject: Subject, run: Run, end: World, ways: Ways | undefined): Broken | undefined {
  if (!ways || end.isOver) return undefined;
  const found = deadEnd(subject, run, end, ways);
  if (!found) return undefined;
  const { values, exhausted } = found;
  const from = `from ${excerpt(end.snapshot.value)} no final state can be reached by ${ways.types.join(', ')}`;
  const where = exhausted
    ? `all ways stay in ${values.map((value) => excerpt(value)).join(', ')}`
    : `none of ${MAX_TRIED} ways of up to ${MAX_STEPS_TO_THE_END} steps leads there`;
  return { invariant: INVARIANTS.ends, reason: `${from}: ${where}`, step: run.steps.length };
}

function compare(one: Played, other: Played): { step: number; difference: Difference } | undefined {
  const steps = Math.max(one.portraits.length, other.portraits.length);
  for (let step = 0; step < steps; step += 1) {
    const [before, after] = [one.portraits[step], other.portraits[step]];
    if (before === after) continue;
    // One of them broke here: it has said so in the step before.
    if (before === undefined || after === undefined) return undefined;
    const difference = firstDifference(JSON.parse(before) as Json, JSON.parse(after) as Json);
    if (difference) return { step, difference };
  }
  return undefined;
}

/** Two runs that look alike may still be judged otherwise, by an invariant that is itself moody. */
function compareViolations(one: Played, other: Played): { step: number; difference: Difference } | undefined {
  if (one.violation?.invariant === other.violation?.invariant) return undefined;
  const step = (one.violation ?? other.violation)?.step ?? 0;
  const [before, after] = [one, other].map(({ violation }) => violation?.invariant ?? null);
  return { step, difference: { path: ['invariant'], before, after } };
}

function labelOf(run: Run, step: number): string {
  const done = run.steps[step - 1];
  return done ? inWords(done) : startInWords(run.start);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : excerpt(error);
}
