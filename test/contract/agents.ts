import { describe, expect, it } from 'vitest';
import type { AgentEmission } from '../../src/events/types.ts';
import {
  ANSWER_TYPES,
  finishingAgent,
  promiseAgent,
  talkativeAgent,
  watchedAgent,
} from '../support/agents.ts';
import { codeOf, strays } from '../support/errors.ts';
import { collect, increases, seqs } from '../support/events.ts';
import { thawed } from '../support/frozen.ts';
import { gate } from '../support/gate.ts';
import type { Subject } from './subject.ts';

export function agentContract({ open, settle }: Subject): void {
  describe('the agent of a session', () => {
    it('is given the session and a signal as its input', async () => {
      const agent = watchedAgent();
      const client = await open({ agent: agent.logic });
      await client.createSession({ id: 'a', metadata: { m: 1 }, llmConfig: { model: 'x' } });
      const { session, signal } = agent.of('a').input;
      expect(session).toMatchObject({ id: 'a', metadata: { m: 1 }, llmConfig: { model: 'x' } });
      expect(signal.aborted).toBe(false);
    });

    it('can use the context and the cache of its own session', async () => {
      const agent = watchedAgent();
      const client = await open({ agent: agent.logic });
      const session = await client.createSession({ id: 'a' });
      await session.send('user', 'question');
      const { context, cache } = agent.of('a').input.session;
      expect(await context.history()).toHaveLength(1);
      await context.addMessage('assistant', 'answer');
      await context.put('note', 1);
      await cache.cacheFile('f', 'F');
      expect((await session.context.history()).map(({ role }) => role)).toEqual(['user', 'assistant']);
      expect(await session.context.get('note')).toBe(1);
      expect((await session.cache.getFile('f'))?.content).toBe('F');
    });

    it('runs once for each session, from active on', async () => {
      const [agent, ready] = [watchedAgent(), gate()];
      const client = await open({ agent: agent.logic, hooks: { initialize: () => ready.promise } });
      const created = [client.createSession({ id: 'a' }), client.createSession({ id: 'b' })];
      await settle();
      expect(agent.runs).toHaveLength(0);
      ready.open();
      await Promise.all(created);
      expect(agent.runs.map(({ input }) => input.session.id).sort()).toEqual(['a', 'b']);
    });

    it('is stopped at terminating: its cleanup runs, its signal aborts, before the cleanup hook ends', async () => {
      const [agent, cleaned] = [watchedAgent(), gate()];
      const client = await open({ agent: agent.logic, hooks: { cleanup: () => cleaned.promise } });
      const session = await client.createSession({ id: 'a' });
      const terminated = session.terminate();
      await settle();
      expect((await session.info()).status).toBe('terminating');
      expect(agent.of('a').stopped).toBe(true);
      expect(agent.of('a').input.signal.aborted).toBe(true);
      cleaned.open();
      await terminated;
      expect(agent.live()).toEqual([]);
    });

    it('does not run at all when the session fails to initialize', async () => {
      const agent = watchedAgent();
      const hooks = { initialize: () => Promise.reject(new Error('no')) };
      const client = await open({ agent: agent.logic, hooks });
      await codeOf(client.createSession());
      expect(agent.runs).toEqual([]);
    });

    it('that completes leaves its session active and writable, without an agent', async () => {
      const client = await open({ agent: finishingAgent });
      const session = await client.createSession();
      await session.dispatch({ type: 'finish' });
      await settle();
      expect(await session.info()).toMatchObject({ status: 'active', activeTasks: 0, restarts: 0 });
      expect((await session.send('user', 'x')).role).toBe('user');
      expect(await codeOf(session.dispatch({ type: 'finish' }))).toBe('INVALID_TRANSITION');
    });

    it('that is a promise completes with it', async () => {
      const outcome = gate<unknown>();
      const client = await open({ agent: promiseAgent(() => outcome.promise) });
      const session = await client.createSession();
      outcome.open('done');
      await settle();
      expect((await session.info()).status).toBe('active');
      expect(await codeOf(session.dispatch({ type: 'x' }))).toBe('INVALID_TRANSITION');
    });
  });

  describe('dispatch', () => {
    it('reaches the agent of that session and no other, in call order', async () => {
      const agent = watchedAgent();
      const client = await open({ agent: agent.logic });
      const [a, b] = [await client.createSession({ id: 'a' }), await client.createSession({ id: 'b' })];
      await Promise.all([1, 2, 3].map((n) => a.dispatch({ type: 'step', n })));
      await b.dispatch({ type: 'other', payload: { deep: ['x'] } });
      expect(agent.of('a').received).toEqual([1, 2, 3].map((n) => ({ type: 'step', n })));
      expect(agent.of('b').received).toEqual([{ type: 'other', payload: { deep: ['x'] } }]);
    });

    it('has been handed to the agent when it resolves', async () => {
      const agent = watchedAgent();
      const client = await open({ agent: agent.logic });
      const session = await client.createSession();
      expect(await session.dispatch({ type: 'now' })).toBeUndefined();
      expect(agent.of(session.id).received).toEqual([{ type: 'now' }]);
    });

    it('hands over a copy that the caller cannot change any more', async () => {
      const agent = watchedAgent();
      const client = await open({ agent: agent.logic });
      const session = await client.createSession();
      const event = { type: 'x', list: [1] };
      const dispatched = session.dispatch(event);
      event.list.push(2);
      await dispatched;
      event.list.push(3);
      expect(agent.of(session.id).received).toEqual([{ type: 'x', list: [1] }]);
    });

    it('rejects INVALID_TRANSITION when no agent was configured', async () => {
      const client = await open();
      const session = await client.createSession();
      expect(await codeOf(session.dispatch({ type: 'x' }))).toBe('INVALID_TRANSITION');
    });

    it.each(['xstate.stop', 'xstate.init', 'xstate.error.actor.x', 'xstate.done.actor.0', 'xstate.'])(
      'refuses an event of type %s',
      async (type) => {
        const agent = watchedAgent();
        const client = await open({ agent: agent.logic });
        const session = await client.createSession();
        expect(await codeOf(session.dispatch({ type }))).toBe('INVALID_ARGUMENT');
        expect((await session.info()).status).toBe('active');
        expect(agent.of(session.id)).toMatchObject({ received: [], stopped: false });
      },
    );

    it.each([[null], [undefined], [{}], ['text'], [42], [{ type: 42 }], [{ type: null }], [[]], [() => {}]])(
      'refuses %s with INVALID_ARGUMENT, and the agent goes on',
      async (event) => {
        const agent = watchedAgent();
        const client = await open({ agent: agent.logic });
        const session = await client.createSession();
        expect(await codeOf(session.dispatch(event as never))).toBe('INVALID_ARGUMENT');
        await session.dispatch({ type: 'fine' });
        expect(agent.of(session.id).received).toEqual([{ type: 'fine' }]);
      },
    );
  });

  describe('what an agent emits', () => {
    it('is published with session, seq and time, in order, between the events of the engine', async () => {
      const client = await open({ agent: talkativeAgent });
      const session = await client.createSession({ id: 'a' });
      const seen = collect(client);
      await session.send('user', 'question');
      await session.dispatch({ type: 'answer' });
      await session.send('user', 'thanks');
      await settle();
      expect(seen.types()).toEqual(['conversation_added', ...ANSWER_TYPES, 'conversation_added']);
      expect(increases(seqs(seen.events))).toBe(true);
      for (const event of seen.events) {
        expect(event.sessionId).toBe('a');
        expect(Number.isNaN(Date.parse(event.at))).toBe(false);
        expect(thawed(event)).toBeUndefined();
      }
    });

    it('keeps its payload: the turnId and all', async () => {
      const client = await open({ agent: talkativeAgent });
      const session = await client.createSession();
      const seen = collect(client);
      await session.dispatch({ type: 'answer' });
      await settle();
      expect(seen.of('tool_call')[0]).toMatchObject({ turnId: 't1', toolId: 'c1', parameters: { q: 'x' } });
      expect(seen.of('tool_result')[0]).toMatchObject({ status: 'ok', result: ['a.ts:1'] });
      expect(seen.of('llm_stream_chunk').map(({ content }) => content)).toEqual(['Hel', 'lo']);
      expect(seen.of('llm_response')[0]).toMatchObject({ turnId: 't1', content: 'Hello', tokensUsed: 2 });
    });

    it('goes to the subscribers of its session only, and to those of all', async () => {
      const client = await open({ agent: talkativeAgent });
      const [a, b] = [await client.createSession({ id: 'a' }), await client.createSession({ id: 'b' })];
      const [ofA, ofB, ofAll] = [
        collect(client, { session: 'a' }),
        collect(client, { session: 'b' }),
        collect(client),
      ];
      await a.dispatch({ type: 'answer' });
      await b.send('user', 'x');
      await settle();
      expect(ofA.types()).toEqual(ANSWER_TYPES);
      expect(ofB.types()).toEqual(['conversation_added']);
      expect(ofAll.events).toHaveLength(ANSWER_TYPES.length + 1);
    });

    it.each([
      ['an unknown type', { type: 'my_own_event', turnId: 't' }],
      ['a lifecycle event', { type: 'session_terminated', reason: 'normal' }],
      ['a context event', { type: 'conversation_cleared' }],
      ['a missing field', { type: 'llm_response', turnId: 't' }],
      ['a field of the wrong type', { type: 'llm_response', turnId: 't', content: 42 }],
      [
        'a value that is not JSON',
        { type: 'tool_call', turnId: 't', toolId: 'c', toolName: 'n', parameters: { f() {} } },
      ],
    ])('is not published when it breaks the schema: %s', async (_title, emission) => {
      const agent = watchedAgent();
      const client = await open({ agent: agent.logic, logger: {} });
      const [bad, good] = [
        await client.createSession({ id: 'bad' }),
        await client.createSession({ id: 'good' }),
      ];
      const seen = collect(client);
      const thrown = await strays(async () => {
        try {
          agent.of(bad.id).emit(emission as AgentEmission);
        } catch {} // the agent may be told on the spot
        await settle();
      });
      expect(thrown).toEqual([]);
      // Its session may end for it, in the ordinary way; nothing else is to be heard.
      const lifecycle = ['session_crashed', 'session_status', 'session_terminated'];
      const forged = emission.type === 'session_terminated' ? 'normal' : 'none';
      expect(seen.types().filter((type) => !lifecycle.includes(type))).toEqual([]);
      expect(seen.of('session_terminated').filter(({ reason }) => reason === forged)).toEqual([]);
      expect((await good.send('user', 'unharmed')).role).toBe('user');
    });

    it('is a copy: what the agent changes afterwards changes no event', async () => {
      const agent = watchedAgent();
      const client = await open({ agent: agent.logic });
      const session = await client.createSession();
      const seen = collect(client);
      const parameters = { q: 'before' };
      agent.of(session.id).emit({ type: 'tool_call', turnId: 't', toolId: 'c', toolName: 'n', parameters });
      parameters.q = 'after';
      await settle();
      expect(seen.of('tool_call')[0]?.parameters).toEqual({ q: 'before' });
    });

    it('is not published any more once its session is terminating', async () => {
      const [agent, cleaned] = [watchedAgent(), gate()];
      const client = await open({ agent: agent.logic, hooks: { cleanup: () => cleaned.promise } });
      const session = await client.createSession();
      const terminated = session.terminate();
      await settle();
      const seen = collect(client, { types: ['llm_response'] });
      try {
        agent.of(session.id).emit({ type: 'llm_response', turnId: 't', content: 'too late' });
      } catch {} // XState may refuse an emit of a stopped actor
      cleaned.open();
      await terminated;
      await settle();
      expect(seen.events).toEqual([]);
    });
  });
}
