import { describe, expect, it } from 'vitest';
import { type AnyActorLogic, createMachine, emit, fromCallback, setup } from 'xstate';
import type { AgentEmission } from '../../src/events/types.ts';
import type { AgentInput } from '../../src/options.ts';
import { watchedAgent } from '../support/agents.ts';
import { codeOf, failureOf, strays } from '../support/errors.ts';
import { turns } from '../support/turns.ts';
import { forever, stage } from './stage.ts';
import { storeUnderTest } from './stores.ts';

const SAID: AgentEmission = { type: 'llm_response', turnId: 't', content: 'said' };
const MALFORMED = { type: 'llm_response', turnId: 't' } as AgentEmission;

async function withAgent(options: Parameters<typeof stage>[0] = {}, config = {}) {
  const agent = watchedAgent();
  const on = stage({ agent: agent.logic, ...options });
  const session = await on.manager.createSession({ id: 's', metadata: { n: 1 }, config });
  on.news();
  return { on, session, agent, run: agent.of('s') };
}

describe('the input of an agent', () => {
  it('is its session and a live signal, frozen', async () => {
    const { run } = await withAgent();
    const { session, signal } = run.input;
    expect([session.id, session.metadata, session.llmConfig]).toEqual(['s', { n: 1 }, {}]);
    expect(signal.aborted).toBe(false);
    expect([run.input, session].every(Object.isFrozen)).toBe(true);
    await session.context.put('by', 'the agent');
    await session.cache.cacheFile('a', 'A');
    expect(await session.context.get('by')).toBe('the agent');
    expect(await session.cache.getFile('a')).toMatchObject({ content: 'A' });
  });

  it.each(['terminate', 'kill'] as const)('dies with the session: %s', async (end) => {
    const { session, run } = await withAgent();
    const { context, cache } = run.input.session;
    await session[end]();
    expect([run.input.signal.aborted, run.stopped]).toEqual([true, true]);
    for (const call of [context.put('late', 1), context.history(), cache.getFile('a')])
      expect(await codeOf(call)).toBe('SESSION_TERMINATED');
  });

  it('dies with the incarnation: the next has one of its own', async () => {
    const { on, session, agent, run } = await withAgent({ supervision: { restart: 'transient' } });
    await session.kill();
    expect(run.input.signal.aborted).toBe(true);
    expect(await codeOf(run.input.session.context.put('late', 1))).toBe('SESSION_TERMINATED');
    const next = agent.of('s');
    expect([next === run, next.input.signal.aborted]).toEqual([false, false]);
    await next.input.session.context.put('present', 1);
    expect(await session.context.keys()).toEqual(['present']);
    expect(on.manager.stats().sessions.active).toBe(1);
  });

  it('cannot write any more once its session is terminating, and can still read', async () => {
    const { session, run } = await withAgent({ hooks: { cleanup: forever } });
    session.terminate().catch(() => {});
    await turns();
    const { context } = run.input.session;
    expect([run.input.signal.aborted, run.stopped]).toEqual([true, true]);
    expect(await codeOf(context.put('late', 1))).toBe('SESSION_NOT_ACTIVE');
    expect(await context.keys()).toEqual([]);
  });
});

