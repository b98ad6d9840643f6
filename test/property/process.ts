/** One life of the process: a manager on the store, and all that dies with it. */
import { type AgentLogic, agentLogic, Roster } from './agent.ts';
import type { Engine, Manager } from './engine.ts';
import { HookRuns, hooksOf, writeFromAgent } from './hooks.ts';
import type { TestClock } from './ports.ts';
import type { Connection } from './store.ts';
import type { World } from './world.ts';

export class Process {
  readonly generation: number;
  readonly clock: TestClock;
  readonly connection: Connection;
  readonly roster: Roster;
  readonly hooks = new HookRuns();
  readonly manager: Manager;
  /** `refused`: its manager did not get at the store, and takes no calls. */
  phase: 'opening' | 'ready' | 'refused' | 'dead' = 'opening';
  closing: Promise<void> | undefined;

  constructor(world: World, engine: Engine, previous: Process | undefined) {
    this.generation = (previous?.generation ?? 0) + 1;
    this.clock = world.clock;
    this.connection = world.medium.connect();
    this.roster = new Roster(previous?.roster.completed);
    this.manager = openManager(world, this, engine);
  }

  get dead(): boolean {
    return this.phase === 'dead';
  }
}

function openManager(world: World, process: Process, engine: Engine): Manager {
  const { settings } = world;
  return engine.createSessionManager({
    store: process.connection,
    clock: process.clock,
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
    ...(settings.agent && { agent: agentOf(world, process) }),
    generateId: () => world.nextId(),
    logger: () => {},
  });
}

function agentOf(world: World, process: Process): AgentLogic {
  return agentLogic(process.roster, {
    onStart: (id, turns) => {
      if (process.dead) return;
      world.watchFor(() => world.agents.checkStart(world.originOf(id), turns));
      if (!world.startFails(id)) return;
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
  });
}
