/**
 * Runs that once broke a property, by the behaviour that was wrong. Seed and path say where each was found; the
 * scenario is kept whole, because a change of the generator gives every seed another meaning.
 */
import { PLAIN_PLAN } from './reactions.ts';
import type { Call, Command, Plan, Scenario, Settings, Step } from './scenario.ts';

export interface Regression {
  readonly name: string;
  readonly seed: number;
  readonly path: string;
  readonly scenario: Scenario;
}

const PLAIN: Settings = {
  restart: 'temporary',
  maxRestarts: 3,
  withinMs: 1000,
  backoffMs: 0,
  agent: false,
  hooks: false,
  files: false,
  initializeMs: 500,
  terminateMs: 200,
  config: {},
  maxSessions: null,
  maxPending: null,
  retainEvents: 10_000,
  startsAt: 1_700_000_000_000,
  reaction: 'none',
  store: 'memory',
  pace: 9,
  curious: true,
};

/** A step after which the event loop turns, unless it is put in brackets: then the next is in the same turn. */
type Line = Command | readonly [Command];

function scenarioOf(settings: Partial<Settings>, ...lines: readonly Line[]): Scenario {
  const steps = lines.map(
    (line): Step => ('do' in line ? { command: line, turn: true } : { command: line[0], turn: false }),
  );
  return { schedule: 1, settings: { ...PLAIN, ...settings }, steps };
}

function call(id: string, made: Call): Command {
  return { do: 'call', id, call: made, viaHandle: false };
}

function create(id: string, plan: Partial<Plan> = {}): Command {
  return call(id, { kind: 'create', plan: { ...PLAIN_PLAN, ...plan } });
}

function send(id: string): Command {
  return call(id, { kind: 'send', key: null, tokens: 1 });
}

function dispatch(id: string, act: 'crash' | 'finish'): Command {
  return call(id, { kind: 'dispatch', act });
}

const reopen: Command = { do: 'reopen' };
const close: Command = { do: 'close' };
const tick: Command = { do: 'tick' };
const die: Command = { do: 'crash', landed: 0, haunts: false };
const recover: Command = { do: 'recover', spoils: null };

function advance(ms: number): Command {
  return { do: 'advance', ms };
}

function refuse(what: 'append' | 'read'): Command {
  return { do: 'fault', fault: { what, times: 1, late: false, landed: false } };
}

