/** How the benchmarks measure: contenders take turns, round after round, in one process; medians count. */
import { performance } from 'node:perf_hooks';

export interface Contender {
  readonly name: string;
  /** Operations in one round. */
  readonly ops: number;
  /** Not measured. */
  prepare?(): unknown;
  run(): unknown;
  /** Not measured. */
  restore?(): unknown;
}

/** Microseconds for one operation. */
export interface Sample {
  readonly wall: number;
  /** Of all threads, the collector's included; less noisy than the wall clock on a shared machine. */
  readonly cpu: number;
}

export interface Row {
  readonly what: string;
  readonly unit: string;
  readonly ours: number;
  /** Of processor time, where that differs from what `ours` measures. */
  readonly oursCpu?: number;
  readonly peer?: string;
  readonly theirs?: number;
  readonly theirsCpu?: number;
  /** `ours` against `theirs` must not be over this; without a peer, `ours` itself must not be. */
  readonly goal?: number;
  /** The row shows rates: the goal is what `ours` against `theirs` must not be under. */
  readonly rate?: boolean;
}

export interface Options {
  /** Tiny sizes, to see that a benchmark works; its figures mean nothing. */
  readonly quick: boolean;
  /** For files. It is empty, and removed in the end, whatever happens. */
  readonly folder: string;
  say(text: string): void;
}

/** Of what is over too soon to speak of its progress. */
export function silent(options: Options): Options {
  return { ...options, say: () => {} };
}

export interface Benchmark {
  readonly name: string;
  readonly title: string;
  /**
   * `quiet` keeps full collections out of the rounds: they cost whoever they meet, and with 100,000 sessions alive
   * one would be under way most of the time. Minor collections stay in. `usual` is the collector as users have it.
   */
  readonly heap: 'quiet' | 'usual';
  run(options: Options): Promise<Row[]>;
}

/** The first rounds compile and fill caches; they are run and thrown away. */
export function warmUpRounds({ quick }: Options): number {
  return quick ? 0 : 2;
}

export async function interleave(
  contenders: readonly Contender[],
  rounds: number,
  options: Options,
): Promise<(name: string) => Sample> {
  const taken = new Map<string, Sample[]>(contenders.map(({ name }) => [name, []]));
  const thrownAway = warmUpRounds(options);
  for (let round = 0; round < rounds + thrownAway; round += 1) {
    // Nobody always runs first, or always after the same neighbour.
    for (let turn = 0; turn < contenders.length; turn += 1) {
      const contender = contenders[(turn + round) % contenders.length];
      if (!contender) continue;
      const sample = await measure(contender);
      if (round >= thrownAway) taken.get(contender.name)?.push(sample);
    }
    options.say(`round ${round + 1} of ${rounds + thrownAway}`);
  }
  return (name) => {
    const samples = taken.get(name);
    if (!samples) throw new Error(`there is no contender "${name}"`);
    return { wall: median(samples.map(({ wall }) => wall)), cpu: median(samples.map(({ cpu }) => cpu)) };
  };
}

export async function measure(contender: Contender): Promise<Sample> {
  await contender.prepare?.();
  const cpu = process.cpuUsage();
  const start = performance.now();
  const running = contender.run();
  if (running instanceof Promise) await running;
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  await contender.restore?.();
  return { wall: (wallMs * 1000) / contender.ops, cpu: (user + system) / contender.ops };
}

/** A comparison of two contenders as one row. */
export function compare(
  what: string,
  sample: (name: string) => Sample,
  ours: string,
  peer: string,
  goal?: number,
): Row {
  const [us, them] = [sample(ours), sample(peer)];
  return {
    what,
    unit: 'µs',
    ours: us.wall,
    oursCpu: us.cpu,
    peer,
    theirs: them.wall,
    theirsCpu: them.cpu,
    ...(goal !== undefined && { goal }),
  };
}

/** The same as operations in a second. */
export function compareRates(
  what: string,
  unit: string,
  sample: (name: string) => Sample,
  ours: string,
  peer: string,
  goal?: number,
): Row {
  const perSecond = (us: number): number => 1e6 / us;
  const [us, them] = [sample(ours), sample(peer)];
  return {
    what,
    unit,
    ours: perSecond(us.wall),
    oursCpu: perSecond(us.cpu),
    peer,
    theirs: perSecond(them.wall),
    theirsCpu: perSecond(them.cpu),
    rate: true,
    ...(goal !== undefined && { goal }),
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[middle - 1], sorted[middle]];
  if (high === undefined) throw new Error('the median of nothing');
  return sorted.length % 2 === 0 && low !== undefined ? (low + high) / 2 : high;
}

/** A full collection. Not between rounds: one after another makes V8 start the next sooner, in somebody's round. */
export function collect(): void {
  if (!globalThis.gc) throw new Error('the benchmarks need --expose-gc; bench/main.ts starts them with it');
  globalThis.gc();
}

/** Full collections, with turns between them in which what has ended can let go. */
export async function settle(): Promise<void> {
  for (let times = 0; times < 3; times += 1) {
    await turn();
    collect();
  }
}

export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
