import { assign, emit, fromPromise, setup } from 'xstate';
import type { SessionManagerOptions } from '../../src/index.ts';
import type { AgentInput } from '../../src/options.ts';
import type { SessionStore } from '../../src/store/port.ts';
import type { LooseEvent } from '../support/agents.ts';
import { turns } from '../support/turns.ts';
import { type Stage, stage } from './stage.ts';

type Status = { type: 'agent_status'; agentName: string; status: string };

/** Counts what it is asked, answers after a second, and says how often it has been asked. */
const counter = setup({
  types: {
    context: {} as { session: AgentInput['session']; asked: number },
    events: {} as LooseEvent,
    input: {} as AgentInput,
    emitted: {} as Status,
  },
  actions: {
    say: emit(({ context }, { status }: { status: string }) => ({
      type: 'agent_status' as const,
      agentName: 'counter',
      status: `${status} ${context.asked}`,
    })),
    count: assign({ asked: ({ context }) => context.asked + 1 }),
    note: ({ context }) => void context.session.context.put('asked', context.asked),
  },
  actors: { work: fromPromise(() => new Promise(() => {})) },
}).createMachine({
  context: ({ input }) => ({ session: input.session, asked: 0 }),
  initial: 'calm',
  on: { tell: { actions: { type: 'say', params: { status: 'asked' } } } },
  states: {
    calm: { on: { ask: { target: 'thinking', actions: 'count' }, end: 'over', work: 'working' } },
    thinking: {
      after: { 1000: { target: 'calm', actions: [{ type: 'say', params: { status: 'answer' } }, 'note'] } },
      on: { ask: { actions: 'count' } },
    },
    working: { invoke: { src: 'work' }, on: { rest: 'calm' } },
    over: { type: 'final' },
  },
});

export const CONFIG = { idleAfterMs: 100, sleepAfterMs: 300 };

export function open(store: SessionStore, options: SessionManagerOptions & { clock?: Stage['clock'] } = {}) {
  const on = stage({ store, agent: counter as never, ...options });
  const said: string[] = [];
  on.manager.subscribeToAllSessions((event) => {
    if (event.type === 'agent_status') said.push(event.status);
  });
  const dispatch = (type: string) => on.manager.session('s').dispatch({ type });
  const advance = async (ms: number) => {
    await on.clock.advance(ms);
    await turns(20);
  };
  return { ...on, said, dispatch, advance };
}

export async function started(store: SessionStore, options: Parameters<typeof open>[1] = {}) {
  const on = open(store, options);
  await on.manager.createSession({ id: 's', config: CONFIG });
  return on;
}
