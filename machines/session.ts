import { type AnyActorLogic, setup } from 'xstate';
import { absentActor } from './compile.ts';
import type { SessionChartContext, SessionChartEvent, SessionChartInput } from './events.ts';

const unprovided = () => {};

/**
 * One session's lifecycle. `running` is compound so that idling does not stop the agent it invokes.
 * Every effect and guard is a name; the engine provides them.
 */
export const sessionMachine = setup({
  types: {
    context: {} as SessionChartContext,
    events: {} as SessionChartEvent,
    input: {} as SessionChartInput,
  },
  actors: {
    agent: absentActor as AnyActorLogic,
  },
  actions: {
    /** Run the initialize hook, then commit `active` or the failure. */
    initialize: unprovided,
    /** The initialize hook is over its time. */
    failInitialize: unprovided,
    /** Nothing has happened for long enough: commit `idle`, or the end. */
    settleDown: unprovided,
    /** There is work in flight: look again later. */
    stayAwake: unprovided,
    /** The agent has done all it wanted. */
    completeAgent: unprovided,
    /** The agent threw: commit the crash and what the restart policy says. */
    crash: unprovided,
    /** Run the cleanup hook, then commit `terminated`. */
    cleanUp: unprovided,
    /** The cleanup hook is over its time. */
    forceEnd: unprovided,
    /** The pause before a restart is over. */
    restart: unprovided,
  },
  guards: {
    /** No dispatch is unsettled and no child of the agent is running. */
    quiet: () => true,
  },
}).createMachine({
  id: 'session',
  context: ({ input }) => ({ id: input.id }),
  initial: 'initializing',
  options: { maxIterations: 1000 },
  states: {
    initializing: {
      entry: 'initialize',
      on: {
        'session.active': 'running',
        'session.terminated': 'terminated',
        'deadline.initialize': { actions: 'failInitialize' },
        'deadline.restart': { actions: 'restart' },
      },
    },
    running: {
      initial: 'active',
      invoke: {
        id: 'agent',
        src: 'agent',
        input: ({ context }: { context: SessionChartContext }) => ({ id: context.id }),
        onDone: { actions: 'completeAgent' },
        onError: { actions: 'crash' },
      },
      on: {
        'session.terminating': 'terminating',
        'deadline.inactivity': [{ guard: 'quiet', actions: 'settleDown' }, { actions: 'stayAwake' }],
      },
      states: {
        active: { on: { 'session.idle': 'idle' } },
        idle: { on: { 'session.active': 'active' } },
      },
    },
    terminating: {
      entry: 'cleanUp',
      on: {
        'session.terminated': 'terminated',
        'deadline.cleanup': { actions: 'forceEnd' },
        'deadline.restart': { actions: 'restart' },
      },
    },
    terminated: { type: 'final' },
  },
});
