import { assign, emit, setup } from 'xstate';
import type { AgentEmission } from '../events/types.ts';
import type { AgentInput } from '../options.ts';
import { answerOf } from './librarian/answer.ts';
import {
  agentStatus,
  chunk,
  messageOf,
  response,
  type SearchOutcome,
  type Turn,
  toolCall,
  toolResult,
} from './librarian/emissions.ts';
import { pause, record, search } from './librarian/work.ts';

export { answerOf } from './librarian/answer.ts';
export { definedName } from './librarian/definitions.ts';
export {
  createSearch,
  type Search,
  type SearchableFile,
  type SearchHit,
  type SearchOptions,
  type SearchResult,
  searchFiles,
} from './librarian/search.ts';
export type { LibrarianFindings, PauseInput } from './librarian/work.ts';

/** What `session.dispatch` takes. */
export type LibrarianEvent =
  /**
   * `turnId` names the answer's events, default `turn-<n>`. One that you give must be new to the session: a crash
   * may have the answer recorded again, and by its name it is found to be there.
   */
  | { type: 'ask'; question: string; turnId?: string }
  /** Without `turnId` the present turn. A turn whose answer has been told whole is not cancelled. */
  | { type: 'cancel'; turnId?: string };

export interface LibrarianContext {
  readonly agent: AgentInput;
  /** Questions taken so far; numbers the turns. */
  readonly asked: number;
  readonly queue: readonly Turn[];
  readonly turn: Turn;
  /** The answer, and how many of its pieces have been told. */
  readonly pieces: readonly string[];
  readonly told: number;
}

/** Of an idempotency key. */
const MAX_KEY_LENGTH = 1024;
const NO_TURN: Turn = { turnId: '', toolId: '', question: '' };

/**
 * An agent that answers questions about source code: it searches the files that its session holds (active
 * files and file index, contents from the session's cache) and tells the best lines, file and line number
 * first. It uses no model and no network: it says what is written in the files, or that nothing is.
 *
 * A turn publishes `agent_status` searching, `tool_call`, `tool_result` (its `result` is a
 * {@link LibrarianFindings}), `agent_status` answering, an `llm_stream_chunk` for each piece, and
 * `llm_response`, whose content is the pieces joined and whose `messageId` is the assistant message that it
 * added. Every turn has exactly one chunk with `isFinal`; in one that was cancelled or failed it is empty,
 * and no `llm_response` follows. Questions asked meanwhile wait their turn.
 *
 * It gives way between files and between pieces, so that hundreds of librarians can share one thread.
 */
