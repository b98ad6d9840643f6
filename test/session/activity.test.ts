import { describe, expect, it } from 'vitest';
import type { ActorRefLike, AnyActorRef } from 'xstate';
import { watchedAgent, workingAgent } from '../support/agents.ts';
import { codeOf } from '../support/errors.ts';
import { stateOf, turns } from '../support/turns.ts';
import { stage } from './stage.ts';
import { storeUnderTest } from './stores.ts';

const ENDED = ['terminating→terminated', 'gone (idle)'];

/** A manager in which the charts that run can be counted: one for each session that is awake. */
function watched(options: Parameters<typeof stage>[0] = {}) {
  const seen = new Set<ActorRefLike>();
  const on = stage({
    ...options,
    inspect: ({ type, actorRef }) => {
      if (type === '@xstate.actor') seen.add(actorRef);
    },
  });
  const isChart = (ref: ActorRefLike) => 'src' in ref && ref.src === 'session';
  const isLive = (ref: ActorRefLike) => (ref as AnyActorRef).getSnapshot().status === 'active';
  return { ...on, charts: () => [...seen].filter((ref) => isChart(ref) && isLive(ref)).length };
}

async function withSession(config: object, options: Parameters<typeof stage>[0] = {}) {
  const on = watched(options);
  const session = await on.manager.createSession({ id: 's', config });
  on.news();
  return { on, session };
}

describe('a session in which nothing happens', () => {
  it('without limits arms no deadline, and stays', async () => {
    const { on, session } = await withSession({});
    expect(on.manager.stats().deadlines).toBe(0);
    await on.clock.advance(1e12);
    expect((await session.info()).status).toBe('active');
  });

  it('idles after idleAfterMs, to the millisecond', async () => {
    const { on } = await withSession({ idleAfterMs: 100 });
    await on.clock.advance(99);
    expect(on.news()).toEqual([]);
    await on.clock.advance(1);
    expect(on.news()).toEqual(['active→idle']);
    expect(on.manager.stats()).toMatchObject({ deadlines: 0, sessions: { idle: 1 } });
  });

  it('ends after terminateAfterMs, active or idle, with its cleanup, for the reason idle', async () => {
    const cleaned: string[] = [];
    const hooks = { cleanup: ({ id }: { id: string }) => void cleaned.push(id) };
    const active = await withSession({ terminateAfterMs: 100 }, { hooks });
    await active.on.clock.advance(100);
    expect(active.on.news()).toEqual(['active→terminating', ...ENDED]);
    const idle = await withSession({ idleAfterMs: 40, terminateAfterMs: 100 }, { hooks });
    await idle.on.clock.advance(40);
    await idle.on.clock.advance(59);
    expect(idle.on.news()).toEqual(['active→idle']);
    await idle.on.clock.advance(1);
    expect(idle.on.news()).toEqual(['idle→terminating', ...ENDED]);
    expect(cleaned).toEqual(['s', 's']);
  });

  it('ends at once when the clock has passed both limits in one leap', async () => {
    const { on } = await withSession({ idleAfterMs: 40, terminateAfterMs: 100 });
    await on.clock.advance(5000);
    expect(on.news()).toEqual(['active→terminating', ...ENDED]);
  });

  it('that is forced to end by inactivity keeps its time for the cleanup', async () => {
    const { on } = await withSession(
      { terminateAfterMs: 100 },
      { timeouts: { terminateMs: 30 }, hooks: { cleanup: () => new Promise<void>(() => {}) } },
    );
    await on.clock.advance(100);
    expect(on.news()).toEqual(['active→terminating']);
    await on.clock.advance(30);
    expect(on.news()).toEqual(['terminating→terminated', 'gone (timeout)']);
  });
});

