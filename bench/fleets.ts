/** The contenders of one kind of work: every fleet of every size, all alive at once. */
import { type Contender, compare, interleave, type Options, type Row, type Sample } from './harness.ts';
import {
  BareActors,
  fill,
  OurSessions,
  PlainObjects,
  type Population,
  SpawnedChildren,
  sizeName,
  sizesOf,
} from './populations.ts';

export interface Fleet {
  readonly name: string;
  readonly population: Population;
}

/** What is done to a fleet: `count` operations on sessions that are there before and after. */
export type Work = (fleet: Fleet, count: number) => Omit<Contender, 'name' | 'ops'>;

/** The documented pattern copies all children on every spawn; more of them would take minutes to make. */
const SPAWNED = 1_000;

export async function makeFleets(options: Options): Promise<Fleet[]> {
  const sizes = sizesOf(options);
  const largest = Math.max(...sizes);
  const fleets: Fleet[] = [];
  for (const size of sizes) {
    options.say(`making ${size} sessions`);
    fleets.push({ name: ourName(size), population: await fill(new OurSessions(size), options) });
  }
  options.say(`making the peers of ${largest}`);
  fleets.push({ name: BARE, population: await fill(new BareActors(largest), options) });
  const smallest = Math.min(...sizes);
  fleets.push({ name: BARE_FEW, population: await fill(new BareActors(smallest), options) });
  fleets.push({ name: PLAIN, population: await fill(new PlainObjects(largest), options) });
  const spawned = new SpawnedChildren(Math.min(SPAWNED, largest));
  fleets.push({ name: SPAWN, population: await fill(spawned, options) });
  return fleets;
}

export const BARE = 'bare actor';
export const BARE_FEW = 'bare actor, 1k';
export const PLAIN = 'plain class';
export const SPAWN = 'spawnChild, 1k';

/** What a hundred times as many sessions may cost each. */
const FLAT = 1.15;

export function ourName(size: number): string {
  return `ours at ${sizeName(size)}`;
}

/** Fewer of the slow one: a round is to take milliseconds, not seconds. */
export function contend(
  fleets: readonly Fleet[],
  work: Work,
  count: number,
  rounds: number,
  options: Options,
): Promise<(name: string) => Sample> {
  const contenders = fleets.map((fleet) => {
    const ops = fleet.name === SPAWN ? Math.min(200, count) : count;
    return { name: fleet.name, ops, ...work(fleet, ops) };
  });
  return interleave(contenders, rounds, options);
}

/** One kind of work as rows: against the bare actor, by size of the fleet, and against the other peers. */
export function rowsOf(
  what: string,
  sample: (name: string) => Sample,
  goal: number,
  options: Options,
  peer = BARE,
): Row[] {
  const sizes = sizesOf(options);
  const [smallest = 0, largest = 0] = [sizes[0], sizes.at(-1)];
  const [few, many] = [ourName(smallest), ourName(largest)];
  return [
    compare(`${what} at ${sizeName(largest)}`, sample, many, peer, goal),
    compare(`${sizeName(largest)} against ${sizeName(smallest)}`, sample, many, few, FLAT),
    compare('the same for bare actors', sample, BARE, BARE_FEW),
    ...sizes.slice(1, -1).map((size) => compare(`at ${sizeName(size)}`, sample, ourName(size), peer)),
    compare('against the documented pattern', sample, few, SPAWN),
    compare('against the floor', sample, many, PLAIN),
  ].map((row, index) => (index === 0 ? row : { ...row, what: `  ${row.what}` }));
}
