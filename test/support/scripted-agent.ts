/** An agent that does what a test tells it, step by step: it asks itself nothing and waits for nothing. */
import { assign, type EventObject, emit, fromCallback, setup } from 'xstate';
import type { AgentEmission } from '../../src/events/types.ts';
import type { AgentInput } from '../../src/options.ts';

export type ScriptedEvent =
  | { readonly type: 'ask'; readonly turnId: string; readonly question: string }
  | { readonly type: 'say'; readonly text: string }
  | { readonly type: 'finish' }
  | { readonly type: 'crash' };

interface Turn {
  readonly turnId: string;
  readonly question: string;
  /** What has been said of the answer. */
  readonly said: string;
  readonly chunks: number;
}

/** Chunk by chunk on `say`, then whole on `finish`. A turn that takes over ten minutes is given up. */
export const scriptedAgent = setup({
  types: {} as { events: ScriptedEvent; input: AgentInput; emitted: AgentEmission; context: Turn },
  actors: { search: fromCallback<EventObject>(() => {}) },
  delays: { patience: 600_000 },
}).createMachine({
  id: 'scripted',
  context: { turnId: '', question: '', said: '', chunks: 0 },
  initial: 'waiting',
  on: {
    crash: {
      actions: () => {
        throw new Error('the agent hit a mine');
      },
    },
  },
  states: {
    waiting: {
      on: {
        ask: {
          target: 'answering',
          actions: assign(({ event: { turnId, question } }) => ({ turnId, question, said: '', chunks: 0 })),
        },
      },
    },
    answering: {
      invoke: { id: 'search', src: 'search' },
      after: { patience: 'waiting' },
      on: {
        say: {
          actions: [
            emit(({ context, event }) => ({
              type: 'llm_stream_chunk',
              turnId: context.turnId,
              content: event.text,
              chunkIndex: context.chunks,
            })),
            assign(({ context, event }) => ({ said: context.said + event.text, chunks: context.chunks + 1 })),
          ],
        },
        finish: {
          target: 'waiting',
          actions: emit(({ context }) => ({
            type: 'llm_response',
            turnId: context.turnId,
            content: context.said,
          })),
        },
      },
    },
  },
});
