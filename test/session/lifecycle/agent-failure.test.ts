import { describe, expect, it } from 'vitest';
import { type AnyActorRef, emit, fromCallback, type InspectionEvent, setup } from 'xstate';
import type { AgentInput } from '../../../src/options.ts';
import { fragileAgent, type LooseEvent } from '../../support/agents.ts';
import { codeOf } from '../../support/errors.ts';
import { turns } from '../../support/turns.ts';
import { type Stage, type StageOptions, stage } from '../stage.ts';
import { storeUnderTest } from '../stores.ts';

const ENDED = ['active→terminating', 'terminating→terminated'];
const AGAIN = ['terminated→initializing', 'initializing→active'];

/** An agent with a child that runs as long as it does, and which it fails beside on `boom`. */
function parent(stopped: () => void) {
  return setup({
    types: {} as { events: LooseEvent; input: AgentInput },
    actors: { child: fromCallback(() => stopped) },
    actions: {
      explode: () => {
        throw new Error('the agent hit a mine');
      },
    },
  }).createMachine({ invoke: { src: 'child' }, on: { boom: { actions: 'explode' } } });
}

/** On `end` it completes; on `lie` it says what no agent may say, and completes with it. */
const lastWords = setup({
  types: {} as { events: LooseEvent; input: AgentInput; emitted: never },
}).createMachine({
  initial: 'running',
  states: {
    running: {
      on: { end: 'over', lie: { target: 'over', actions: emit({ type: 'llm_response' } as never) } },
    },
    over: { type: 'final' },
  },
});

async function withAgent(agent: unknown, options: StageOptions = {}) {
  const on = stage({ agent: agent as never, ...options });
  const session = await on.manager.createSession({
    id: 's',
    config: { idleAfterMs: 100, sleepAfterMs: 100 },
  });
  on.news();
  return { on, session };
}

async function crash({ manager }: Stage) {
  await codeOf(manager.session('s').dispatch({ type: 'boom' }));
}

describe('an agent that fails', () => {
  it('takes its children with it, before anything of that is written down', async () => {
    let stops = 0;
    const store = storeUnderTest();
    const { on } = await withAgent(
      parent(() => {
        stops += 1;
      }),
      { store },
    );
    store.refuse((records) => records.some(({ type }) => type === 'session_crashed'));
    await crash(on);
    expect(on.heard.of('session_crashed')).toEqual([]);
    expect(stops).toBe(1);
  });

  it('ends its session also when a child of it cannot be stopped: the logger hears why', async () => {
    const stuck = new Error('stuck');
    const child = {
      sessionId: 'x:9',
      ref: {},
      getSnapshot: () => ({ status: 'active' }),
      send() {
        throw stuck;
      },
    };
    const { on } = await withAgent({
      ...fragileAgent,
      transition: (snapshot: never, event: never, scope: never) => ({
        ...fragileAgent.transition(snapshot, event, scope),
        children: { child },
      }),
      getInitialSnapshot: (scope: never, input: never) => ({
        ...fragileAgent.getInitialSnapshot(scope, input),
        children: { child },
      }),
    });
    await crash(on);
    await turns();
    expect(on.news()).toEqual([
      'crashed, for good: the agent hit a mine',
      ...ENDED,
      'gone (crashed): the agent hit a mine',
    ]);
    expect(on.logged).toEqual([[expect.stringContaining('child'), stuck]]);
  });

  it('with its last words has failed, and not completed', async () => {
    const store = storeUnderTest();
    const { on, session } = await withAgent(lastWords, { store, supervision: { restart: 'permanent' } });
    let refusals = 0;
    store.refuse((records) => {
      const isCrash = records.some(({ type }) => type === 'session_crashed');
      if (isCrash) refusals += 1;
      return isCrash && refusals === 1;
    });
    await codeOf(session.dispatch({ type: 'lie' }));
    await turns();
    expect([refusals, on.heard.of('session_crashed')]).toEqual([1, []]);
    await on.clock.advance(1000);
    await turns();
    expect(on.heard.of('session_crashed').map(({ error }) => error.name)).not.toContain('AgentCompleted');
    expect(on.news().slice(1)).toEqual([...ENDED, ...AGAIN]);
  });
});

describe('an agent that completes', () => {
  it('has completed for good: it is not there when its session comes back from sleep', async () => {
    const { on, session } = await withAgent(lastWords);
    await session.dispatch({ type: 'end' });
    await on.clock.advance(100);
    expect(on.manager.stats().asleep).toBe(1);
    expect(await codeOf(session.dispatch({ type: 'end' }))).toBe('INVALID_TRANSITION');
  });

  it('is written down as that when it does, where the store outlives the process', async () => {
    const store = storeUnderTest({ parts: { volatile: false } });
    const { session } = await withAgent(lastWords, { store });
    await turns();
    const before = store.appended.length;
    await session.dispatch({ type: 'end' });
    await turns();
    expect(store.appended.slice(before)).toMatchObject([{ type: 'agent_saved', payload: { agent: null } }]);
  });
});

describe('an agent that starts', () => {
  it('is to come back at once, should the process die before it is written down', async () => {
    const wakeTimes: unknown[] = [];
    for (const agent of [fragileAgent, undefined]) {
      const store = storeUnderTest();
      await withAgent(agent, { store });
      wakeTimes.push(store.appended.find(({ type }) => type === 'session_status')?.wakeAt);
    }
    expect(wakeTimes[0]).toBe(0);
    expect(wakeTimes[1]).not.toBe(0);
  });
});

describe('a session without an agent whose chart is lost', () => {
  it('crashes, and nothing else is said', async () => {
    let root: AnyActorRef | undefined;
    const inspect = ({ actorRef }: InspectionEvent) => {
      root ??= actorRef as AnyActorRef;
    };
    const { on } = await withAgent(undefined, { inspect });
    root?.send({ type: 'session.failed', id: 's', error: new Error('no such state') });
    await turns();
    expect(on.news()).toEqual([
      'crashed, for good: no such state',
      ...ENDED,
      'gone (crashed): no such state',
    ]);
    expect(on.logged).toHaveLength(1);
  });
});

describe('a manager that closes', () => {
  it('hears nothing more of its agents, whatever they do when they are told', async () => {
    let changes = 0;
    const sensitive = setup({
      types: {} as { events: LooseEvent; input: AgentInput },
      actions: {
        watch: ({ self }, { signal }: { signal: AbortSignal }) =>
          signal.addEventListener('abort', () => self.send({ type: 'stopping' })),
        note: () => {
          changes += 1;
        },
      },
    }).createMachine({
      entry: {
        type: 'watch',
        params: ({ event }) => ({ signal: (event as never as { input: AgentInput }).input.signal }),
      },
      on: { stopping: { actions: 'note' } },
    });
    const store = storeUnderTest({ parts: { volatile: false } });
    const { on } = await withAgent(sensitive, { store });
    await turns();
    await on.manager.close();
    await turns();
    expect([changes, on.logged]).toEqual([1, []]);
  });
});
