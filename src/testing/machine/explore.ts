import type { AnyMachineSnapshot } from 'xstate';
import type { Json } from '../../data.ts';
import { matches } from './chart.ts';
import type { Coverage } from './coverage.ts';
import { watchedEvent } from './payloads.ts';
import type { Samples } from './samples.ts';
import type { Run, Start, Step } from './step.ts';
import type { Subject } from './subject.ts';
import { World } from './world.ts';

/** Paths that are kept, and that are tried in all. */
const MAX_PATHS = 150;
const MAX_TRIED = 2000;
/** Contexts that one state is gone on from, and values of one property that count as news. */
const MAX_CONTEXTS = 10;
const MAX_VALUES = 6;
/** Steps of one path. */
const MAX_DEPTH = 100;
const NEXT_DEADLINE: Step = { do: 'wait', ms: 'next' };

/**
 * Shortest paths over the state graph, breadth-first: one to each condition in which the machine can be told apart,
 * and one for each transition besides. Actors run, deadlines come and outcomes of stand-ins are among the edges, so
 * this is the graph of what the machine does, not only of what it says. News comes first: a state, a transition or a
 * value that no path before had; a counter is not counted up for ever.
 */
export function explore(
  subject: Subject,
  starts: readonly Start[],
  samples: Samples,
  coverage: Coverage,
): Run[] {
  const paths: Run[] = [];
  const conditions = new Set<string>();
  const news = new News();
  // By what their beginning showed: a state or a transition, a value, nothing but another context.
  // And last the events that nothing in the present states has a transition for.
  const queues: [Run[], Run[], Run[], Run[]] = [starts.map((start) => ({ start, steps: [] })), [], [], []];
  for (let tried = 0; tried < MAX_TRIED && paths.length < MAX_PATHS; tried += 1) {
    const run = queues.find((queue) => queue.length > 0)?.shift();
    if (!run) break;
    const { size } = coverage;
    const world = arrive(subject, run, coverage);
    const isKnown = conditions.has(world.key);
    conditions.add(world.key);
    const rank = coverage.size > size ? 0 : isKnown ? undefined : news.rankOf(world);
    if (rank !== undefined || (world.trouble && !isKnown)) paths.push(run);
    if (rank === undefined || isKnown || run.steps.length === MAX_DEPTH) continue;
    for (const move of moves(world, samples))
      queues[isHandled(world, move) ? rank : 3].push({ start: run.start, steps: [...run.steps, move] });
  }
  return paths;
}

/** Tells what is worth going on from. */
class News {
  readonly #contexts = new Map<string, number>();
  readonly #values = new Map<string, Set<string>>();

  /** 0 for another state, 1 for a value that was not there before, 2 for one more context. */
  rankOf(world: World): 0 | 1 | 2 | undefined {
    const { stateKey } = world;
    const contexts = this.#contexts.get(stateKey) ?? 0;
    this.#contexts.set(stateKey, contexts + 1);
    const fresh = propertiesOf(world.portrait()).filter(([path, value]) => this.#isNew(path, value));
    if (contexts === 0) return 0;
    if (fresh.length > 0) return 1;
    return contexts < MAX_CONTEXTS ? 2 : undefined;
  }

  #isNew(path: string, value: string): boolean {
    const values = this.#values.get(path) ?? new Set();
    this.#values.set(path, values);
    if (values.has(value) || values.size >= MAX_VALUES) return false;
    values.add(value);
    return true;
  }
}

/** Of the contexts of a machine and its children: each property, by its path, and its value as text. */
function propertiesOf(portrait: Json | undefined, at = ''): [string, string][] {
  const { context, children } = (portrait ?? {}) as { context?: Json; children?: Record<string, Json> };
  const own = typeof context === 'object' && context !== null ? Object.entries(context) : [];
  return [
    ...own.map(([key, value]): [string, string] => [`${at}${key}`, JSON.stringify(value)]),
    ...Object.entries(children ?? {}).flatMap(([id, child]) => propertiesOf(child, `${at}${id}/`)),
  ];
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

/** By a state that it is in now; what children are sent comes by their parents. */
function isHandled({ snapshot }: World, move: Step): boolean {
  if (move.do !== 'send') return true;
  const { _nodes: nodes = [] } = snapshot as Partial<AnyMachineSnapshot>;
  return nodes.some((node) => [...node.transitions.keys()].some((each) => matches(move.event.type, each)));
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
