import type { Run, Step } from './step.ts';
import type { Subject } from './subject.ts';
import { World } from './world.ts';

/** What ends a machine, and what may have to happen besides. */
export interface Ways {
  /** Event types, as given. */
  readonly types: readonly string[];
  /** A few events of each type. */
  readonly events: readonly Step[];
  /** By the name of a stand-in: a few things that it may do. */
  readonly acts: ReadonlyMap<string, readonly Step[]>;
  /** Where it has been shown already. */
  readonly shown: Set<string>;
}

/** Steps to the end that are looked for, and how many ways are tried. */
export const MAX_STEPS_TO_THE_END = 20;
const MAX_TRIED = 400;
const NEXT_DEADLINE: Step = { do: 'wait', ms: 'next' };

/**
 * Whether `end`, the end of `run`, is not a dead end: some sequence of the given events, with time passing and actors
 * settling, ends the machine. Ways that lead to a new state are tried before ways that only change the context.
 */
export function canEnd(subject: Subject, run: Run, end: World, ways: Ways): boolean {
  if (end.snapshot.status === 'done' || ways.shown.has(end.key)) return true;
  const tried = new Set<string>();
  const states = new Set<string>();
  const fresh: Step[][] = [[]];
  const others: Step[][] = [];
  for (let count = 0; count < MAX_TRIED; count += 1) {
    const more = fresh.shift() ?? others.shift();
    if (!more) return false;
    const world = new World(subject, run.start);
    for (const step of [...run.steps, ...more]) if (step.do !== 'save') world.apply(step);
    const { key } = world;
    if (world.snapshot.status === 'done' || ways.shown.has(key)) {
      ways.shown.add(end.key);
      return true;
    }
    if (world.isOver || tried.has(key) || more.length === MAX_STEPS_TO_THE_END) continue;
    tried.add(key);
    const queue = states.has(world.stateKey) ? others : fresh;
    states.add(world.stateKey);
    for (const move of moves(world, ways)) queue.push([...more, move]);
  }
  return false;
}

function moves(world: World, { events, acts }: Ways): Step[] {
  const named = new Set(world.standIns.map(({ name }) => name));
  return [
    ...events,
    ...[...named].flatMap((name) => acts.get(name) ?? []),
    ...(world.time.untilNext === undefined ? [] : [NEXT_DEADLINE]),
  ];
}
