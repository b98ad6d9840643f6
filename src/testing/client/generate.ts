/** The generator of runs. */
import fc from 'fast-check';
import { choose, liveId, settings, step } from './choices.ts';
import { type Constellation, constellation } from './constellations.ts';
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

/** After a constellation, every other time. */
const FEW = 8;

export function scenarios({ abilities, steps, pinned, agentEvents }: Generator): fc.Arbitrary<Scenario> {
  const own = agentEvents && ownDispatch(agentEvents);
  const chunk = choose<readonly Step[]>(
    [25, step.map((one) => [one])],
    [1, story],
    ...(own ? [[5, own.map((one) => [one])] as const] : []),
  );
  const upTo = (most: number, least = 1) =>
    fc.array(chunk, { minLength: least, maxLength: most, size: 'max' });
  // Of a constellation nothing much is left after many steps.
  const begun = fc.record({
    from: constellation,
    chunks: choose([1, upTo(steps)], [1, upTo(Math.min(steps, FEW), 0)]),
  });
  const beginning = choose<Beginning>(
    [2, fc.record({ from: fc.constant(NOWHERE), chunks: upTo(steps) })],
    [1, begun],
  );
  return fc
    .record({
      schedule: fc.noShrink(fc.nat()),
      settings,
      // Not biased towards few steps: nothing meets nothing in them.
      beginning: fc.noBias(beginning),
    })
    .map(({ schedule, settings: drawn, beginning: { from, chunks } }) => {
      const all = [...from.steps, ...chunks.flat()];
      const kept = all.filter(({ command: { do: what } }) => abilities.store || !OF_A_STORE.includes(what));
      return {
        schedule,
        settings: { ...drawn, ...from.settings, ...without(abilities), ...pinned },
        steps: kept.map((each) => (own ? forOwnAgent(each) : each)),
      };
    });
}

interface Beginning {
  readonly from: Constellation;
  readonly chunks: ReadonlyArray<readonly Step[]>;
}

const NOWHERE: Constellation = { settings: {}, steps: [] };

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
