import { describe, expect, it } from 'vitest';
import { setup } from 'xstate';
import { engineOf } from '../../../src/engine-of.ts';
import { fragileAgent, type LooseEvent, watchedAgent } from '../../support/agents.ts';
import { codeOf } from '../../support/errors.ts';
import { gate } from '../../support/gate.ts';
import { turns } from '../../support/turns.ts';
import { stage } from '../stage.ts';
import { storeUnderTest } from '../stores.ts';

/** Changes by itself, 50 ms after its start. */
const restless = setup({ types: {} as { events: LooseEvent } }).createMachine({
  initial: 'young',
  states: { young: { after: { 50: 'old' } }, old: {} },
});

describe('that an agent was written down', () => {
  const withAgent = async () => {
    const store = storeUnderTest({ parts: { volatile: false } });
    const on = stage({ store, agent: restless as never });
    const session = await on.manager.createSession({ id: 's', config: { idleAfterMs: 100 } });
    await turns();
    return { ...on, store, session };
  };
  const saves = ({ appended }: ReturnType<typeof storeUnderTest>) =>
    appended.filter(({ type }) => type === 'agent_saved').length;

  it('is no event', async () => {
    const { clock, heard, store } = await withAgent();
    await clock.advance(50);
    expect(saves(store)).toBeGreaterThan(1);
    expect(heard.types()).not.toContain('agent_saved');
  });

  it('is no activity of its session', async () => {
    const { clock, session, store } = await withAgent();
    const before = saves(store);
    await clock.advance(50);
    expect(saves(store)).toBe(before + 1);
    await clock.advance(50);
    expect((await session.info()).status).toBe('idle');
  });
});

describe('an inspector', () => {
  it('is told of every fact, those that are no events included, once look-ups show it', async () => {
    const store = storeUnderTest({ parts: { volatile: false } });
    const on = stage({ store, agent: restless as never });
    const told: unknown[] = [];
    const seen: unknown[] = [];
    const { taps, registry } = engineOf(on.manager);
    taps.add((fact) => {
      told.push(fact);
      seen.push(registry.get('s')?.state.sessionSeq);
    });
    await (await on.manager.createSession({ id: 's' })).send('user', 'x');
    await turns();
    expect(told).toEqual(store.appended);
    expect(seen.at(-1)).toBe(store.appended.length);
    taps.clear();
    await on.manager.sendMessage('s', 'user', 'y');
    expect(store.appended.length).toBeGreaterThan(told.length);
  });

  it('that throws is named to the logger, and affects nobody', async () => {
    const on = stage();
    await on.manager.ready;
    engineOf(on.manager).taps.add(() => {
      throw new Error('confused');
    });
    await on.manager.createSession({ id: 's' });
    expect(on.news()).toEqual(['session_created', 'initializing→active']);
    expect(on.logged[0]).toEqual([expect.stringContaining('an inspector'), new Error('confused')]);
  });
});

describe('a session that ends', () => {
  it('has told its agent before its cleanup begins', async () => {
    const agent = watchedAgent();
    const hold = gate();
    const aborted: boolean[] = [];
    const on = stage({
      agent: agent.logic,
      hooks: {
        cleanup: () => {
          aborted.push(agent.of('s').input.signal.aborted);
          return hold.promise;
        },
      },
    });
    const session = await on.manager.createSession({ id: 's' });
    const ended = session.terminate();
    await turns();
    expect(aborted).toEqual([true]);
    hold.open();
    await ended;
  });

  it('leaves no deadline behind, not of a crash either that the store has refused', async () => {
    const store = storeUnderTest();
    const on = stage({ store, agent: fragileAgent });
    const session = await on.manager.createSession({ id: 's' });
    store.refuse((records) => records.some(({ type }) => type === 'session_crashed'));
    expect(await codeOf(session.dispatch({ type: 'boom' }))).toBe('SESSION_CRASHED');
    await turns();
    expect(on.manager.stats().deadlines).toBe(1);
    await session.terminate();
    expect(on.manager.stats()).toMatchObject({ deadlines: 0, sessions: { active: 0, terminating: 0 } });
  });

  it('is left by its chart, its agent and its cache, though somebody still holds on to what it was', async () => {
    const on = stage({ agent: watchedAgent().logic });
    const session = await on.manager.createSession({ id: 's' });
    await session.cache.cacheFile('a', 'A');
    const entry = engineOf(on.manager).registry.get('s');
    expect([entry?.chart, entry?.agent, entry?.cache].includes(undefined)).toBe(false);
    await session.terminate();
    expect([entry?.chart, entry?.agent, entry?.cache]).toEqual([undefined, undefined, undefined]);
  });

  it('by a kill while the store still refuses its crash has no deadline left either', async () => {
    const store = storeUnderTest();
    const on = stage({ store, agent: fragileAgent });
    const session = await on.manager.createSession({ id: 's' });
    store.refuse((records) => records.some(({ type }) => type === 'session_crashed'));
    await codeOf(session.dispatch({ type: 'boom' }));
    await turns();
    await session.kill();
    expect(on.manager.stats().deadlines).toBe(0);
    await on.clock.advance(1000);
    expect(store.misplaced).toEqual([]);
    expect(on.news().at(-1)).toBe('gone (killed)');
  });

  it('stops the children of its agent that the agent does not stop itself', async () => {
    const sent: unknown[] = [];
    const child = {
      sessionId: 'x:9',
      ref: {},
      getSnapshot: () => ({ status: 'active' }),
      send: (event: unknown) => void sent.push(event),
    };
    const careless = {
      ...fragileAgent,
      getInitialSnapshot: (scope: never, input: never) => ({
        ...fragileAgent.getInitialSnapshot(scope, input),
        children: { child },
      }),
    };
    const on = stage({ agent: careless as never });
    const session = await on.manager.createSession({ id: 's' });
    expect(sent).toEqual([]);
    await session.terminate();
    expect(sent).toEqual([{ type: 'xstate.stop' }]);
  });
});
