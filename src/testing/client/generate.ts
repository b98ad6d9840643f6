/** The generator of runs. Plain choices come first, because a failure is shrunk towards them. */
import fc from 'fast-check';
import type { SessionConfig } from '../../data.ts';
import { PLAIN_PLAN } from './reactions.ts';
import {
  type AgentAct,
  type Call,
  type Command,
  type Fault,
  type FaultKind,
  type HookPlan,
  INVALID_IDS,
  type Plan,
  type Scenario,
  type Settings,
  type Step,
  VALID_IDS,
} from './scenario.ts';
import type { Abilities, AgentEvent } from './subject.ts';

/** Weighted alternatives, the first the simplest. */
function choose<T>(...choices: ReadonlyArray<readonly [weight: number, arbitrary: fc.Arbitrary<T>]>) {
  const weighted = choices.map(([weight, arbitrary]) => ({ weight, arbitrary }));
  return fc.oneof({ withCrossShrink: true }, ...weighted);
}

function pick<const T>(...values: readonly T[]): fc.Arbitrary<T> {
  return fc.constantFrom(...values);
}

/** Few ids, so that calls meet; an invalid one now and then. */
const id: fc.Arbitrary<string> = choose<string>(
  [24, pick('a')],
  [12, pick('b')],
  [3, pick(...VALID_IDS)],
  [1, pick(...INVALID_IDS)],
);
const liveId: fc.Arbitrary<string> = choose<string>([12, pick('a')], [6, pick('b')], [1, pick(...VALID_IDS)]);
const topic = fc.option(liveId, { nil: null });
const key = pick('k', 'toString');
const path = pick('x.ts', 'y.ts', 'z.ts');

const hookPlan: fc.Arbitrary<HookPlan> = choose<HookPlan>(
  [12, pick('ok')],
  [9, pick('slow')],
  [1, pick('writes')],
  [2, pick('late')],
  [1, pick('fail')],
  [1, pick('failNow')],
  [1, pick('hang')],
  [1, pick('stubborn')],
);
const plan: fc.Arbitrary<Plan> = fc.record({
  initialize: hookPlan,
  again: hookPlan,
  cleanup: hookPlan,
  brittle: choose<number>([12, pick(0)], [1, pick(1, 2)]),
});
const act: fc.Arbitrary<AgentAct> = choose<AgentAct>(
  [4, pick('crash')],
  [2, pick('emit', 'write', 'job')],
  [1, pick('finish', 'forged')],
);

const create = fc.record({ kind: pick('create', 'getOrCreate'), plan });
const ending: fc.Arbitrary<Call> = choose<Call>(
  [
    3,
    fc.record({
      kind: pick('terminate'),
      timeoutMs: choose<number | null>([4, pick(null)], [1, pick(0, 20)]),
    }),
  ],
  [2, pick({ kind: 'kill' })],
);
const sending: fc.Arbitrary<Call> = fc.record({
  kind: pick('send'),
  key: choose<string | null>([3, pick(null)], [1, key]),
  tokens: choose<number>([5, pick(1)], [2, pick(4, 9)], [1, pick(30)]),
});
const contextCall: fc.Arbitrary<Call> = choose<Call>(
  [3, fc.record({ kind: pick('put'), key })],
  [2, fc.record({ kind: pick('get', 'delete'), key })],
  [5, fc.record({ kind: pick('addFile'), path })],
  [2, fc.record({ kind: pick('removeFile'), path })],
  [2, fc.record({ kind: pick('updateIndex'), path, key })],
  [1, pick({ kind: 'clear' })],
  [2, fc.record({ kind: pick('history', 'snapshot', 'keys', 'files', 'fileIndex', 'info') })],
);
const cacheCall: fc.Arbitrary<Call> = choose<Call>(
  [3, fc.record({ kind: pick('cacheFile', 'readFile'), path })],
  [1, fc.record({ kind: pick('invalidate'), path })],
  [1, fc.record({ kind: pick('clearCache', 'cacheStats') })],
);
const savingCall: fc.Arbitrary<Call> = choose<Call>(
  [5, pick({ kind: 'save' })],
  [4, pick({ kind: 'restore' })],
  [1, pick({ kind: 'deleteSaved' })],
  [1, pick({ kind: 'listSaved' })],
  [2, pick({ kind: 'list' })],
);

function calls(ids: fc.Arbitrary<string>, call: fc.Arbitrary<Call>): fc.Arbitrary<Command> {
  return fc.record({ do: pick('call'), id: ids, call, viaHandle: fc.boolean() });
}

const fault: fc.Arbitrary<Fault> = fc.record({
  what: choose<FaultKind>([6, pick('append')], [2, pick('snapshot')], [2, pick('read')], [1, pick('poison')]),
  times: pick(1, 2, 3),
  late: fc.boolean(),
  landed: fc.boolean(),
});

