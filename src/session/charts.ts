import type { AnyActorLogic, AnyActorRef, SnapshotFrom } from 'xstate';
import { compile } from '../../machines/compile.ts';
import type { SessionChartEvent } from '../../machines/events.ts';
import { sessionMachine } from '../../machines/session.ts';
import type { SpawnCommand } from '../../machines/supervisor.ts';
import type { SessionStatus } from '../data.ts';
import type { AgentRevival } from './agent-restore.ts';
import type { AgentSnapshot } from './agent-snapshot.ts';
import type { ChartDeadline, SessionEntry } from './entry.ts';
import type { Registry } from './registry.ts';

/** What a session's chart asks of the engine, by the names that the chart uses. */
export interface LifecycleEffects {
  initialize(entry: SessionEntry): void;
  failInitialize(entry: SessionEntry): void;
  completeAgent(entry: SessionEntry): void;
  crash(entry: SessionEntry, error: unknown): void;
  cleanUp(entry: SessionEntry): void;
  forceEnd(entry: SessionEntry): void;
  restart(entry: SessionEntry): void;
}

/** The same, about inactivity. */
export interface ActivityEffects {
  settleDown(entry: SessionEntry): void;
  stayAwake(entry: SessionEntry): void;
  quiet(entry: SessionEntry): boolean;
}

type Args = { context: { id: string }; event: { type: string; error?: unknown } };

/** The session chart with its effects bound to the engine and its agent to the user's logic, compiled once. */
export function bindChart(
  registry: Registry,
  effects: LifecycleEffects,
  activity: ActivityEffects,
  agent: AnyActorLogic | undefined,
): AnyActorLogic {
  const bind = (effect: (entry: SessionEntry, error: unknown) => void) => (args: Args) => {
    const entry = registry.get(args.context.id);
    if (entry) effect(entry, args.event.error);
  };
  const provided = sessionMachine.provide({
    actions: {
      initialize: bind((entry) => effects.initialize(entry)),
      failInitialize: bind((entry) => effects.failInitialize(entry)),
      settleDown: bind((entry) => activity.settleDown(entry)),
      stayAwake: bind((entry) => activity.stayAwake(entry)),
      completeAgent: bind((entry) => effects.completeAgent(entry)),
      crash: bind((entry, error) => effects.crash(entry, error)),
      cleanUp: bind((entry) => effects.cleanUp(entry)),
      forceEnd: bind((entry) => effects.forceEnd(entry)),
      restart: bind((entry) => effects.restart(entry)),
    },
    guards: {
      quiet: ({ context }) => {
        const entry = registry.get(context.id);
        return entry !== undefined && activity.quiet(entry);
      },
    },
    ...(agent && { actors: { agent } }),
  });
  return compile(provided);
}

const FACTS: Readonly<Record<Exclude<SessionStatus, 'initializing'>, SessionChartEvent>> = {
  active: { type: 'session.active' },
  idle: { type: 'session.idle' },
  terminating: { type: 'session.terminating' },
  terminated: { type: 'session.terminated' },
};
const DEADLINES: Readonly<Record<ChartDeadline, SessionChartEvent>> = {
  initialize: { type: 'deadline.initialize' },
  inactivity: { type: 'deadline.inactivity' },
  cleanup: { type: 'deadline.cleanup' },
  restart: { type: 'deadline.restart' },
};

export function tellStatus(
  chart: AnyActorRef | undefined,
  status: Exclude<SessionStatus, 'initializing'>,
): void {
  chart?.send(FACTS[status]);
}

export function tellDeadline(chart: AnyActorRef | undefined, kind: ChartDeadline): void {
  chart?.send(DEADLINES[kind]);
}

/** Where the chart of a session with this status stands. */
const VALUES: Readonly<Record<SessionStatus, SnapshotFrom<typeof sessionMachine>['value']>> = {
  initializing: 'initializing',
  active: { running: 'active' },
  idle: { running: 'idle' },
  terminating: 'terminating',
  terminated: 'terminated',
};

/**
 * Starts the chart of a session that is under way: after a recovery, or when it wakes. Its agent goes on from
 * where it was stored; `null` for one that had completed, `undefined` to start it anew.
 */
export function restoredChart(id: string, status: SessionStatus, agent?: AgentSnapshot | null): SpawnCommand {
  const input = { id };
  const revival = agent && ({ sessionId: id, agent } satisfies AgentRevival);
  const snapshot = {
    status: 'active',
    output: undefined,
    error: undefined,
    value: VALUES[status],
    context: input,
    ...(agent !== undefined && { children: revival ? { agent: { snapshot: revival } } : {} }),
  } as never;
  return { type: 'supervisor.spawn', id, input, snapshot };
}
