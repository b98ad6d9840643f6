/** What a run is drawn from: commands with their arguments, and settings. */
import fc from 'fast-check';
import type { SessionConfig } from '../../data.ts';
import {
  type AgentAct,
  type Call,
  type Command,
  type Fault,
  type FaultKind,
  type HookPlan,
  INVALID_IDS,
  type Plan,
  type Settings,
  type Step,
  type StoreKind,
  VALID_IDS,
} from './scenario.ts';

/** Weighted alternatives. */
export function choose<T>(...choices: ReadonlyArray<readonly [weight: number, arbitrary: fc.Arbitrary<T>]>) {
  const weighted = choices.map(([weight, arbitrary]) => ({ weight, arbitrary }));
  return fc.oneof(...weighted);
}

export function pick<const T>(...values: readonly T[]): fc.Arbitrary<T> {
  return fc.constantFrom(...values);
}

/** Few ids, so that calls meet; an invalid one now and then. */
const id: fc.Arbitrary<string> = choose<string>(
  [24, pick('a')],
  [12, pick('b')],
  [3, pick(...VALID_IDS)],
  [1, pick(...INVALID_IDS)],
);
export const liveId: fc.Arbitrary<string> = choose<string>(
  [12, pick('a')],
  [6, pick('b')],
  [1, pick(...VALID_IDS)],
);
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
export const plan: fc.Arbitrary<Plan> = fc.record({
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

const back = choose<number | null>([1, pick(null)], [1, fc.nat({ max: 12 })]);
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

export const settings: fc.Arbitrary<Settings> = fc.record({
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
  store: choose<StoreKind>([4, pick('memory')], [4, pick('slow')], [1, pick('slow to read')]),
  pace: pick(9, 0, 1),
  curious: fc.boolean(),
});

export const step: fc.Arbitrary<Step> = fc.record({
  command,
  turn: choose<boolean>([3, pick(true)], [2, pick(false)]),
});