const back = fc.option(fc.nat({ max: 12 }), { nil: null });
const command: fc.Arbitrary<Command> = choose<Command>(
  [40, calls(id, create)],
  [9, calls(id, ending)],
  [16, calls(liveId, sending)],
  [9, calls(liveId, fc.record({ kind: pick('dispatch'), act }))],
  [20, calls(liveId, contextCall)],
  [9, calls(liveId, cacheCall)],
  [10, calls(liveId, savingCall)],
  [3, fc.record({ do: pick('sends'), id: liveId, callers: pick(2, 3), key: fc.option(key, { nil: null }) })],
  [20, pick({ do: 'tick' })],
  [5, pick({ do: 'quiesce' })],
  [12, fc.record({ do: pick('advance'), ms: choose<number>([3, pick(20, 1)], [1, pick(100, 250, 1000)]) })],
  [2, fc.record({ do: pick('touch'), path })],
  [3, pick({ do: 'reopen' })],
  [3, fc.record({ do: pick('crash'), landed: fc.nat({ max: 15 }), haunts: fc.boolean() })],
  [2, fc.record({ do: pick('recover'), spoils: choose<string | null>([4, pick(null)], [1, liveId]) })],
  [2, fc.record({ do: pick('fault'), fault })],
  [1, pick({ do: 'close' })],
  [
    3,
    fc.record({
      do: pick('subscribe'),
      topic,
      types: choose<readonly ('session_status' | 'conversation_added')[] | null>(
        [3, pick(null)],
        [1, pick(['session_status'], ['conversation_added', 'session_status'])],
      ),
      back,
      fails: choose<'no' | 'throws' | 'rejects'>([3, pick('no')], [1, pick('throws', 'rejects')]),
      bySignal: fc.boolean(),
    }),
  ],
  [
    3,
    fc.record({
      do: pick('stream'),
      topic,
      back,
      buffer: choose<number | null>([3, pick(null)], [1, pick(2)]),
      slow: choose<boolean>([2, pick(false)], [1, pick(true)]),
    }),
  ],
  [2, fc.record({ do: pick('unsubscribe', 'leave', 'abort'), nth: fc.nat({ max: 3 }) })],
);

/** Mostly absent, so that sessions live long enough to meet something. */
function sometimes<T>(...values: readonly T[]): fc.Arbitrary<T | undefined> {
  return choose<T | undefined>([2, fc.constant(undefined)], [1, pick(...values)]);
}

/** A session sleeps only after it has idled. */
const naps: fc.Arbitrary<Partial<SessionConfig>> = choose<Partial<SessionConfig>>(
  [3, fc.constant({})],
  [1, fc.record({ idleAfterMs: pick(100, 20), sleepAfterMs: pick(150, 1) })],
);
const config: fc.Arbitrary<Partial<SessionConfig>> = fc
  .record({
    naps,
    maxMessages: sometimes(3),
    maxTokens: sometimes(12),
    maxFiles: sometimes(2, 1),
    idleAfterMs: sometimes(100),
    sleepAfterMs: sometimes(150, 1),
    terminateAfterMs: sometimes(250, 1000),
  })
  .map(({ naps: nap, ...limits }) => ({
    ...Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined)),
    ...nap,
  }));

const settings: fc.Arbitrary<Settings> = fc.record({
  restart: pick('temporary', 'transient', 'permanent'),
  maxRestarts: pick(3, 1, 0, 2),
  withinMs: pick(1000, 100),
  backoffMs: pick(0, 20),
  agent: fc.boolean(),
  agentStarts: fc.boolean(),
  hooks: fc.boolean(),
  files: fc.boolean(),
  initializeMs: pick(500),
  terminateMs: pick(200),
  config,
  maxSessions: choose<number | null>([5, pick(null)], [1, pick(1, 2)]),
  maxPending: choose<number | null>([8, pick(null)], [1, pick(2)]),
  retainEvents: choose<number>([4, pick(10_000)], [1, pick(6)]),
  startsAt: pick(1_700_000_000_000, 0),
  reaction: choose<Settings['reaction']>(
    [6, pick('none')],
    [2, pick('send on active', 'terminate on terminating', 'create on terminated', 'kill on crash')],
  ),
  store: pick('memory', 'slow'),
  pace: pick(9, 0, 1),
  curious: fc.boolean(),
});

const step: fc.Arbitrary<Step> = fc.record({
  command,
  turn: choose<boolean>([3, pick(true)], [2, pick(false)]),
});

