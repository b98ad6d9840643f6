import { describe, expect, it } from 'vitest';
import { assign, emit, fromPromise, setup } from 'xstate';
import type { SessionManagerOptions } from '../../src/index.ts';
import { memoryStore } from '../../src/index.ts';
import type { AgentInput } from '../../src/options.ts';
import type { SessionStore } from '../../src/store/port.ts';
import { fragileAgent, type LooseEvent } from '../support/agents.ts';
import { testClock } from '../support/clock.ts';
import { codeOf } from '../support/errors.ts';
import { mortalStore } from '../support/mortal-store.ts';
import { turns } from '../support/turns.ts';
import { wrappedStore } from '../support/wrapped-store.ts';
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

const CONFIG = { idleAfterMs: 100, sleepAfterMs: 300 };

function open(store: SessionStore, options: SessionManagerOptions & { clock?: Stage['clock'] } = {}) {
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

async function started(store: SessionStore, options: Parameters<typeof open>[1] = {}) {
  const on = open(store, options);
  await on.manager.createSession({ id: 's', config: CONFIG });
  return on;
}

/** It falls idle, and asleep. */
async function asleep(store: SessionStore, ...asked: string[]) {
  const on = await started(store);
  for (const type of asked) await on.dispatch(type);
  await on.advance(100);
  await on.advance(300);
  expect(on.manager.stats().asleep).toBe(1);
  return on;
}

describe.each([
  ['in memory', () => memoryStore()],
  ['in a store that takes its time', () => mortalStore()],
])('an agent whose session sleeps %s', (_where, newStore) => {
  it('goes on where it was when the session is touched, and nothing is published by that', async () => {
    const on = await asleep(newStore(), 'ask', 'ask');
    expect(await on.manager.getSessionInfo('s')).toMatchObject({ status: 'idle' });
    expect([on.manager.stats().asleep, on.said]).toEqual([0, []]);
    await on.dispatch('tell');
    expect(on.said).toEqual(['asked 2']);
  });

  it('comes back by itself when its timer is due, which keeps its deadline; its handles work', async () => {
    const on = await asleep(newStore(), 'ask');
    await on.advance(599);
    expect([on.manager.stats().asleep, on.said]).toEqual([1, []]);
    await on.advance(1);
    await on.advance(0);
    expect(on.said).toEqual(['answer 1']);
    expect(await on.manager.session('s').context.get('asked')).toBe(1);
  });

  it('stays completed when it had completed', async () => {
    const on = await asleep(newStore(), 'end');
    expect(await codeOf(on.dispatch('tell'))).toBe('INVALID_TRANSITION');
    await on.advance(100);
    await on.advance(300);
    expect(on.manager.stats().asleep).toBe(1);
    expect(await codeOf(on.dispatch('tell'))).toBe('INVALID_TRANSITION');
  });

  it('keeps the session awake while it is at work', async () => {
    const on = await started(newStore());
    await on.dispatch('work');
    await on.advance(100);
    await on.advance(10_000);
    expect(on.manager.stats().asleep).toBe(0);
    await on.dispatch('rest');
    await on.advance(100);
    await on.advance(300);
    expect(on.manager.stats().asleep).toBe(1);
  });

  it('goes on in the next manager, after this one was closed', async () => {
    const store = newStore();
    const on = await started(store);
    await on.dispatch('ask');
    await on.manager.close();
    const next = open(store, { clock: on.clock });
    expect(await next.manager.ready).toEqual({ recovered: 1, quarantined: [] });
    await next.advance(999);
    expect(next.said).toEqual([]);
    await next.advance(1);
    await next.advance(0);
    expect(next.said).toEqual(['answer 1']);
  });
});

describe('an agent whose process dies', () => {
  it('is where it was at the last event that was acknowledged', async () => {
    const store = mortalStore();
    const on = await started(store);
    for (let n = 0; n < 3; n++) await on.dispatch('ask');
    await store.crash();
    const next = open(store, { clock: on.clock });
    await next.dispatch('tell');
    expect(next.said).toEqual(['asked 3']);
  });

  it('comes back at once when it was at work, and does that again', async () => {
    const store = mortalStore();
    const on = await started(store);
    await on.dispatch('work');
    await store.crash();
    const next = open(store, { clock: on.clock });
    await next.manager.ready;
    expect(next.manager.stats().asleep).toBe(0);
    expect(await next.manager.getSessionInfo('s')).toMatchObject({ activeTasks: 1 });
  });

  it('stays in the store with its session when it was not', async () => {
    const store = mortalStore();
    const on = await started(store);
    await on.dispatch('tell');
    await store.crash();
    const next = open(store, { clock: on.clock });
    await next.manager.ready;
    expect(next.manager.stats()).toMatchObject({ asleep: 1, sessions: { active: 1 } });
  });

  it('starts afresh after a crash of its own, also when that is cut short', async () => {
    const store = mortalStore();
    const supervision = { restart: 'transient', backoffMs: 1000 } as const;
    const on = await started(store, { supervision });
    await on.dispatch('ask');
    await on.manager.killSession('s');
    await store.crash();
    const next = open(store, { clock: on.clock, supervision });
    await next.manager.ready;
    await next.advance(1000);
    await next.dispatch('tell');
    expect(next.said).toEqual(['asked 0']);
  });
});

describe('an agent that cannot be brought back as it was', () => {
  const unwritable = setup({
    types: { context: {} as { gone: unknown }, events: {} as LooseEvent },
  }).createMachine({
    context: { gone: () => {} },
    initial: 'calm',
    states: { calm: {} },
  });

  it('because it cannot be written down: it keeps its session awake, and is reported after a crash', async () => {
    const store = mortalStore();
    const on = await started(store, { agent: unwritable as never });
    await on.advance(100);
    await on.advance(10_000);
    expect(on.manager.stats()).toMatchObject({ asleep: 0, sessions: { idle: 1 } });
    await store.crash();
    const next = open(store, { clock: on.clock, agent: unwritable as never });
    const { recovered, lost } = await next.manager.ready;
    expect([recovered, lost]).toEqual([1, [{ id: 's', reason: expect.stringContaining('context.gone') }]]);
    expect(next.logged.flat().join()).toContain('starts afresh');
  });

  it('because it is of another version: migrateAgent makes one that fits', async () => {
    const store = mortalStore();
    const on = await started(store, { agentVersion: 1 });
    for (let n = 0; n < 2; n++) await on.dispatch('ask');
    await store.crash();
    const from: unknown[] = [];
    const next = open(store, {
      clock: on.clock,
      agentVersion: 2,
      migrateAgent: (snapshot, version) => {
        from.push(version);
        const context = snapshot.context as { asked: number };
        return { ...snapshot, context: { ...context, asked: context.asked * 10 } };
      },
    });
    await next.dispatch('tell');
    expect([next.said, from]).toEqual([['asked 20'], [1]]);
  });

  it('because nobody says how: it starts afresh, and that is reported', async () => {
    const store = mortalStore();
    const on = await started(store, { agentVersion: 'old' });
    await on.dispatch('work');
    await store.crash();
    const next = open(store, { clock: on.clock, agentVersion: 'new' });
    const { lost } = await next.manager.ready;
    expect(lost).toEqual([{ id: 's', reason: expect.stringContaining('give options.migrateAgent') }]);
    await next.dispatch('tell');
    expect(next.said).toEqual(['asked 0']);
  });
});

describe('writing an agent down', () => {
  /** A durable store that notes how often each kind of fact was appended, and together with which. */
  function noting() {
    const appends: string[][] = [];
    let full = false;
    const store = wrappedStore((lease) => ({
      volatile: false,
      append: async (records) => {
        if (full && records.some(({ type }) => type === 'agent_saved')) throw new Error('ENOSPC');
        appends.push(records.map(({ type }) => type));
        return lease.append(records);
      },
    }));
    const fill = (value: boolean) => {
      full = value;
    };
    return { store, appends, fill };
  }

  it('happens once for all that it went through in one turn of the event loop', async () => {
    const { store, appends } = noting();
    const on = await started(store);
    await turns(20);
    appends.length = 0;
    await Promise.all(['ask', 'ask', 'ask', 'tell'].map(on.dispatch));
    expect(appends.flat().filter((type) => type === 'agent_saved')).toHaveLength(1);
  });

  it('is no event, and no activity of the session', async () => {
    const { store } = noting();
    const on = await started(store);
    const seen: string[] = [];
    on.manager.subscribeToSession('s', ({ type }) => seen.push(type), { from: 0 });
    await turns(20);
    const before = await on.manager.getSessionInfo('s');
    await on.dispatch('ask');
    expect(seen).toEqual(['session_created', 'session_status']);
    expect((await on.manager.getSessionInfo('s')).updatedAt).toBe(before.updatedAt);
  });

  it('that the store refuses rejects the dispatch that waits for it; the next may work', async () => {
    const { store, fill } = noting();
    const on = await started(store);
    await turns(20);
    fill(true);
    expect(await codeOf(on.dispatch('ask'))).toBe('STORE_FAILED');
    fill(false);
    await on.dispatch('ask');
    expect(on.logged.flat().join()).toContain('the agent of session "s" was not stored');
  });

  it('is done before the manager has closed, and a dispatch that waits for it is told so', async () => {
    const { store, appends } = noting();
    const on = await started(store);
    await turns(20);
    appends.length = 0;
    const dispatched = on.dispatch('ask');
    await turns(1);
    await Promise.all([dispatched, on.manager.close()]);
    expect(appends.flat()).toEqual(['agent_saved']);
  });

  it('that is cut short by a close leaves no dispatch hanging', async () => {
    const { store } = noting();
    const on = await started(store);
    const codes = [codeOf(on.dispatch('ask')), codeOf(on.manager.close())];
    expect(await Promise.all(codes)).toEqual([
      expect.stringMatching(/resolved instead|MANAGER_CLOSED/),
      'resolved instead',
    ]);
  });

  it('is of the agent of now, when that of before has crashed and started again in the same turn', async () => {
    const appended: string[] = [];
    const store = wrappedStore((lease) => ({
      volatile: false,
      append: (records) => {
        for (const { type, payload } of records)
          appended.push('status' in payload ? `${payload.status}` : type);
        return lease.append(records);
      },
    }));
    const on = await started(store, { supervision: { restart: 'transient' } });
    await turns();
    const calls = [on.dispatch('ask'), on.manager.killSession('s'), on.dispatch('ask')];
    await Promise.allSettled(calls);
    await turns();
    const again = appended.lastIndexOf('active');
    expect(appended.slice(again)).toContain('agent_saved');
  });

  it('costs nothing where the store goes with the process', async () => {
    const types: string[] = [];
    const store = wrappedStore((lease) => ({
      append: (records) => {
        types.push(...records.map(({ type }) => type));
        return lease.append(records);
      },
    }));
    const on = await started(store);
    await on.dispatch('ask');
    await turns(20);
    expect(types).not.toContain('agent_saved');
    await on.manager.close();
    expect(types.filter((type) => type === 'agent_saved')).toHaveLength(1);
  });

  it('works for logic that is no machine', async () => {
    const store = mortalStore();
    const clock = testClock(Date.UTC(2026, 0, 1));
    const on = await started(store, { agent: fragileAgent as never, clock });
    await on.manager.session('s').dispatch({ type: 'say', content: 'hello' });
    await store.crash();
    const next = open(store, { agent: fragileAgent as never, clock });
    expect(await next.manager.ready).toEqual({ recovered: 1, quarantined: [] });
    await next.manager.session('s').dispatch({ type: 'say', content: 'again' });
  });
});
