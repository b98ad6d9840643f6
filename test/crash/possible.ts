/**
 * What a session may hold after its calls: each acknowledged one has had its effect, each refused one none, one that
 * nobody heard of has had all or none of it, and none after it when it had none. Calls on one session take effect
 * in the order in which they were made.
 */
import { isExclusive } from './calls.ts';
import { type After, applyCall, type Contents, GONE, REFUSED, sameContents } from './contents.ts';
import { type Course, inShort, type Outcome } from './outcomes.ts';
import { violated } from './violation.ts';

export type Shelved = Contents | typeof GONE;

export interface Possible {
  readonly sessions: ReadonlyArray<Contents | typeof GONE>;
  readonly shelf: readonly Shelved[];
}

const ENDS: ReadonlySet<string> = new Set(['terminate', 'kill']);
const NONE: readonly Outcome[] = [];

/** One way in which it may have gone. */
interface Branch {
  readonly contents: Contents | typeof GONE;
  /** An unheard call had no effect: no later unheard one has. */
  readonly halted: boolean;
  /** Made while there was no session, answered when there was: what they do, they do to the next. */
  readonly early: readonly Outcome[];
  /** What held a session that has ended by itself, or is about to: ending it may join that, and it may be read. */
  readonly ending: Contents | typeof GONE;
}

const AFRESH = { halted: false, early: NONE, ending: GONE };

export function possibleAfter(
  course: Course,
  before: { readonly session: Contents | typeof GONE; readonly shelved: Shelved },
): Possible {
  let branches: readonly Branch[] = [{ ...AFRESH, contents: before.session }];
  let shelf: readonly Shelved[] = [before.shelved];
  /** The calls of the present manager, and what may have been held before each. */
  let past: Outcome[] = [];
  let held: Array<ReadonlyArray<Contents | typeof GONE>> = [];
  for (const step of course) {
    branches = distinct(branches.flatMap(orEnded));
    if (step === 'reopened') {
      branches = distinct(branches.map(({ contents }) => ({ ...AFRESH, contents })));
      past = [];
      held = [];
      continue;
    }
    held.push(branches.map(({ contents, ending }) => contents ?? ending));
    const unsettled = past.some((each) => isExclusive(each.call) && each.settledAt > step.askedAt);
    const next = branches.flatMap((branch) => follow(branch, step, shelf, unsettled));
    if (next.length === 0)
      violated(
        `${inShort(step)} does not fit what came before.`,
        `It may have held ${JSON.stringify(branches.map(({ contents }) => contents ?? 'nothing'))},`,
        `saved ${JSON.stringify(shelf.map((shelved) => shelved ?? 'nothing'))}; the calls before:`,
        ...course.slice(0, course.indexOf(step)).map((each) => (each === 'reopened' ? each : inShort(each))),
      );
    // What is saved is what was held at some moment since the last change that was known when it was asked.
    const since = past.findLastIndex((each) => isChange(each) && each.settledAt < step.askedAt) + 1;
    shelf = shelve(step, shelf, held.slice(since).flat());
    branches = distinct(next);
    past.push(step);
  }
  const complete = branches.filter(({ early }) => early.every(({ result }) => result === 'open'));
  return { sessions: complete.flatMap(orEnded).map(({ contents }) => contents), shelf };
}

/** It was acknowledged, and so was all before it: the calls that change nothing may be answered out of turn. */
function isChange({ call: { kind }, result }: Outcome): boolean {
  return result === 'acknowledged' && kind !== 'getOrCreate' && kind !== 'save' && kind !== 'forget';
}

/** A mortal session may have ended by itself. */
function orEnded(branch: Branch): readonly Branch[] {
  return branch.contents?.life === 'mortal'
    ? [branch, { ...branch, contents: GONE, ending: branch.contents }]
    : [branch];
}

