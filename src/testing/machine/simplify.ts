import type fc from 'fast-check';
import type { ActorModel } from './options.ts';
import { MODEL_OF, type Vocabulary } from './samples.ts';
import type { Run, Step } from './step.ts';

/** Of one value that can be made smaller in many ways. */
const MAX_SIMPLER = 40;

/** The same run with something smaller in one place: its input, a payload, the outcome of an actor. */
export function simplerRuns(run: Run, vocabulary: Vocabulary): Run[] {
  const { start, steps } = run;
  const input = 'input' in start ? shrink(vocabulary.input, start.input) : [];
  return [
    ...input.map((each): Run => ({ start: { input: each }, steps })),
    ...steps.flatMap((step, index) =>
      simplerSteps(step, vocabulary).map((each): Run => ({ start, steps: steps.with(index, each) })),
    ),
  ];
}

function simplerSteps(step: Step, { events, actors }: Vocabulary): Step[] {
  if (step.do === 'send') {
    const { type, ...payload } = step.event;
    const described = events.get(type);
    const smaller = described ? shrink(described, payload) : withoutOneProperty(payload);
    return smaller.map((each) => ({ do: 'send', event: { ...(each as object), type } }));
  }
  if (step.do !== 'actor') return [];
  const values = actors.get(step.actor)?.[MODEL_OF[step.act] satisfies keyof ActorModel];
  const first: Step[] = step.nth === 0 ? [] : [{ ...step, nth: 0 }];
  return [...first, ...shrink(values, step.value).map((value): Step => ({ ...step, value }))];
}

/** As far as the arbitrary can tell from a value alone how it came about. */
function shrink(arbitrary: fc.Arbitrary<unknown> | undefined, value: unknown): unknown[] {
  if (!arbitrary?.canShrinkWithoutContext(value)) return [];
  return [...arbitrary.shrink(value, undefined).take(MAX_SIMPLER)].map((each) => each.value);
}

function withoutOneProperty(payload: object): object[] {
  return Object.keys(payload).map((key) => {
    const { [key]: _, ...rest } = payload as Record<string, unknown>;
    return rest;
  });
}
