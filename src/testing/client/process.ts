/** One life of the process: a client on the store, and all that dies with it. */
import type { SessionManagerOptions } from '../../options.ts';
import { type AgentLogic, type AgentPlan, agentLogic, Roster } from './agent.ts';
import type { Connection } from './connection.ts';
import type { TestEnv } from './env.ts';
import { HookRuns, hooksOf, writeFromAgent } from './hooks.ts';
import { watchedAgent } from './own-agent.ts';
import type { TestClock } from './ports.ts';
import type { Client, Subject } from './subject.ts';
import type { World } from './world.ts';

export class Process {
  readonly generation: number;
  readonly clock: TestClock;
  readonly connection: Connection;
  readonly roster: Roster;
  readonly hooks = new HookRuns();
  /** `refused`: its client did not get at the store, and takes no calls. */
  phase: 'opening' | 'ready' | 'refused' | 'dead' = 'opening';
  closing: Promise<void> | undefined;
  readonly #world: World;
  #client: Client | undefined;

  constructor(world: World, previous: Process | undefined) {
    this.#world = world;
    this.generation = (previous?.generation ?? 0) + 1;
    this.clock = world.clock;
    this.connection = world.medium.connect();
    this.roster = new Roster((violation) => this.dead || world.fail(violation), previous?.roster.completed);
  }

  /** Makes the client; at once where it is made at once. */
  open(subject: Subject): void | Promise<void> {
    const opened = (client: unknown): void => {
      this.#client = checkClient(client);
    };
    const made: unknown = subject.create(envOf(this.#world, this, subject));
    if (!(made instanceof Promise)) return opened(made);
    return this.#world.withStore(made.then(opened));
  }

  get manager(): Client {
    if (!this.#client) throw new Error('the client is asked before it is made');
    return this.#client;
  }

  get dead(): boolean {
    return this.phase === 'dead';
  }
}

const METHODS: ReadonlyArray<keyof Client> = [
  'createSession',
  'getOrCreateSession',
  'terminateSession',
  'killSession',
  'listSessions',
  'getSessionInfo',
  'session',
  'sendMessage',
  'subscribeToSession',
  'subscribeToAllSessions',
  'events',
  'saveSession',
  'restoreSession',
  'listSavedSessions',
  'deleteSavedSession',
  'close',
];

function checkClient(made: unknown): Client {
  const client = (made ?? {}) as Client;
  const missing = METHODS.filter((name) => typeof client[name] !== 'function');
  if (missing.length === 0) return client;
  const some = missing.slice(0, 5).join(', ');
  throw new TypeError(
    `What was made is no SessionClient: it has no ${some}${missing.length > 5 ? ', …' : ''}.`,
  );
}

function envOf(world: World, process: Process, subject: Subject): TestEnv {
  const generateId = () => world.nextId();
  const { clock, connection: store, generation } = process;
  const options = { ...optionsOf(world, process, subject), store, clock, generateId };
  return { options, clock, generateId, store, process: generation };
}

function optionsOf(world: World, process: Process, subject: Subject): SessionManagerOptions<AgentLogic> {
  const { settings } = world;
  return {
    supervision: {
      restart: settings.restart,
      maxRestarts: settings.maxRestarts,
      withinMs: settings.withinMs,
      backoffMs: settings.backoffMs,
    },
    timeouts: { initializeMs: settings.initializeMs, terminateMs: settings.terminateMs },
    sessionDefaults: settings.config,
    limits: {
      ...(settings.maxSessions !== null && { maxSessions: settings.maxSessions }),
      ...(settings.maxPending !== null && { maxPending: settings.maxPending }),
    },
    ...(settings.hooks && { hooks: hooksOf(world, process) }),
    ...(settings.files && { files: world.disk }),
    ...(settings.agent && { agent: agentOf(world, process, subject) }),
    logger: () => {},
  };
}

function agentOf(world: World, process: Process, { agent }: Subject): AgentLogic {
  if (agent) return watchedAgent(agent, process) as unknown as AgentLogic;
  const plan: AgentPlan = {
    onStart: (id, turns) => {
      if (process.dead) return;
      world.watchFor(() => world.agents.checkStart(world.originOf(id), turns));
      if (!world.settings.agentStarts || !world.startFails(id)) return;
      process.roster.fault(id);
      throw new Error(`agent of ${id} does not start`);
    },
    heard: (n, id, turns) => {
      if (process.dead) return;
      const origin = world.originOf(id);
      world.agents.hear(n, origin, turns);
      if (origin) origin.life.heardAtMs = process.clock.now();
    },
    write: (input) => writeFromAgent(world, process, input),
    job: (id) => world.gates.wait(`job of ${id}`),
  };
  return agentLogic(process.roster, plan, world.settings.agentStarts);
}