describe('activity', () => {
  it('puts idling off, whether it makes a fact or not; a read does not', async () => {
    const agent = watchedAgent();
    const { on, session } = await withSession({ idleAfterMs: 100 }, { agent: agent.logic });
    const acts: Array<() => Promise<unknown>> = [
      () => session.send('user', 'x'),
      () => session.context.put('k', 1),
      () => session.dispatch({ type: 'ask' }),
      () => session.cache.cacheFile('a', 'A'),
      async () => agent.of('s').emit({ type: 'llm_response', turnId: 't', content: 'x' }),
    ];
    for (const act of acts) {
      await on.clock.advance(99);
      await act();
    }
    await on.clock.advance(99);
    expect((await session.info()).status).toBe('active');
    await session.info();
    await session.context.history();
    await session.cache.getFile('a');
    await on.clock.advance(1);
    expect((await session.info()).status).toBe('idle');
  });

  it('moves lastActivityAt, and only a fact moves updatedAt', async () => {
    const { on, session } = await withSession({});
    const at = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms).toISOString();
    await on.clock.advance(10);
    await session.cache.cacheFile('a', 'A');
    expect(await session.info()).toMatchObject({ lastActivityAt: at(10), updatedAt: at(0) });
    await on.clock.advance(10);
    await session.send('user', 'x');
    expect(await session.info()).toMatchObject({ lastActivityAt: at(20), updatedAt: at(20) });
  });

  it('of an idle session makes it active, and the count begins anew', async () => {
    const { on, session } = await withSession({ idleAfterMs: 100 });
    await on.clock.advance(150);
    await session.send('user', 'x');
    await on.clock.advance(99);
    expect(on.news()).toEqual(['active→idle', 'idle→active', 'conversation_added']);
    await on.clock.advance(1);
    expect(on.news()).toEqual(['active→idle']);
  });

  it('is what an agent does in its children while they run', async () => {
    const { on, session } = await withSession({ idleAfterMs: 100 }, { agent: workingAgent });
    await session.dispatch({ type: 'work' });
    for (let n = 0; n < 3; n += 1) await on.clock.advance(100);
    expect(on.news()).toEqual([]);
    expect((await session.info()).activeTasks).toBe(1);
    await session.dispatch({ type: 'rest' });
    await on.clock.advance(99);
    expect(on.news()).toEqual([]);
    await on.clock.advance(1);
    expect(on.news()).toEqual(['active→idle']);
  });

  it('goes on from where it was in the next manager', async () => {
    const store = storeUnderTest();
    const first = await withSession({ idleAfterMs: 100 }, { store });
    await first.on.clock.advance(60);
    await first.on.manager.close();
    const second = stage({ store, clock: first.on.clock });
    await second.manager.ready;
    await second.clock.advance(39);
    expect(second.news()).toEqual([]);
    await second.clock.advance(1);
    expect(second.news()).toEqual(['active→idle']);
  });
});

