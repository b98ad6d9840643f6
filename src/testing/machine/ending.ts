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
export const MAX_TRIED = 400;
/** A message that names more says less. */
const MAX_VALUES = 4;
const NEXT_DEADLINE: Step = { do: 'wait', ms: 'next' };

/** Where all ways lead that were looked at, and none of them to an end. */
export interface DeadEnd {
  /** State values on these ways, the first few. */
  readonly values: readonly unknown[];
  /** Every way was looked at; else the search was given up. */
  readonly exhausted: boolean;
}

/**
 * Whether `end`, the end of `run`, is a dead end: no sequence of the given events, with time passing and actors
 * settling, ends the machine. Ways that lead to a new state are tried before ways that only change the context.
 */
export function deadEnd(subject: Subject, run: Run, end: World, ways: Ways): DeadEnd | undefined {
  if (end.snapshot.status === 'done' || ways.shown.has(end.key)) return undefined;
  const values = new Map<string, unknown>();
  let cut = false;
  const tried = new Set<string>();
  const states = new Set<string>();
  const fresh: Step[][] = [[]];
  const others: Step[][] = [];
  for (let count = 0; count < MAX_TRIED; count += 1) {
    const more = fresh.shift() ?? others.shift();
    if (!more) return { values: [...values.values()], exhausted: !cut };
    const world = new World(subject, run.start);
    for (const step of [...run.steps, ...more]) if (step.do !== 'save') world.apply(step);
    const { key } = world;
    if (world.snapshot.status === 'done' || ways.shown.has(key)) {
      ways.shown.add(end.key);
      return undefined;
    }
    if (values.size < MAX_VALUES) values.set(world.stateKey, world.snapshot.value);
    if (world.isOver || tried.has(key)) continue;
    if (more.length === MAX_STEPS_TO_THE_END) {
      cut = true;
      continue;
    }
    tried.add(key);
    const queue = states.has(world.stateKey) ? others : fresh;
    states.add(world.stateKey);
    for (const move of moves(world, ways)) queue.push([...more, move]);
  }
  return { values: [...values.values()], exhausted: false };
}

function moves(world: World, { events, acts }: Ways): Step[] {
  const named = new Set(world.standIns.map(({ name }) => name));
  return [
    ...events,
    ...[...named].flatMap((name) => acts.get(name) ?? []),
    ...(world.time.untilNext === undefined ? [] : [NEXT_DEADLINE]),
  ];
}