export const regressions: readonly Regression[] = [
  {
    name: 'close settles a read of a file that is under way',
    seed: 1,
    path: '11:0:0:0:0:1:1:1:1:1:1:1:1:5:2:5:5:5:6:10:11:13:13:13:7:7:7:7:7:7',
    scenario: scenarioOf({ files: true }, create('a'), call('a', { kind: 'readFile', path: 'x.ts' }), reopen),
  },
  {
    name: 'a write that waits for a start is told that the start failed, not that it was itself too slow',
    seed: 6,
    path: '24:0:0:0:0:0:1:1:1:1:1:1:1:1:1:4:3:5:5:5:5:5:5:4:3:3:3',
    scenario: scenarioOf({ hooks: true }, create('a', { initialize: 'stubborn' }), send('a')),
  },
  {
    name: 'a write that waits for a start is not aborted by the signal of the create',
    seed: 7,
    path: '42:0:1:1:1:1:1:1:1:1:4:4:7:7:7:7:14:13:13:18:21:20:7:7:7:7:7:7:7:7',
    scenario: scenarioOf({ hooks: true }, create('a', { initialize: 'hang' }), send('a'), {
      do: 'abort',
      nth: 0,
    }),
  },
  {
    name: 'a replay misses nothing when retention cuts while it reads',
    seed: 2,
    path: '2:0:0:2:2:2:2:3:5:3:5:7:11:11:11:12:1:4:11:12:11:11:15:14:14:12:12:12:12:12:12:12:12',
    scenario: scenarioOf(
      { agent: true, retainEvents: 6 },
      create('a'),
      create('b'),
      [{ do: 'subscribe', topic: null, types: null, back: 4, fails: 'no', bySignal: false }],
      dispatch('a', 'crash'),
    ),
  },
  {
    name: 'what a look-up says of a completed agent is frozen',
    seed: 4,
    path: '85:1:2:2:2:2:2:2:2:2:3:5:5:5:5:5:5:11:10:10:10:5:5:5:5:5:5',
    scenario: scenarioOf({ agent: true, restart: 'permanent' }, create('a'), dispatch('a', 'finish')),
  },
  {
    name: 'a restart that waits is not lost when the manager closes',
    seed: 6,
    path: '35:3:2:2:2:2:2:2:2:5:3:6:6:6:6:13:12:14:14:15:8:8:8:8:8:8:8',
    scenario: scenarioOf(
      { restart: 'permanent', backoffMs: 20 },
      create('a'),
      call('a', { kind: 'kill' }),
      reopen,
    ),
  },
  {
    name: 'a stream that waits for a recovery ends when the manager closes',
    seed: 7,
    path: '171:0:0:0:0:0:0:0:0:0:0:0:0:0:1:1:0:3:10:10:9:10:15:8:8:8:8',
    scenario: scenarioOf({}, [reopen], [{ do: 'stream', topic: null, back: 0, buffer: null }], reopen),
  },
  {
    name: 'a write that changes nothing is activity all the same',
    seed: 2,
    path: '185:0:0:0:0:0:1:1:3:3:2:6:6:6:6:11:13:12:20:18:18:18:21:22:26:25:25:9:9:9:9:9:9:9',
    scenario: scenarioOf(
      { config: { idleAfterMs: 100 } },
      create('a'),
      call('a', { kind: 'cacheFile', path: 'x.ts' }),
      { do: 'advance', ms: 100 },
      call('a', { kind: 'delete', key: 'k' }),
    ),
  },
  {
    name: 'a restart that failed and waits to be tried again is not forgotten when the manager closes',
    seed: 43720847,
    path: '1223:1:2:3:3:3:3:4:4:4:7:5:5:11:11:11:12:12:16:15:16:15:7:17:17:24:23:28:30:29:30:30:24:24:24:24:24:24:24',
    scenario: scenarioOf(
      { restart: 'permanent', backoffMs: 20, hooks: true, config: { terminateAfterMs: 250 } },
      create('a'),
      call('a', { kind: 'kill' }),
      [{ do: 'advance', ms: 20 }],
      { do: 'advance', ms: 1000 },
      create('b', { initialize: 'stubborn' }),
      reopen,
    ),
  },
  {
    name: 'work in flight at a deadline is activity, also to who looks it up',
    seed: 449189632,
    path: '30:0:0:0:2:4:5:3:4:8:8:8:14:14:14:14:14:22:21:21:22:29:27:27:27:14:14:14:14:14',
    scenario: scenarioOf(
      { agent: true, hooks: true, config: { idleAfterMs: 100 } },
      [create('a')],
      [create('a')],
      [call('a', { kind: 'dispatch', act: 'emit' })],
      { do: 'advance', ms: 100 },
    ),
  },
  {
    name: 'a deadline that the store refused once is kept all the same',
    seed: 1,
    path: '1:0:0:0:0:0:0:0:1:1:1:1:3:4:2:6:6:6:12:5:3:7:7:7:7:10:6:11:14:12:14:13:13:13:14:12:5:6:6:6:6',
    scenario: scenarioOf(
      { config: { terminateAfterMs: 250 }, curious: false },
      create('a'),
      refuse('append'),
      advance(1000),
    ),
  },
  {
    name: 'a write that waits for a start is refused by a close that comes first',
    seed: 2,
    path: '62:0:0:0:0:0:0:0:0:2:4:2:4:3:7:7:7:7:7:20:20:20:22:27:26:26:26:26:26:29:27:28:28:28:14:14:14',
    scenario: scenarioOf(
      { store: 'slow', pace: 1, curious: false },
      create('a'),
      tick,
      create('a'),
      call('a', { kind: 'put', key: 'k' }),
      close,
    ),
  },
  {
    name: 'a close settles creates and listings that wait for the store',
    seed: 2,
    path: '62:0:0:0:0:0:0:0:0:2:4:2:4:3:7:7:7:7:7:20:20:20:26:26:26:26:26:26:33:39:39:39:39:39:39:44:45',
    scenario: scenarioOf(
      { store: 'slow', pace: 0, curious: false },
      create('a'),
      { do: 'quiesce' },
      reopen,
      { do: 'quiesce' },
      [create('b')],
      call('b', { kind: 'list' }),
      close,
    ),
  },
  {
    name: 'a write that waits for a start which the store refuses is told that the start failed',
    seed: 4,
    path: '164:0:1:1:1:1:1:3:2:2:4:8:8:8:11:12:9:10:5:12:13:12:24:20:17:15:25:25:25',
    scenario: scenarioOf(
      { hooks: true },
      create('a', { initialize: 'slow' }),
      { do: 'fault', fault: { what: 'poison', times: 1, late: false, landed: false } },
      send('a'),
      advance(250),
      advance(250),
    ),
  },
  {
    name: 'a dispatch whose wake the store refuses is not heard, and rejects nothing that nobody handles',
    seed: 11,
    path: '613:0:1:1:2:2:2:2:2:2:2:5:3:4:8:8:8:8:8:8:8:12:12:16:14:22:20:20:20:20:20:9:8',
    scenario: scenarioOf(
      { agent: true, config: { idleAfterMs: 100 } },
      create('b'),
      advance(100),
      refuse('append'),
      dispatch('b', 'crash'),
    ),
  },
  {
    name: 'a close settles a dispatch that waits for its agent to be written down',
    seed: 1,
    path: '153:0:1:1:1:1:1:1:1:1:3:2:2:3:7:7:7:12:16:14:15:22:9:9:9:9:9:9:9',
    scenario: scenarioOf(
      { agent: true },
      create('b'),
      [call('b', { kind: 'dispatch', act: 'emit' })],
      reopen,
    ),
  },
  {
    name: 'what the store refuses has not changed the cache',
    seed: 26,
    path: '813:0:0:0:0:0:1:1:1:6:2:6:6:6:6:14:12:19:18:18:18:18:21:21:33:17:17:17:17:17:17:17',
    scenario: scenarioOf(
      { config: { idleAfterMs: 100 } },
      create('a'),
      advance(100),
      refuse('append'),
      call('a', { kind: 'cacheFile', path: 'x.ts' }),
      call('a', { kind: 'readFile', path: 'x.ts' }),
    ),
  },
  {
    name: 'an agent that completed is started again though the store refused it once, over a crash too',
    seed: 43,
    path: '28:1:1:2:2:2:2:2:2:2:2:5:3:3:7:7:7:7:10:15:14:16:18:13:21:20:20:21:19:19:17:19:18:18:10:10',
    scenario: scenarioOf(
      { agent: true, restart: 'permanent', curious: false },
      create('a'),
      refuse('append'),
      dispatch('a', 'finish'),
      die,
      recover,
    ),
  },
  {
    name: 'a call from a listener does not overtake those that wait for the recovery',
    seed: 1339433090,
    path: '1576:0:0:0:0:0:0:1:1:1:2:5:3:2:3:7:7:7:7:7:11:12:14:31:42:41:47:60:38:38:38:38:38:38:38:38',
    scenario: scenarioOf(
      { config: { idleAfterMs: 100 }, reaction: 'send on active' },
      create('a'),
      die,
      advance(250),
      [recover],
      [call('a', { kind: 'put', key: 'k' })],
      send('a'),
    ),
  },
  {
    name: 'a dispatch is not acknowledged when its agent fails before it was written down',
    seed: 813331872,
    path: '2671:1:1:3:3:3:3:5:5:9:5:7:8:7:11:11:11:17:17:17:17:17:17:17:24:23:23:31:31:31:31:31:35:38:36',
    scenario: scenarioOf(
      { agent: true, store: 'slow', pace: 0, curious: false },
      create('a'),
      ...[tick, tick, tick, tick],
      call('a', { kind: 'dispatch', act: 'emit' }),
      dispatch('a', 'crash'),
      ...[tick, tick, tick],
      die,
    ),
  },
];