describe('sleep', () => {
  const sleepy = { idleAfterMs: 100, sleepAfterMs: 300 };
  async function asleep(config: object = sleepy, options: Parameters<typeof stage>[0] = {}) {
    const { on, session } = await withSession(config, options);
    await on.clock.advance(100);
    await on.clock.advance(200);
    on.news();
    expect(on.manager.stats()).toMatchObject({ asleep: 1, deadlines: 'terminateAfterMs' in config ? 1 : 0 });
    expect(on.charts()).toBe(0);
    return { on, session };
  }

  it('comes to an idle session after sleepAfterMs: its chart is given back, and nobody hears of it', async () => {
    const { on } = await withSession(sleepy);
    await on.clock.advance(299);
    expect([on.news(), on.manager.stats().asleep, on.charts()]).toEqual([['active→idle'], 0, 1]);
    await on.clock.advance(1);
    expect([on.news(), on.manager.stats().asleep, on.charts()]).toEqual([[], 1, 0]);
    expect(on.manager.stats().sessions.idle).toBe(1);
  });

  it('comes with idling when its time is over by then, and never to a session that does not idle', async () => {
    const early = await withSession({ idleAfterMs: 100, sleepAfterMs: 50 });
    await early.on.clock.advance(99);
    expect(early.on.manager.stats().asleep).toBe(0);
    await early.on.clock.advance(1);
    await turns();
    expect([early.on.news(), early.on.manager.stats().asleep]).toEqual([['active→idle'], 1]);
    const never = await withSession({ sleepAfterMs: 50 });
    await never.on.clock.advance(1e9);
    expect([never.on.news(), never.on.manager.stats().asleep]).toEqual([[], 0]);
  });

  it('is not disturbed by reads', async () => {
    const { on, session } = await asleep();
    expect(await session.info()).toMatchObject({ status: 'idle', activeTasks: 0 });
    expect(await session.context.history()).toEqual([]);
    expect((await on.manager.listSessions({ status: 'idle' })).map(({ id }) => id)).toEqual(['s']);
    expect(on.manager.stats().asleep).toBe(1);
  });

  it('ends with a write, which goes on where the session was', async () => {
    const { on, session } = await asleep();
    await session.send('user', 'good morning');
    expect(on.news()).toEqual(['idle→active', 'conversation_added']);
    expect([on.manager.stats().asleep, on.charts()]).toEqual([0, 1]);
    await on.clock.advance(100);
    await on.clock.advance(200);
    expect([on.news(), on.manager.stats().asleep]).toEqual([['active→idle'], 1]);
  });

  it('goes on when a write is refused', async () => {
    const store = storeUnderTest();
    const { on, session } = await asleep(sleepy, { store });
    store.refuse(() => true);
    expect(await codeOf(session.send('user', 'x'))).toBe('STORE_FAILED');
    expect(on.manager.stats().asleep).toBe(1);
    store.refuse(() => false);
    await session.send('user', 'x');
    expect(on.news()).toEqual(['idle→active', 'conversation_added']);
    expect(on.manager.stats().asleep).toBe(0);
  });

  it.each([
    ['terminate', 'gone (normal)'],
    ['kill', 'gone (killed)'],
  ] as const)('ends with the session: %s', async (end, gone) => {
    const cleaned: string[] = [];
    const { on, session } = await asleep(sleepy, {
      hooks: { cleanup: ({ id }) => void cleaned.push(id) },
    });
    await session[end]();
    expect(on.news()).toEqual(['idle→terminating', 'terminating→terminated', gone]);
    expect(cleaned).toEqual(end === 'terminate' ? ['s'] : []);
    expect([on.manager.stats().asleep, on.charts()]).toEqual([0, 0]);
  });

  it('ends with a kill that restarts the session', async () => {
    const { on, session } = await asleep(sleepy, { supervision: { restart: 'transient' } });
    await session.kill();
    expect(on.news()).toEqual([
      'crashed, restarting: the session was killed',
      'idle→terminating',
      'terminating→terminated',
      'terminated→initializing',
      'initializing→active',
    ]);
    expect([on.manager.stats().asleep, on.charts()]).toEqual([0, 1]);
  });

  it('ends when the time of the session is over', async () => {
    const { on } = await asleep({ ...sleepy, terminateAfterMs: 1000 });
    await on.clock.advance(699);
    expect([on.news(), on.manager.stats().asleep]).toEqual([[], 1]);
    await on.clock.advance(1);
    expect(on.news()).toEqual(['idle→terminating', ...ENDED]);
    expect(on.manager.stats()).toMatchObject({ asleep: 0, deadlines: 0 });
  });

  it('survives the manager: the session is found idle, and sleeps again', async () => {
    const store = storeUnderTest();
    const { on } = await asleep(sleepy, { store });
    await on.manager.close();
    const next = stage({ store, clock: on.clock });
    await next.manager.ready;
    await next.clock.advance(0);
    expect(await next.manager.getSessionInfo('s')).toMatchObject({ status: 'idle' });
    expect(next.manager.stats().asleep).toBe(1);
    expect(next.news()).toEqual([]);
  });

  it('is over with the manager: a closed one counts nobody asleep, as it counts no session', async () => {
    const { on } = await asleep();
    await on.manager.close();
    expect(on.manager.stats()).toMatchObject({ asleep: 0, sessions: { idle: 0 } });
  });

  it('does not come to a session with an agent', async () => {
    const agent = watchedAgent();
    const { on } = await withSession(sleepy, { agent: agent.logic });
    await on.clock.advance(1e6);
    await on.clock.advance(1e6);
    expect([on.news(), on.manager.stats().asleep]).toEqual([['active→idle'], 0]);
    expect(agent.live()).toHaveLength(1);
  });
});

describe('inactivity and a store that takes its time', () => {
  it('decides on the session as it is when its turn comes', async () => {
    const store = storeUnderTest();
    const { on, session } = await withSession({ idleAfterMs: 100 }, { store });
    await on.clock.advance(99);
    const held = store.hold();
    const sent = session.send('user', 'just in time');
    await on.clock.advance(1);
    expect(await stateOf(sent)).toBe('pending');
    held.open();
    await sent;
    await turns();
    expect(on.news()).toEqual(['conversation_added']);
    await on.clock.advance(99);
    await on.clock.advance(1);
    expect(on.news()).toEqual(['active→idle']);
  });
});
