import fc from 'fast-check';
import type { Ways } from './ending.ts';
import type { ActorModel } from './options.ts';
import { madeUpPayload } from './payloads.ts';
import type { Act, Step } from './step.ts';

/** Of each event, each outcome of an actor, and of the inputs. */
export const SAMPLES = 4;

/** The model of an actor, with every schema read. */
export type Outcomes = { readonly [K in keyof ActorModel]?: fc.Arbitrary<unknown> };

/** What a run of one machine is made of. */
export interface Vocabulary {
  /** By event type; `undefined` where nothing was said of its payload. */
  readonly events: ReadonlyMap<string, fc.Arbitrary<object> | undefined>;
  /** By event type, the properties that the machine was seen to read, of events of which nothing was said. */
  readonly read: ReadonlyMap<string, ReadonlySet<string>>;
  /** By the name of a stand-in. */
  readonly actors: ReadonlyMap<string, Outcomes>;
  readonly input: fc.Arbitrary<unknown> | undefined;
  /** Numeric delays of the chart, in milliseconds. */
  readonly delays: readonly number[];
  readonly saves: boolean;
  /** Event types that end the machine. */
  readonly terminate: readonly string[] | undefined;
  /** How many stored snapshots there are to start from. */
  readonly older: number;
}

/** What an act is called in the model of its actor. */
export const MODEL_OF: Readonly<Record<Act, keyof ActorModel>> = {
  resolves: 'output',
  rejects: 'error',
  sends: 'sends',
  gives: 'values',
};

export function sendArbitrary({ events, read }: Vocabulary, type: string): fc.Arbitrary<Step> {
  const payload = events.get(type) ?? madeUpPayload([...(read.get(type) ?? [])]);
  return payload.map((each) => ({ do: 'send', event: { ...each, type } }) as const);
}

export function actArbitraries(actor: string, model: Outcomes, most: number): fc.Arbitrary<Step>[] {
  return (Object.entries(MODEL_OF) as [Act, keyof ActorModel][]).flatMap(([act, key]) => {
    const values = model[key];
    if (!values) return [];
    return [
      fc
        .tuple(fc.nat(most), values)
        .map(([nth, value]) => ({ do: 'actor', actor, nth, act, value }) as const),
    ];
  });
}

/** A few steps of each kind that the machine's surroundings can take. */
export interface Samples {
  readonly events: ReadonlyMap<string, readonly Step[]>;
  readonly acts: ReadonlyMap<string, readonly Step[]>;
}

export function sampleSteps(vocabulary: Vocabulary, seed: number): Samples {
  const sample = (arbitrary: fc.Arbitrary<Step>): Step[] => {
    // The first ones are small and much alike; what comes later is what a guard waits for.
    const steps = fc.sample(arbitrary, { seed, numRuns: SAMPLES * 4 });
    return [...new Map(steps.map((step) => [fc.stringify(step), step])).values()].slice(0, SAMPLES);
  };
  const types = [...vocabulary.events.keys()];
  return {
    events: new Map(types.map((type) => [type, sample(sendArbitrary(vocabulary, type))])),
    acts: new Map(
      [...vocabulary.actors].map(([name, model]) => [name, actArbitraries(name, model, 0).flatMap(sample)]),
    ),
  };
}

/** The ways by which `terminate` may end a machine. */
export function waysBy(
  terminate: readonly string[] | undefined,
  { events, acts }: Samples,
): Ways | undefined {
  if (terminate === undefined) return undefined;
  const sends = terminate.flatMap((type) => events.get(type) ?? []);
  return { types: terminate, events: sends, acts, shown: new Set() };
}
