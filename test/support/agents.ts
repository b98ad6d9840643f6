import { assign, type EventObject, emit, fromCallback, fromPromise, fromTransition, setup } from 'xstate';
import type { AgentEmission } from '../../src/events/types.ts';
import type { AgentInput } from '../../src/options.ts';

/** What the suites dispatch: any event with a JSON payload. */
export interface LooseEvent extends EventObject {
  [key: string]: unknown;
}

/** Throws on `{ type: 'boom' }`, publishes on `{ type: 'say', content }`, ignores the rest. */
export const fragileAgent = fromTransition<null, LooseEvent, never, AgentInput, AgentEmission>(
  (state, event, { emit: publish }) => {
    if (event.type === 'boom') throw new Error('the agent hit a mine');
    if (event.type === 'say') {
      publish({ type: 'llm_response', turnId: 't1', content: String(event.content) });
    }
    return state;
  },
  null,
);

/** Completes on `{ type: 'finish' }` and errors on `{ type: 'boom' }`. */
export const finishingAgent = setup({
  types: {} as { events: LooseEvent; input: AgentInput },
  actions: {
    explode: () => {
      throw new Error('the agent hit a mine');
    },
  },
}).createMachine({
  id: 'finishing',
  initial: 'running',
  states: {
    running: { on: { finish: 'finished', boom: { actions: 'explode' } } },
    finished: { type: 'final' },
  },
});

/** A turn of an assistant, told with every kind of event an agent may emit, on `{ type: 'answer' }`. */
export const talkativeAgent = setup({
  types: {} as { events: LooseEvent; input: AgentInput; emitted: AgentEmission; context: { turns: number } },
}).createMachine({
  id: 'talkative',
  context: { turns: 0 },
  on: {
    answer: {
      actions: [
        assign({ turns: ({ context }) => context.turns + 1 }),
        emit({ type: 'agent_status', agentName: 'writer', status: 'thinking', turnId: 't1' }),
        emit({ type: 'tool_call', turnId: 't1', toolId: 'c1', toolName: 'grep', parameters: { q: 'x' } }),
        emit({
          type: 'tool_result',
          turnId: 't1',
          toolId: 'c1',
          toolName: 'grep',
          status: 'ok',
          result: ['a.ts:1'],
        }),
        emit({ type: 'issue_found', severity: 'warning', message: 'unused', file: 'a.ts', line: 1 }),
        emit({ type: 'analysis_complete', filesAnalyzed: 1, issuesFound: 1, turnId: 't1' }),
        emit({ type: 'llm_stream_chunk', turnId: 't1', content: 'Hel', chunkIndex: 0 }),
        emit({ type: 'llm_stream_chunk', turnId: 't1', content: 'lo', chunkIndex: 1, isFinal: true }),
        emit({ type: 'llm_response', turnId: 't1', content: 'Hello', tokensUsed: 2 }),
      ],
    },
  },
});

/** The types `talkativeAgent` publishes on `answer`, in order. */
export const ANSWER_TYPES = [
  'agent_status',
  'tool_call',
  'tool_result',
  'issue_found',
  'analysis_complete',
  'llm_stream_chunk',
  'llm_stream_chunk',
  'llm_response',
] as const;

/** On `{ type: 'work' }` it runs one child until `{ type: 'rest' }`: a session with a task. */
export const workingAgent = setup({
  types: {} as { events: LooseEvent; input: AgentInput },
  actors: { task: fromPromise(() => new Promise<void>(() => {})) },
}).createMachine({
  id: 'working',
  initial: 'resting',
  states: {
    resting: { on: { work: 'working' } },
    working: { invoke: { src: 'task' }, on: { rest: 'resting' } },
  },
});

export interface WatchedRun {
  readonly input: AgentInput;
  readonly received: LooseEvent[];
  /** Publishes through XState's own `emit`. */
  readonly emit: (emission: AgentEmission) => void;
  /** What an agent that misbehaves would send to the machine that owns it. */
  readonly sendBack: (event: unknown) => void;
  stopped: boolean;
}

/** A callback agent that a test can look into: every start, every event received, every stop. */
export function watchedAgent() {
  const runs: WatchedRun[] = [];
  const logic = fromCallback<LooseEvent, AgentInput, AgentEmission>(
    ({ input, receive, emit: publish, sendBack }) => {
      const run: WatchedRun = {
        input,
        received: [],
        emit: publish,
        sendBack: (event) => sendBack(event as LooseEvent),
        stopped: false,
      };
      runs.push(run);
      receive((event) => {
        run.received.push(event);
      });
      return () => {
        run.stopped = true;
      };
    },
  );
  return {
    logic,
    runs,
    /** The newest run of a session. */
    of(id: string): WatchedRun {
      const run = runs.findLast((each) => each.input.session.id === id);
      if (run === undefined) throw new Error(`no agent was ever started for ${id}`);
      return run;
    },
    live: () => runs.filter((run) => !run.stopped),
  };
}

/** An agent that is one promise: it completes when `outcome` resolves and errors when it rejects. */
export function promiseAgent(outcome: (input: AgentInput) => Promise<unknown>) {
  return fromPromise<unknown, AgentInput, AgentEmission>(({ input }) => outcome(input));
}
