import fc from 'fast-check';
import { actArbitraries, sendArbitrary, type Vocabulary } from './samples.ts';
import type { Run, Start, Step } from './step.ts';

/** Where no delay of the chart says how long is long. */
const LONG_MS = 1000;

/** Random runs, which begin where one of `paths` has led. The first of them is the empty one. */
export function runArbitrary(
  vocabulary: Vocabulary,
  paths: readonly Run[],
  steps: number,
): fc.Arbitrary<Run> {
  const more = fc.array(stepArbitrary(vocabulary), { maxLength: steps, size: 'max' });
  const walk = fc.tuple(startArbitrary(vocabulary), more).map(([start, all]): Run => ({ start, steps: all }));
  if (paths.length === 0) return walk;
  // Shrinks to an earlier path, which is a shorter one.
  const onward = fc.tuple(fc.nat(paths.length - 1), more).map(([index, all]): Run => {
    const path = paths[index];
    return path ? { start: path.start, steps: [...path.steps, ...all] } : { start: {}, steps: all };
  });
  return fc.oneof({ arbitrary: walk, weight: 1 }, { arbitrary: onward, weight: 1 });
}

function startArbitrary(vocabulary: Vocabulary): fc.Arbitrary<Start> {
  const { older } = vocabulary;
  const fresh = freshStart(vocabulary);
  if (older === 0) return fresh;
  const stored = fc.nat(older - 1).map((index) => ({ older: index }));
  return fc.oneof({ arbitrary: fresh, weight: 2 }, { arbitrary: stored, weight: 1 });
}

function freshStart({ input }: Vocabulary): fc.Arbitrary<Start> {
  return input ? input.map((each) => ({ input: each })) : fc.constant({});
}

/** A few inputs, and every stored snapshot. */
export function sampleStarts(vocabulary: Vocabulary, seed: number, count: number): Start[] {
  const fresh = fc.sample(freshStart(vocabulary), { seed, numRuns: count });
  const distinct = new Map(fresh.map((start) => [fc.stringify(start), start]));
  return [...distinct.values(), ...Array.from({ length: vocabulary.older }, (_, older) => ({ older }))];
}

function stepArbitrary(vocabulary: Vocabulary): fc.Arbitrary<Step> {
  const { events, actors, saves, delays, terminate } = vocabulary;
  const sends = [...events.keys()].map((type) => ({
    arbitrary: sendArbitrary(vocabulary, type),
    // A machine that is over takes no more steps: what ends it comes less often.
    weight: terminate?.includes(type) ? 1 : 4,
  }));
  const acts = [...actors].flatMap(([name, model]) => actArbitraries(name, model, 2));
  const kinds: fc.WeightedArbitrary<Step>[] = [
    { arbitrary: waitArbitrary(delays), weight: delays.length > 0 ? 4 : 2 },
  ];
  if (sends.length > 0) kinds.push({ arbitrary: fc.oneof(...sends), weight: 10 });
  if (acts.length > 0) kinds.push({ arbitrary: fc.oneof(...acts), weight: 6 });
  if (saves) kinds.push({ arbitrary: fc.constant({ do: 'save' } as const), weight: 2 });
  return fc.oneof(...kinds);
}

/** To the next deadline, to one of the chart's, to a moment beside one, or for any time. */
function waitArbitrary(delays: readonly number[]): fc.Arbitrary<Step> {
  const exact = delays.flatMap((ms) => [ms, Math.max(0, ms - 1), ms + 1]);
  const longest = Math.max(LONG_MS, ...delays.map((ms) => Math.min(ms * 2, 86_400_000)));
  const ms: fc.Arbitrary<number | 'next'> = fc.oneof(
    { arbitrary: fc.constant('next' as const), weight: 3 },
    { arbitrary: fc.nat(longest), weight: 1 },
    ...(exact.length > 0 ? [{ arbitrary: fc.constantFrom(...exact), weight: 2 }] : []),
  );
  return ms.map((each) => ({ do: 'wait', ms: each }) as const);
}
