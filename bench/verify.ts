import fc from 'fast-check';
import { createActor, setup } from 'xstate';
import { createSessionManager, memoryStore, type SessionManager } from '../src/index.ts';
import { probe } from '../src/testing/client/abilities.ts';
import { scenarios } from '../src/testing/client/generate.ts';
import { planOf } from '../src/testing/client/options.ts';
import { runTwice } from '../src/testing/client/run.ts';
import type { Scenario } from '../src/testing/client/scenario.ts';
import { type TestEnv, verifyMachine } from '../src/testing/index.ts';
import { type Benchmark, interleave, type Options, type Row } from './harness.ts';

const COMMANDS = 20;
const PER_MINUTE = 60e6;
/** Complete runs of 20 commands in a minute, on two cores. */
const GOAL = 1_000;

export const verify: Benchmark = {
  name: 'verify',
  title: 'random runs of the verification kit',
  heap: 'usual',
  run: async (options) => [...(await clientRows(options)), ...(await machineRows(options))],
};

async function clientRows(options: Options): Promise<Row[]> {
  const runs = options.quick ? 2 : 60;
  const rounds = options.quick ? 1 : 5;
  const { subject: asked } = planOf(({ options: own }: TestEnv) => createSessionManager(own), { seed: 1 });
  const subject = { ...asked, abilities: await probe(asked) };
  const chosen = await scenariosOf(subject.abilities, runs);
  const sampleOf = await interleave(
    [
      {
        name: 'ours',
        ops: runs,
        async run() {
          for (const scenario of chosen) await runTwice(subject, scenario);
        },
      },
      { name: 'model runner', ops: runs, run: () => modelRuns(runs) },
    ],
    rounds,
    options,
  );
  const [ours, theirs] = [sampleOf('ours'), sampleOf('model runner')];
  return [
    {
      what: `complete runs of ${COMMANDS} commands`,
      unit: '/min',
      ours: PER_MINUTE / ours.wall,
      oursCpu: PER_MINUTE / ours.cpu,
      goal: GOAL,
      rate: true,
    },
    {
      what: '  each made twice, all invariants checked',
      unit: '/min',
      ours: PER_MINUTE / ours.wall,
      oursCpu: PER_MINUTE / ours.cpu,
      peer: "fast-check's model runner, none",
      theirs: PER_MINUTE / theirs.wall,
      theirsCpu: PER_MINUTE / theirs.cpu,
      rate: true,
    },
  ];
}

/** Generated runs, cut to exactly so many commands. */
async function scenariosOf(
  abilities: Parameters<typeof scenarios>[0]['abilities'],
  wanted: number,
): Promise<Scenario[]> {
  const arbitrary = scenarios({ abilities, steps: 4 * COMMANDS, pinned: {}, agentEvents: undefined });
  return fc
    .sample(arbitrary, { seed: 1, numRuns: 4 * wanted })
    .filter(({ steps }) => steps.length >= COMMANDS)
    .slice(0, wanted)
    .map((scenario) => ({ ...scenario, steps: scenario.steps.slice(0, COMMANDS) }));
}

/** The same kind of work as fast-check alone would do it: one command after the other, nothing compared. */
async function modelRuns(runs: number): Promise<void> {
  class Ask {
    readonly #ask: (manager: SessionManager) => Promise<unknown>;
    constructor(ask: (manager: SessionManager) => Promise<unknown>) {
      this.#ask = ask;
    }
    check = () => true;
    async run(_model: object, manager: SessionManager): Promise<void> {
      await this.#ask(manager).catch(() => {});
    }
    toString = () => 'ask';
  }
  const id = fc.constantFrom('a', 'b', 'c');
  const commands = fc.commands(
    [
      id.map((each) => new Ask((manager) => manager.createSession({ id: each }))),
      id.map((each) => new Ask((manager) => manager.sendMessage(each, 'user', 'text'))),
      id.map((each) => new Ask((manager) => manager.session(each).context.put('k', 1))),
      id.map((each) => new Ask((manager) => manager.terminateSession(each))),
    ],
    { maxCommands: COMMANDS, size: 'max' },
  );
  for (const sample of fc.sample(commands, { seed: 1, numRuns: runs })) {
    const manager = createSessionManager({ store: memoryStore() }) as SessionManager;
    await fc.asyncModelRun(() => ({ model: {}, real: manager }), sample);
    await manager.close();
  }
}

const order = setup({}).createMachine({
  id: 'order',
  initial: 'open',
  states: {
    open: { on: { pay: 'paid', cancel: 'cancelled' } },
    paid: { on: { ship: 'shipped', refund: 'refunding' } },
    refunding: { after: { 1000: 'cancelled' }, on: { hurry: 'cancelled' } },
    shipped: { on: { return: 'refunding', keep: 'kept' } },
    kept: { type: 'final' },
    cancelled: { on: { reopen: 'open' } },
  },
});

async function machineRows(options: Options): Promise<Row[]> {
  const runs = options.quick ? 5 : 500;
  const types = ['pay', 'cancel', 'ship', 'refund', 'hurry', 'return', 'keep', 'reopen'] as const;
  const sampleOf = await interleave(
    [
      { name: 'ours', ops: runs, run: () => verifyMachine(order, { runs, steps: COMMANDS, seed: 1 }) },
      {
        name: 'actors',
        ops: runs,
        run: () =>
          fc.assert(
            fc.property(fc.array(fc.constantFrom(...types), { maxLength: COMMANDS }), (events) => {
              const actor = createActor(order).start();
              for (const type of events) actor.send({ type });
              actor.stop();
            }),
            { numRuns: runs, seed: 1 },
          ),
      },
    ],
    options.quick ? 1 : 5,
    options,
  );
  const [ours, theirs] = [sampleOf('ours'), sampleOf('actors')];
  return [
    {
      what: `runs of a machine, up to ${COMMANDS} steps`,
      unit: '/min',
      ours: PER_MINUTE / ours.wall,
      oursCpu: PER_MINUTE / ours.cpu,
      peer: 'bare actors, nothing checked',
      theirs: PER_MINUTE / theirs.wall,
      theirsCpu: PER_MINUTE / theirs.cpu,
      rate: true,
    },
  ];
}
