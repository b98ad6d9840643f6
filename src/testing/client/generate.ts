/** The generator of runs. */
import fc from 'fast-check';
import { choose, liveId, settings, step } from './choices.ts';
import type { Command, Scenario, Settings, Step } from './scenario.ts';
import { story } from './stories.ts';
import type { Abilities, AgentEvent } from './subject.ts';

export interface Generator {
  readonly abilities: Abilities;
  /** The most steps of a run; what belongs together counts as one. */
  readonly steps: number;
  /** What is the same in every run. */
  readonly pinned: Partial<Settings>;
  /** Events for the user's own agent. */
  readonly agentEvents: fc.Arbitrary<AgentEvent> | undefined;
}

/** Commands that only a client with a store understands. */
const OF_A_STORE: readonly Command['do'][] = ['reopen', 'crash', 'recover', 'fault', 'close'];

export function scenarios({ abilities, steps, pinned, agentEvents }: Generator): fc.Arbitrary<Scenario> {
  const own = agentEvents && ownDispatch(agentEvents);
  const chunk = choose<readonly Step[]>(
    [25, step.map((one) => [one])],
    [1, story],
    ...(own ? [[5, own.map((one) => [one])] as const] : []),
  );
  const chunks = fc.array(chunk, { minLength: 1, maxLength: steps, size: 'max' });
  return fc.record({
    schedule: fc.noShrink(fc.nat()),
    settings: settings.map((drawn) => ({ ...drawn, ...without(abilities), ...pinned })),
    // Not biased towards few steps: nothing meets nothing in them.
    steps: fc.noBias(
      chunks.map((all) => {
        const flat = all.flat();
        const kept = flat.filter(
          ({ command: { do: what } }) => abilities.store || !OF_A_STORE.includes(what),
        );
        return kept.map((each) => (own ? forOwnAgent(each) : each));
      }),
    ),
  });
}

function without(abilities: Abilities): Partial<Settings> {
  return {
    ...(!abilities.agent && { agent: false }),
    ...(!abilities.hooks && { hooks: false }),
    ...(!abilities.store && { store: 'memory' }),
    // Who is asleep is known from the client's own count.
    ...(!(abilities.store && abilities.stats) && { config: {} }),
  };
}

function ownDispatch(events: fc.Arbitrary<AgentEvent>): fc.Arbitrary<Step> {
  return fc.record({
    command: fc.record({
      do: fc.constant('call' as const),
      id: liveId,
      call: fc.record({
        kind: fc.constant('dispatch' as const),
        act: fc.constant('own' as const),
        event: events,
      }),
      viaHandle: fc.boolean(),
    }),
    turn: fc.boolean(),
  });
}

/** Of what the runs' own agent understands only the forged stop is left: any agent must be safe from it. */
function forOwnAgent(each: Step): Step {
  const { command } = each;
  const isDispatch = command.do === 'call' && command.call.kind === 'dispatch' && command.call.act !== 'own';
  return isDispatch ? { ...each, command: { ...command, call: { kind: 'dispatch', act: 'forged' } } } : each;
}
