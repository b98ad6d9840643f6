import { describe, expect, it } from 'vitest';
import { type ActorRefLike, type AnyActorRef, setup } from 'xstate';
import { SessionError } from '../../src/errors.ts';
import { watchedAgent } from '../support/agents.ts';
import { codeOf } from '../support/errors.ts';
import { gate } from '../support/gate.ts';
import { turns } from '../support/turns.ts';
import { wrappedStore } from '../support/wrapped-store.ts';
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

  it('ends with a read; a session that was only read sleeps again after its time', async () => {
    const { on, session } = await asleep();
    expect(await session.info()).toMatchObject({ status: 'idle', activeTasks: 0 });
    expect(await session.context.history()).toEqual([]);
    expect([on.manager.stats().asleep, on.charts()]).toEqual([0, 1]);
    const { sleepAfterMs } = sleepy;
    await on.clock.advance(sleepAfterMs - 1);
    expect(on.manager.stats().asleep).toBe(0);
    await on.clock.advance(1);
    expect([on.manager.stats().asleep, on.charts(), on.news()]).toEqual([1, 0, []]);
  });

  it('is not disturbed by a list', async () => {
    const { on } = await asleep();
    expect((await on.manager.listSessions({ status: 'idle' })).map(({ id }) => id)).toEqual(['s']);
    expect(on.manager.stats()).toMatchObject({ asleep: 1, sessions: { idle: 1 } });
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

  it('ends with a write that is refused: the session is as it was, and can be written to', async () => {
    const store = storeUnderTest();
    const { on, session } = await asleep(sleepy, { store });
    store.refuse(() => true);
    expect(await codeOf(session.send('user', 'x'))).toBe('STORE_FAILED');
    expect(on.news()).toEqual([]);
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
    expect(next.manager.stats()).toMatchObject({ asleep: 1, sessions: { idle: 1 } });
    expect(await next.manager.getSessionInfo('s')).toMatchObject({ status: 'idle' });
    expect(next.manager.stats().asleep).toBe(0);
    await next.clock.advance(sleepy.sleepAfterMs);
    expect([next.manager.stats().asleep, next.news()]).toEqual([1, []]);
  });

  it('is over with the manager: a closed one counts nobody asleep, as it counts no session', async () => {
    const { on } = await asleep();
    await on.manager.close();
    expect(on.manager.stats()).toMatchObject({ asleep: 0, sessions: { idle: 0 } });
  });

  it('does not come to a session whose agent is a callback: it is at work', async () => {
    const agent = watchedAgent();
    const { on } = await withSession(sleepy, { agent: agent.logic });
    await on.clock.advance(1e6);
    await on.clock.advance(1e6);
    expect([on.news(), on.manager.stats().asleep]).toEqual([['active→idle'], 0]);
    expect(agent.live()).toHaveLength(1);
  });

  it('keeps the cache, which is in no store', async () => {
    const { on, session } = await withSession(sleepy);
    await session.cache.cacheFile('a.ts', 'content');
    await on.clock.advance(100);
    await on.clock.advance(300);
    expect(on.manager.stats().asleep).toBe(1);
    expect((await session.cache.getFile('a.ts'))?.content).toBe('content');
    expect(await session.cache.stats()).toMatchObject({ files: 1, hits: 1 });
  });

  it('keeps activity that made no fact: lastActivityAt is what it was', async () => {
    const { on, session } = await withSession(sleepy);
    await on.clock.advance(50);
    await session.cache.clear();
    const { lastActivityAt } = await session.info();
    await on.clock.advance(100);
    await on.clock.advance(300);
    expect(on.manager.stats().asleep).toBe(1);
    expect((await session.info()).lastActivityAt).toBe(lastActivityAt);
  });

  it('ends with the disposal of its handle, which ends no later session of that id', async () => {
    const { on, session } = await asleep();
    await session[Symbol.asyncDispose]();
    expect(on.manager.stats()).toMatchObject({ asleep: 0, sessions: { idle: 0 } });
    await on.manager.createSession({ id: 's', config: sleepy });
    await on.clock.advance(100);
    await on.clock.advance(300);
    await session[Symbol.asyncDispose]();
    expect(on.manager.stats().sessions).toMatchObject({ idle: 1 });
  });

  it('does not let go of its id: a create is refused, getOrCreate finds it', async () => {
    const { on } = await asleep();
    expect(await codeOf(on.manager.createSession({ id: 's' }))).toBe('DUPLICATE_SESSION');
    expect((await on.manager.getOrCreateSession('s')).created).toBe(false);
  });

  it('counts against maxSessions, and ends when all are terminated', async () => {
    const { on } = await asleep(sleepy, { limits: { maxSessions: 1 } });
    expect(await codeOf(on.manager.createSession())).toBe('LIMIT_EXCEEDED');
    await on.manager.close({ terminate: true });
    expect(on.news()).toEqual(['idle→terminating', 'terminating→terminated', 'gone (closed)']);
  });

  it('ends in the order of their deadlines for all who are away', async () => {
    const on = watched();
    const ended: string[] = [];
    on.manager.subscribeToAllSessions(({ sessionId }) => ended.push(sessionId), {
      types: ['session_terminated'],
    });
    for (const [id, terminateAfterMs] of [
      ['late', 3000],
      ['soon', 1000],
      ['next', 2000],
    ] as const)
      await on.manager.createSession({ id, config: { ...sleepy, terminateAfterMs } });
    await on.clock.advance(100);
    await on.clock.advance(300);
    expect(on.manager.stats()).toMatchObject({ asleep: 3, deadlines: 1 });
    for (let second = 0; second < 3; second++) await on.clock.advance(1000);
    expect(ended).toEqual(['soon', 'next', 'late']);
    expect(on.manager.stats()).toMatchObject({ asleep: 0, deadlines: 0 });
  });
});