function follow(branch: Branch, step: Outcome, shelf: readonly Shelved[], unsettled: boolean): Branch[] {
  const { call, result } = step;
  if (result === 'refused') return unsettled || fits(branch, step, shelf) ? [branch] : [];
  if (call.kind === 'save') return isReadable(branch) || result === 'open' || unsettled ? [branch] : [];
  if (call.kind === 'forget') return [branch];
  const taken = takes(branch, step, shelf);
  if (result === 'acknowledged') return taken;
  if (taken.length === 0 || branch.halted) return [branch];
  // Made while there was no session, it may as well have been refused, and holds nothing up.
  const halted = branch.contents !== GONE || isExclusive(call);
  return [...taken, { ...branch, halted }];
}

const isReadable = ({ contents, ending }: Branch) => contents !== GONE || ending !== GONE;

/** What comes of the branch when the call has its effect; nothing when it cannot have one. */
function takes(branch: Branch, step: Outcome, shelf: readonly Shelved[]): Branch[] {
  const { contents, early, ending } = branch;
  if (contents === GONE && ending && ENDS.has(step.call.kind)) return [branch];
  if (contents === GONE && !isExclusive(step.call)) return [{ ...branch, early: [...early, step] }];
  const effects = step.call.kind === 'restore' ? restored(branch, shelf) : called(contents, step);
  const begun = effects.map((after) => ({ ...branch, contents: after, ending: GONE }));
  if (contents !== GONE || early.length === 0) return begun;
  if (early.some(({ settledAt }) => settledAt < step.askedAt)) return [];
  const caughtUp = begun.map((each) => ({ ...each, early: NONE }));
  return early.reduce<Branch[]>(
    (all, each) => all.flatMap((after) => follow(after, each, shelf, true)),
    caughtUp,
  );
}

/** Whether the refusal is true of this state; beside a call that begins or ends the session anything may be. */
function fits({ contents, ending }: Branch, { call, code }: Outcome, shelf: readonly Shelved[]): boolean {
  if (ending || code === 'MANAGER_CLOSED') return true;
  if (code === 'DUPLICATE_SESSION') return contents !== GONE;
  if (call.kind === 'restore' || call.kind === 'forget') return shelf.includes(GONE);
  return contents === GONE;
}

function restored({ contents }: Branch, shelf: readonly Shelved[]): Array<Contents | typeof GONE> {
  return contents ? [] : shelf.filter((each) => each !== GONE);
}

function called(
  contents: Contents | typeof GONE,
  { call, result, answer }: Outcome,
): Array<Contents | typeof GONE> {
  const after = applyCall(contents, call);
  if (after === REFUSED) return [];
  const agrees = result !== 'acknowledged' || answersWell(contents, after, answer);
  return agrees ? [after.contents] : [];
}

function answersWell(
  contents: Contents | typeof GONE,
  { message }: After,
  answer: Outcome['answer'],
): boolean {
  if (typeof answer === 'boolean') return answer === (contents === GONE);
  return !message || (Array.isArray(answer) && answer[0] === message.id && answer[3] === message.content);
}

function shelve(
  { call, result }: Outcome,
  shelf: readonly Shelved[],
  held: ReadonlyArray<Contents | typeof GONE>,
): readonly Shelved[] {
  if (result === 'refused' || (call.kind !== 'save' && call.kind !== 'forget')) return shelf;
  const put = call.kind === 'save' ? held.filter((each) => each !== GONE) : [GONE];
  return result === 'acknowledged' ? put : [...shelf, ...put];
}

function distinct(branches: readonly Branch[]): readonly Branch[] {
  const kept: Branch[] = [];
  for (const branch of branches) {
    const isKnown = kept.some(
      ({ contents, halted, early, ending }) =>
        halted === branch.halted &&
        ending === branch.ending &&
        early.length === branch.early.length &&
        early.every((each, n) => each === branch.early[n]) &&
        sameContents(contents, branch.contents),
    );
    if (!isKnown) kept.push(branch);
  }
  return kept;
}