export const librarian = setup({
  types: {
    context: {} as LibrarianContext,
    events: {} as LibrarianEvent,
    input: {} as AgentInput,
    emitted: {} as AgentEmission,
  },
  actors: { search, pause, record },
  guards: {
    isQuestion: ({ event }) =>
      event.type === 'ask' &&
      typeof event.question === 'string' &&
      (event.turnId === undefined || typeof event.turnId === 'string'),
    isPresent: ({ context, event }) =>
      event.type === 'cancel' && (event.turnId === undefined || event.turnId === context.turn.turnId),
    isQueued: ({ context, event }) =>
      event.type === 'cancel' && context.queue.some(({ turnId }) => turnId === event.turnId),
    someoneWaits: ({ context }) => context.queue.length > 0,
    isLastPiece: ({ context }) => context.told === context.pieces.length - 1,
    isStopped: ({ context }) => context.agent.signal.aborted,
  },
  actions: {
    enqueue: assign(({ context, event }) => {
      if (event.type !== 'ask') return {};
      const asked = context.asked + 1;
      const { question, turnId = `turn-${asked}` } = event;
      const turn = { turnId, toolId: `search-${asked}`, question, ...answerKey(event.turnId) };
      return { asked, queue: [...context.queue, turn] };
    }),
    dequeue: assign(({ context: { queue }, event }) => {
      const index = queue.findIndex(({ turnId }) => event.type === 'cancel' && turnId === event.turnId);
      return { queue: queue.filter((_, position) => position !== index) };
    }),
    takeNext: assign(({ context: { queue } }) => ({ turn: queue[0] ?? NO_TURN, queue: queue.slice(1) })),
    forgetTurn: assign({ turn: NO_TURN, pieces: [], told: 0 }),
    advance: assign({ told: ({ context }) => context.told + 1 }),
    emitStatus: emit(({ context: { turn } }, { status }: { status: string }) =>
      agentStatus(status, { turnId: turn.turnId }),
    ),
    emitWaiting: emit(agentStatus('waiting')),
    emitRefused: emit(agentStatus('refused', { message: 'ask takes { question: string, turnId?: string }' })),
    emitSearching: emit(({ context: { turn } }) =>
      agentStatus('searching', { turnId: turn.turnId, message: turn.question }),
    ),
    emitFailed: emit(({ context: { turn } }, { error }: { error: unknown }) =>
      agentStatus('failed', { turnId: turn.turnId, message: messageOf(error) }),
    ),
    emitToolCall: emit(({ context: { turn } }) => toolCall(turn)),
    emitToolResult: emit(({ context: { turn } }, outcome: SearchOutcome) => toolResult(turn, outcome)),
    emitPiece: emit(({ context: { turn, pieces, told } }) =>
      chunk(turn.turnId, pieces[told] ?? '', told, told === pieces.length - 1),
    ),
    /** Ends the stream of a turn that will tell no more. */
    emitEnd: emit(({ context: { turn, told } }) => chunk(turn.turnId, '', told, true)),
    emitDequeued: emit(({ event }) => agentStatus('cancelled', { turnId: cancelled(event) })),
    emitDequeuedEnd: emit(({ event }) => chunk(cancelled(event), '', 0, true)),
    emitResponse: emit(({ context: { turn, pieces } }, { messageId }: { messageId: string }) =>
      response(turn.turnId, pieces.join(''), messageId),
    ),
  },
}).createMachine({
  id: 'librarian',
  options: { maxIterations: 1000 },
  context: ({ input }) => ({ agent: input, asked: 0, queue: [], turn: NO_TURN, pieces: [], told: 0 }),
  initial: 'waiting',
  on: {
    ask: [{ guard: 'isQuestion', actions: 'enqueue' }, { actions: 'emitRefused' }],
    cancel: { guard: 'isQueued', actions: ['dequeue', 'emitDequeuedEnd', 'emitDequeued'] },
  },
  states: {
    waiting: {
      on: { ask: { guard: 'isQuestion', target: 'choosing', actions: 'enqueue' } },
    },
    choosing: {
      entry: 'forgetTurn',
      always: [
        { guard: 'someoneWaits', target: 'searching', actions: 'takeNext' },
        { target: 'waiting', actions: 'emitWaiting' },
      ],
    },
    searching: {
      entry: ['emitSearching', 'emitToolCall'],
      invoke: {
        src: 'search',
        input: ({ context: { agent, turn } }) => ({ agent, question: turn.question }),
        onDone: {
          target: 'telling',
          actions: [
            { type: 'emitToolResult', params: ({ event }) => ({ status: 'success', result: event.output }) },
            assign({ pieces: ({ event }) => answerOf(event.output) }),
            { type: 'emitStatus', params: { status: 'answering' } },
          ],
        },
        onError: [
          {
            guard: 'isStopped',
            target: 'cancelled',
            actions: { type: 'emitToolResult', params: { status: 'cancelled' } },
          },
          {
            target: 'choosing',
            actions: [
              {
                type: 'emitToolResult',
                params: ({ event }) => ({ status: 'error', error: messageOf(event.error) }),
              },
              'emitEnd',
              { type: 'emitFailed', params: ({ event }) => event },
            ],
          },
        ],
      },
      on: {
        cancel: {
          guard: 'isPresent',
          target: 'cancelled',
          actions: { type: 'emitToolResult', params: { status: 'cancelled' } },
        },
      },
    },
    telling: {
      invoke: {
        src: 'pause',
        input: ({ context: { agent, turn, told, pieces } }) => ({
          agent,
          turnId: turn.turnId,
          told,
          pieces: pieces.length,
        }),
        onDone: [
          { guard: 'isStopped', target: 'cancelled' },
          { guard: 'isLastPiece', target: 'recording', actions: 'emitPiece' },
          { target: 'telling', reenter: true, actions: ['emitPiece', 'advance'] },
        ],
        onError: {
          target: 'choosing',
          actions: ['emitEnd', { type: 'emitFailed', params: ({ event }) => event }],
        },
      },
      on: { cancel: { guard: 'isPresent', target: 'cancelled' } },
    },
    recording: {
      invoke: {
        src: 'record',
        input: ({ context: { agent, turn, pieces } }) => ({
          agent,
          turn,
          content: pieces.join(''),
        }),
        onDone: {
          target: 'choosing',
          actions: { type: 'emitResponse', params: ({ event }) => event.output },
        },
        onError: { target: 'choosing', actions: { type: 'emitFailed', params: ({ event }) => event } },
      },
    },
    cancelled: {
      entry: ['emitEnd', { type: 'emitStatus', params: { status: 'cancelled' } }],
      always: 'choosing',
    },
  },
});

/** None for a turn without a name of its own, which is numbered anew after a restart; none longer than a key may be. */
function answerKey(turnId: string | undefined): Pick<Turn, 'key'> {
  const key = `librarian:${turnId}`;
  return turnId === undefined || key.length > MAX_KEY_LENGTH ? {} : { key };
}

function cancelled(event: LibrarianEvent): string {
  return event.turnId ?? '';
}