describe('what an agent emits', () => {
  it('is published as an event of its session, at its start already', async () => {
    const eager = setup({
      types: {} as { input: AgentInput; emitted: AgentEmission; context: { id: string } },
    }).createMachine({
      context: ({ input }) => ({ id: input.session.id }),
      entry: emit(({ context }) => ({ type: 'agent_status', agentName: context.id, status: 'awake' })),
    });
    const on = stage({ agent: eager });
    await on.manager.createSession({ id: 's' });
    expect(on.news()).toEqual(['session_created', 'initializing→active', 'agent_status']);
    expect(on.heard.of('agent_status')[0]).toMatchObject({ sessionId: 's', agentName: 's', status: 'awake' });
  });

  it('wakes an idle session first, and is activity of it', async () => {
    const { on, session, run } = await withAgent({}, { idleAfterMs: 100 });
    await on.clock.advance(100);
    on.news();
    run.emit(SAID);
    expect(on.news()).toEqual(['idle→active', 'llm_response']);
    expect((await session.info()).lastActivityAt).toBe('2026-01-01T00:00:00.100Z');
  });

  it('is a copy: what the agent does to it afterwards changes nothing', async () => {
    const { on, run } = await withAgent();
    const parameters = { q: ['a'] };
    run.emit({ type: 'tool_call', turnId: 't', toolId: 'c', toolName: 'grep', parameters });
    parameters.q.push('b');
    expect(on.heard.of('tool_call')[0]?.parameters).toEqual({ q: ['a'] });
  });

  it('after its session has moved on is nobody’s: terminating, gone, or begun anew', async () => {
    const ending = await withAgent({ hooks: { cleanup: forever } });
    ending.session.terminate().catch(() => {});
    await turns();
    ending.on.news();
    ending.run.emit(SAID);
    await ending.session.kill();
    ending.run.emit(SAID);
    expect(ending.on.news()).toEqual(['terminating→terminated', 'gone (killed)']);

    const restarted = await withAgent({ supervision: { restart: 'transient' } });
    await restarted.session.kill();
    restarted.on.news();
    restarted.run.emit(SAID);
    expect(restarted.on.news()).toEqual([]);
    restarted.agent.of('s').emit(SAID);
    expect(restarted.on.news()).toEqual(['llm_response']);
  });

  it.each(['kill', 'terminate'] as const)(
    'in the turn in which its session ends is decided in that order: %s',
    async (end) => {
      const store = storeUnderTest();
      const { on, session, run } = await withAgent({ store, hooks: { cleanup: forever } });
      const held = store.hold();
      const sent = session.send('user', 'keeps the journal busy');
      run.emit(SAID);
      const ended = session[end]();
      ended.catch(() => {});
      run.emit({ ...SAID, content: 'too late' });
      held.open();
      await sent;
      await turns();
      expect(on.heard.of('llm_response').map(({ content }) => content)).toEqual(['said']);
      expect(on.news().slice(0, 3)).toEqual(['conversation_added', 'llm_response', 'active→terminating']);
      expect([store.misplaced, on.logged]).toEqual([[], []]);
    },
  );

  it('and is no event of ours is between it and whoever else listens', async () => {
    const { on, run } = await withAgent();
    run.emit({ type: 'progress', of: 'my own' } as never);
    run.emit({ type: 'session_terminated', reason: 'forged' } as never);
    run.emit(SAID);
    expect(on.news()).toEqual(['llm_response']);
  });

  it('and the store refuses is logged; the agent and its session go on', async () => {
    const store = storeUnderTest();
    const { on, run } = await withAgent({ store });
    store.refuse(() => true);
    run.emit(SAID);
    await turns();
    store.refuse(() => false);
    run.emit(SAID);
    expect(on.news()).toEqual(['llm_response']);
    expect(on.logged).toHaveLength(1);
    expect(on.logged[0]?.[0]).toContain('session "s" was not stored');
    expect(run.stopped).toBe(false);
  });
});