/** What takes several steps in a row to come about, and seldom would by itself. */
const story: fc.Arbitrary<readonly Step[]> = fc
  .record({ id: liveId, plan, landed: fc.nat({ max: 15 }), haunts: fc.boolean() })
  .chain(({ id: who, plan: how, landed, haunts }) => {
    const ask = (call: Call): Step => ({
      command: { do: 'call', id: who, call, viaHandle: false },
      turn: true,
    });
    const rest: Step = { command: { do: 'quiesce' }, turn: true };
    const end = ask({ kind: 'terminate', timeoutMs: null });
    const begin = ask({ kind: 'create', plan: how });
    const frail = ask({ kind: 'create', plan: { ...how, again: 'failNow' } });
    const say = ask({ kind: 'send', key: null, tokens: 1 });
    // Its cleanup writes once it is let go on, when its session may have started again.
    const lingering = ask({ kind: 'create', plan: { ...how, initialize: 'ok', cleanup: 'late' } });
    const kill = ask({ kind: 'kill' });
    const keyed = ask({ kind: 'send', key: 'k', tokens: 1 });
    // Whoever has nothing to do idles after 100 ms, sleeps after 150 and ends after 250 or 1,000, if at all.
    const late: Step = { command: { do: 'advance', ms: 100 }, turn: true };
    const nap: Step = { command: { do: 'advance', ms: 20 }, turn: true };
    const longer: Step = { command: { do: 'advance', ms: 1000 }, turn: true };
    const other: Step = {
      command: { do: 'call', id: 'b', call: { kind: 'create', plan: PLAIN_PLAN }, viaHandle: false },
      turn: true,
    };
    const deaf: Step = {
      command: { do: 'fault', fault: { what: 'read', times: 1, late: haunts, landed: false } },
      turn: true,
    };
    const emit = ask({ kind: 'dispatch', act: 'emit' });
    const refuse: Step = {
      command: { do: 'fault', fault: { what: 'append', times: 1, late: haunts, landed: false } },
      turn: true,
    };
    const index = (key: string): Step => ask({ kind: 'updateIndex', path: 'x.ts', key });
    const indexOf = ask({ kind: 'fileIndex' });
    const touch: Step = { command: { do: 'touch', path: 'x.ts' }, turn: true };
    const read = ask({ kind: 'readFile', path: 'x.ts' });
    const put = ask({ kind: 'cacheFile', path: 'x.ts' });
    const save = (key: string): Step => ({ ...ask({ kind: 'put', key }), turn: false });
    const remove = (key: string): Step => ({ ...ask({ kind: 'delete', key }), turn: false });
    const crash = ask({ kind: 'dispatch', act: 'crash' });
    const die: Step = { command: { do: 'crash', landed, haunts }, turn: true };
    const back: Step = { command: { do: 'recover', spoils: null }, turn: true };
    const pause: Step = { command: { do: 'advance', ms: 20 }, turn: true };
    const wait: Step = { command: { do: 'advance', ms: 250 }, turn: true };
    return pick<readonly Step[]>(
      [end, rest, begin],
      [say, ask({ kind: 'save' }), end, rest, ask({ kind: 'restore' })],
      [crash, rest, crash, rest, crash],
      [touch, read, { ...put, turn: false }, rest, read],
      [begin, { command: { do: 'abort', nth: 0 }, turn: true }],
      [{ ...say, turn: false }, die, back],
      [say, { ...die, turn: false }, wait, back],
      [die, { ...back, turn: false }, { ...die, turn: false }, back, rest],
      [wait, rest, wait, rest, { ...say, turn: false }, ask({ kind: 'list' })],
      [put, wait, rest, wait, rest, read, say],
      [save('k'), save('toString'), remove('k'), save('k'), rest],
      [frail, rest, crash, rest, pause, rest, die, back],
      [{ ...say, turn: false }, { ...end, turn: false }, say],
      [end, rest, lingering, crash, kill, rest],
      [end, rest, begin, rest, late, wait, rest, deaf, longer, rest, longer, rest],
      [begin, nap, other, rest, late, wait, ...Array.from({ length: 15 }, () => nap)],
      [end, rest, begin, rest, crash, rest, late, nap, nap, ask({ kind: 'info' }), crash, rest],
      [begin, rest, late, wait, rest, { ...say, turn: false }, { ...say, turn: false }, say, rest],
      [begin, keyed, ask({ kind: 'save' }), end, rest, ask({ kind: 'restore' }), rest, keyed],
      [begin, rest, keyed, late, wait, rest, keyed],
      [
        end,
        rest,
        begin,
        rest,
        emit,
        late,
        ...Array.from({ length: 3 }, (): Step => ({ command: { do: 'tick' }, turn: true })),
      ],
      [begin, rest, emit, die, back, rest, ask({ kind: 'info' }), emit],
      [begin, rest, refuse, emit, die, back, rest, ask({ kind: 'info' })],
      [begin, rest, emit, crash, rest, { ...die, turn: false }, back, rest, ask({ kind: 'info' })],
      [{ ...index('k'), turn: false }, { ...index('toString'), turn: false }, rest, indexOf],
      [
        end,
        rest,
        { ...begin, turn: false },
        { ...index('k'), turn: false },
        index('toString'),
        rest,
        indexOf,
      ],
    );
  });

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
