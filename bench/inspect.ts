/** What looking costs: the same work with the inspector off, with a viewer, and with something looked at. */
import { createInspector } from '@statelyai/inspect';
import { SimulatedClock, setup } from 'xstate';
import type { Clock } from '../src/clock.ts';
import { createSessionManager, type SessionManager } from '../src/index.ts';
import { Inspection } from '../src/inspect/inspection.ts';
import type { InspectorMessage, Subject } from '../src/inspect/protocol.ts';
import {
  type Benchmark,
  type Contender,
  compare,
  interleave,
  type Options,
  type Row,
  turn,
} from './harness.ts';
import { idOf } from './populations.ts';

const SESSIONS = 1_000;
const SENT = 10_000;
const ROUNDS = 15;
/** What `performance.md` of the design allows for sessions that nobody looks at. */
const GOAL = 1.3;
const TEXT = 'twenty characters ok';
/** Of the inspector, and how many events there are between two at 1,000 a second. */
const TURN_MS = 100;
const PER_TURN = 100;
/** Looked at by one of the contenders, and never touched. */
const QUIET: Subject = 'session/quiet';

const OFF = 'off';
const ATTACHED = 'a viewer';
const ELSEWHERE = 'looking elsewhere';
const LOOKED = 'looked at';

const agent = setup({ types: {} as { events: { type: 'step' } } }).createMachine({
  id: 'agent',
  initial: 'one',
  states: { one: { on: { step: 'two' } }, two: { on: { step: 'one' } } },
});
type Manager = SessionManager<{ type: 'step' }>;

export const inspect: Benchmark = {
  name: 'inspect',
  title: 'the inspector: off, with a viewer, looked at; bytes on the wire',
  heap: 'quiet',
  async run(options) {
    const sessions = options.quick ? 10 : SESSIONS;
    const managers = await Promise.all(
      [OFF, ATTACHED, ELSEWHERE, LOOKED].map(async (name) => [name, await makeManager(sessions)] as const),
    );
    const wires = managers.map(([name, manager]) => watch(name, manager));
    const rows = [
      ...(await timed('send', managers, options, (manager, id) => manager.sendMessage(id, 'user', TEXT))),
      ...(await timed('dispatch', managers, options, (manager, id) =>
        manager.session(id).dispatch({ type: 'step' }),
      )),
    ];
    for (const wire of wires) wire.close();
    await Promise.all(managers.map(([, manager]) => manager.close()));
    return [...rows, ...(await bytesOnTheWire(sessions, options))];
  },
};

async function makeManager(sessions: number, settings: object = {}): Promise<Manager> {
  const manager = createSessionManager({ agent, ...settings });
  for (let index = 0; index < sessions; index += 1) await manager.createSession({ id: idOf(index) });
  await manager.createSession({ id: 'quiet' });
  return manager;
}

/** What one viewer would be sent: its texts are made, as for a socket, and counted. */
function watch(name: string, manager: Manager, clock?: Clock) {
  const wire = { bytes: 0, close: () => {} };
  if (name === OFF) return wire;
  const inspection = new Inspection(manager, { clock });
  const send = (message: InspectorMessage) => {
    wire.bytes += Buffer.byteLength(JSON.stringify(message));
    return true;
  };
  const viewer = inspection.connect({ send, close: () => {} });
  if (name === ELSEWHERE) viewer.receive({ type: 'look', subject: QUIET });
  if (name === LOOKED) viewer.receive({ type: 'look', subject: `session/${idOf(0)}` });
  wire.close = () => inspection.close();
  return wire;
}

/** To all sessions in turn; where one is looked at, to that one. */
async function timed(
  what: string,
  managers: ReadonlyArray<readonly [string, Manager]>,
  options: Options,
  work: (manager: Manager, id: string) => Promise<unknown>,
): Promise<Row[]> {
  const [ops, rounds, busy] = options.quick ? [20, 1, 10] : [SENT, ROUNDS, SESSIONS];
  const contenders = managers.map(
    ([name, manager]): Contender => ({
      name,
      ops,
      async run() {
        for (let index = 0; index < ops; index += 1) {
          await work(manager, idOf(name === LOOKED ? 0 : index % busy));
          // The inspector has its turns too, as it would in a program that waits for something.
          if (index % 500 === 499) await turn();
        }
      },
    }),
  );
  const sample = await interleave(contenders, rounds, options);
  return [
    compare(`${what} with a viewer`, sample, ATTACHED, OFF, GOAL),
    compare(`  while another session is looked at`, sample, ELSEWHERE, OFF, GOAL),
    compare(`  to the one that is looked at`, sample, LOOKED, OFF),
  ];
}

/** The same life of all sessions, 1,000 events in a second, told by ours and by the stock inspector. */
async function bytesOnTheWire(sessions: number, options: Options): Promise<Row[]> {
  options.say('bytes on the wire');
  const stock = { bytes: 0 };
  const count = (event: object) => {
    stock.bytes += Buffer.byteLength(JSON.stringify(event));
  };
  const inspector = createInspector({ send: count });
  const told = await makeManager(sessions, { inspect: inspector.inspect });
  stock.bytes = 0;
  const theirs = await live(told, sessions);
  await told.close();

  const manager = await makeManager(sessions);
  const clock = new SimulatedClock();
  const wire = watch(LOOKED, manager, clock);
  await turn();
  clock.increment(TURN_MS);
  wire.bytes = 0;
  const ours = await live(manager, sessions, () => clock.increment(TURN_MS));
  wire.close();
  await manager.close();
  return [
    {
      what: `an event of ${sessions.toLocaleString('en-US')} sessions on the wire, one looked at`,
      unit: 'B',
      ours: wire.bytes / ours,
      peer: '@statelyai/inspect',
      theirs: stock.bytes / theirs,
    },
  ];
}

/** Returns how many events that was: every other one a message, every other one an event for the agent. */
async function live(manager: Manager, sessions: number, passed = () => {}): Promise<number> {
  const events = sessions * 10;
  for (let index = 0; index < events; index += 1) {
    const id = idOf(index % sessions);
    if (Math.floor(index / sessions) % 2 === 0) await manager.sendMessage(id, 'user', TEXT);
    else await manager.session(id).dispatch({ type: 'step' });
    if (index % PER_TURN === PER_TURN - 1) passed();
  }
  return events;
}