describe('sleep and a store that takes its time', () => {
  const config = { idleAfterMs: 100, sleepAfterMs: 300 };
  /** A session whose snapshot is on its way to the store. */
  async function fallingAsleep() {
    const written = gate();
    const store = wrappedStore((lease) => ({
      putSnapshot: async (id, snapshot) => {
        await written.promise;
        return lease.putSnapshot(id, snapshot);
      },
    }));
    const { on, session } = await withSession(config, { store });
    await on.clock.advance(100);
    await on.clock.advance(200);
    expect(on.manager.stats().asleep).toBe(0);
    return { on, session, written };
  }

  it('comes once the session is written down', async () => {
    const { on, written } = await fallingAsleep();
    written.open();
    await turns();
    expect([on.manager.stats().asleep, on.charts()]).toEqual([1, 0]);
  });

  it('does not come when the session is written to meanwhile; nothing is lost', async () => {
    const { on, session, written } = await fallingAsleep();
    await session.send('user', 'wait');
    written.open();
    await turns();
    expect(on.manager.stats()).toMatchObject({ asleep: 0, sessions: { active: 1 } });
    expect((await session.context.history()).map(({ content }) => content)).toEqual(['wait']);
  });

  it('does not come when the store refuses; it is tried again', async () => {
    const { on, written } = await fallingAsleep();
    written.fail(new Error('ENOSPC'));
    await turns();
    expect(on.manager.stats().asleep).toBe(0);
    expect(on.logged.flat().join()).toContain('session "s" stays awake');
    await on.clock.advance(1000);
    expect(on.logged).toHaveLength(2);
  });
});

it.each([false, true])(
  'does not take the crash with it that the store refuses in the same instant (slow: %s)',
  async (slow) => {
    const mined = setup({}).createMachine({
      initial: 'calm',
      states: {
        calm: { after: { 400: 'broken' } },
        broken: {
          entry: () => {
            throw new Error('boom');
          },
        },
      },
    });
    const store = storeUnderTest({ slow });
    const on = stage({ store, agent: mined as never });
    await on.manager.createSession({ id: 's', config: { idleAfterMs: 100, sleepAfterMs: 300 } });
    await on.clock.advance(100);
    store.refuse((records) => records.some(({ type }) => type === 'session_crashed'));
    await on.clock.advance(300);
    await turns();
    expect(on.manager.stats()).toMatchObject({ asleep: 0, sessions: { idle: 1 } });
    store.refuse(() => false);
    await on.clock.advance(1000);
    await turns();
    expect(on.news().at(-1)).toBe('gone (crashed): boom');
  },
);

describe('an alarm that the store does not answer', () => {
  it.each(['heads', 'load'] as const)(
    'is rung again: %s is refused once, and nobody is forgotten',
    async (part) => {
      let refusals = 0;
      const refuseOnce = () => {
        if (refusals-- > 0) throw new SessionError('STORE_FAILED', 'EIO');
      };
      const store = wrappedStore((lease) => ({
        heads: (query) => {
          if (part === 'heads') refuseOnce();
          return lease.heads(query);
        },
        load: (id) => {
          if (part === 'load') refuseOnce();
          return lease.load(id);
        },
      }));
      const on = stage({ store });
      const config = { idleAfterMs: 100, sleepAfterMs: 300, terminateAfterMs: 1000 };
      for (const id of ['a', 'b']) await on.manager.createSession({ id, config });
      await on.clock.advance(100);
      await on.clock.advance(300);
      expect(on.manager.stats().asleep).toBe(2);
      refusals = 1;
      await on.clock.advance(600);
      expect(on.logged.flat().join()).toContain('it is tried again');
      await on.clock.advance(1000);
      expect(on.manager.stats()).toMatchObject({ asleep: 0, deadlines: 0, sessions: { idle: 0 } });
    },
  );
});