describe('an agent that breaks the event contract', () => {
  it.each<[string, AgentEmission, string, RegExp]>([
    ['by its shape', MALFORMED, 'INVALID_ARGUMENT', /llm_response\.content/],
    [
      'by its size',
      { ...SAID, content: 'x'.repeat(100) },
      'PAYLOAD_TOO_LARGE',
      /^the emitted llm_response .* 99 .*limits\.maxMessageBytes/,
    ],
  ])('%s has crashed, says how, and nothing of it is published', async (_how, emission, code, message) => {
    const { on, run } = await withAgent({ limits: { maxMessageBytes: 99 } });
    run.emit(emission);
    await turns();
    expect(on.heard.of('session_crashed')).toMatchObject([
      { error: { code, message: expect.stringMatching(message) } },
    ]);
    expect(on.heard.of('llm_response')).toEqual([]);
    expect(on.news().slice(1)).toEqual([
      'active→terminating',
      'terminating→terminated',
      expect.stringMatching(/^gone \(crashed\)/),
    ]);
    expect(run.stopped).toBe(true);
  });

  it('again before its crash is written has crashed once, on what it did first', async () => {
    const store = storeUnderTest();
    const { on, session, run } = await withAgent({ store, hooks: { cleanup: forever } });
    const held = store.hold();
    const sent = session.send('user', 'keeps the journal busy');
    const dispatched = failureOf(session.dispatch({ type: 'ask' }));
    run.emit(MALFORMED);
    run.emit({ type: 'tool_call', turnId: 't' } as AgentEmission);
    held.open();
    await sent;
    await turns();
    expect(on.heard.of('session_crashed')).toHaveLength(1);
    expect(await dispatched).toMatchObject({
      code: 'SESSION_CRASHED',
      cause: { details: { path: 'llm_response.content' } },
    });
    expect(on.logged).toEqual([]);
  });

  it('and is over with that has crashed, not completed, also when the store refuses it at first', async () => {
    const breaking = setup({ actions: { break: emit(MALFORMED as never) } }).createMachine({
      initial: 'calm',
      states: { calm: { on: { end: { target: 'over', actions: 'break' } } }, over: { type: 'final' } },
    });
    const store = storeUnderTest();
    const on = stage({ store, agent: breaking as never, supervision: { restart: 'permanent' } });
    const session = await on.manager.createSession({ id: 's' });
    on.news();
    store.refuse((records) => records.some(({ type }) => type === 'session_crashed'));
    await codeOf(session.dispatch({ type: 'end' }));
    await turns();
    store.refuse(() => false);
    await on.clock.advance(1000);
    await turns();
    expect(on.news()[0]).toMatch(/^crashed, restarting: .*llm_response\.content/);
  });

  it('when it is no longer the agent of its session harms nobody', async () => {
    const { on, session, agent, run } = await withAgent({ supervision: { restart: 'transient' } });
    await session.kill();
    on.news();
    const thrown = await strays(async () => run.emit(MALFORMED));
    expect([thrown, on.news()]).toEqual([[], []]);
    expect((await session.info()).status).toBe('active');
    expect(agent.live()).toHaveLength(1);
  });
});

describe('an agent that fails', () => {
  const parent = (children: Record<string, AnyActorLogic>) =>
    createMachine({
      invoke: Object.entries(children).map(([id, src]) => ({ id, src })),
      on: {
        boom: {
          actions: () => {
            throw new Error('boom');
          },
        },
      },
    });

  it('leaves no child of its own running', async () => {
    let live = 0;
    const child = fromCallback(() => {
      live += 1;
      return () => {
        live -= 1;
      };
    });
    const on = stage({ agent: parent({ a: child, b: child }) });
    const session = await on.manager.createSession({ id: 's' });
    expect(live).toBe(2);
    await codeOf(session.dispatch({ type: 'boom' }));
    await turns();
    expect(live).toBe(0);
    expect(on.news().at(-1)).toBe('gone (crashed): boom');
  });

  it('ends with its session all the same when a child refuses to stop, and the logger hears of it', async () => {
    const stubborn = {
      ...fromCallback(() => {}),
      getInitialSnapshot: () => ({ status: 'active', output: undefined, error: undefined }),
      transition: () => undefined,
    };
    const on = stage({ agent: parent({ stubborn: stubborn as never }) });
    const session = await on.manager.createSession({ id: 's' });
    await codeOf(session.dispatch({ type: 'boom' }));
    await turns();
    expect(on.news().at(-1)).toBe('gone (crashed): boom');
    expect(on.logged.map(([message]) => message)).toContain('chartroom: a child of an agent did not stop.');
  });
});
