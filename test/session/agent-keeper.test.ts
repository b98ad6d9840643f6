import { describe, expect, it } from 'vitest';
import { setup } from 'xstate';
import { memoryStore } from '../../src/index.ts';
import type { SessionStore } from '../../src/store/port.ts';
import type { LooseEvent } from '../support/agents.ts';
import { codeOf } from '../support/errors.ts';
import { mortalStore } from '../support/mortal-store.ts';
import { turns } from '../support/turns.ts';
import { open, started } from './counting-agent.ts';
import { storeUnderTest } from './stores.ts';

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

describe('an agent that completes under the policy permanent', () => {
  const supervision = { restart: 'permanent' } as const;

  it('starts again also when the store refuses that once', async () => {
    const store = storeUnderTest();
    const on = await started(store, { supervision });
    store.refuse((records) => records.some(({ type }) => type === 'session_crashed'));
    await on.dispatch('end');
    await turns();
    expect(await codeOf(on.dispatch('tell'))).toBe('INVALID_TRANSITION');
    store.refuse(() => false);
    await on.advance(1000);
    await on.dispatch('tell');
    expect(on.said).toEqual(['asked 0']);
  });

  it('starts again also when its session wakes within the second of that refusal', async () => {
    const brief = setup({}).createMachine({
      initial: 'working',
      states: { working: { after: { 500: 'over' } }, over: { type: 'final' } },
    });
    const store = storeUnderTest();
    const on = await started(store, { supervision, agent: brief as never });
    await on.advance(100);
    store.refuse((records) => records.some(({ type }) => type === 'session_crashed'));
    await on.advance(400);
    expect(await on.manager.getSessionInfo('s')).toMatchObject({ status: 'idle', restarts: 0 });
    store.refuse(() => false);
    await on.manager.sendMessage('s', 'user', 'x');
    await on.advance(1000);
    expect((await on.manager.getSessionInfo('s')).restarts).toBeGreaterThan(0);
  });

  it('starts again in the next manager, whatever the policy was when it completed', async () => {
    const store = mortalStore();
    const on = await started(store);
    await on.dispatch('end');
    await store.crash();
    const next = open(store, { clock: on.clock, supervision });
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
