import type { Coverage } from './coverage.ts';
import { watchedEvent } from './payloads.ts';
import type { Samples } from './samples.ts';
import type { Run, Start, Step } from './step.ts';
import type { Subject } from './subject.ts';
import { World } from './world.ts';

/** Paths that are kept, and steps that are tried in all. */
export const MAX_PATHS = 150;
const MAX_TRIED = 2500;
const NEXT_DEADLINE: Step = { do: 'wait', ms: 'next' };

/**
 * Shortest paths over the state graph, breadth-first: one to each condition in which the machine can be told apart,
 * new states before new contexts, and one for each transition besides. Actors run, deadlines come and outcomes of
 * stand-ins are among the edges, so this is the graph of what the machine does, not only of what it says.
 */
export function explore(
  subject: Subject,
  starts: readonly Start[],
  samples: Samples,
  coverage: Coverage,
): Run[] {
  const paths: Run[] = [];
  const conditions = new Set<string>();
  const states = new Set<string>();
  const fresh: Run[] = starts.map((start) => ({ start, steps: [] }));
  const others: Run[] = [];
  for (let tried = 0; tried < MAX_TRIED && paths.length < MAX_PATHS; tried += 1) {
    const run = fresh.shift() ?? others.shift();
    if (!run) break;
    const { size } = coverage;
    const world = arrive(subject, run, coverage);
    if (world.trouble) {
      // Where something went wrong nothing comes after: the path is judged as it is.
      if (!conditions.has(world.key)) paths.push(run);
      conditions.add(world.key);
      continue;
    }
    const isNew = !conditions.has(world.key);
    if (isNew || coverage.size > size) paths.push(run);
    if (!isNew) continue;
    conditions.add(world.key);
    const queue = states.has(world.stateKey) ? others : fresh;
    states.add(world.stateKey);
    for (const move of moves(world, samples)) queue.push({ start: run.start, steps: [...run.steps, move] });
  }
  return paths;
}

/** Which properties of their events the machine reads, by event type, from wherever the paths lead. */
export function learnPayloads(
  subject: Subject,
  paths: readonly Run[],
  types: readonly string[],
): Map<string, Set<string>> {
  const read = new Map(types.map((type) => [type, new Set<string>()]));
  for (const path of paths)
    for (const [type, keys] of read) {
      const world = arrive(subject, path);
      if (!world.isOver) world.show(watchedEvent({ type }, keys));
    }
  return new Map([...read].filter(([, keys]) => keys.size > 0));
}

function arrive(subject: Subject, run: Run, coverage?: Coverage): World {
  const world = new World(subject, run.start, coverage && { inspect: coverage.inspector });
  coverage?.begin(world.snapshot);
  for (const step of run.steps) world.apply(step);
  return world;
}

function moves(world: World, { events, acts }: Samples): Step[] {
  if (world.isOver) return [];
  const named = new Set(world.standIns.map(({ name }) => name));
  return [
    ...[...events.values()].flat(),
    ...[...named].flatMap((name) => acts.get(name) ?? []),
    ...(world.time.untilNext === undefined ? [] : [NEXT_DEADLINE]),
  ];
}
