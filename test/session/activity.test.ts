import { describe, expect, it } from 'vitest';
import { watchedAgent, workingAgent } from '../support/agents.ts';
import { stateOf, turns } from '../support/turns.ts';
import { stage } from './stage.ts';
import { storeUnderTest } from './stores.ts';

const ENDED = ['terminating→terminated', 'gone (idle)'];

async function withSession(config: object, options: Parameters<typeof stage>[0] = {}) {
  const on = stage(options);
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

  it('that makes no fact is the last one when it wakes the session too', async () => {
    const { on, session } = await withSession({ idleAfterMs: 100 });
    const at = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms).toISOString();
    await on.clock.advance(10);
    await session.cache.cacheFile('a', 'A');
    await on.clock.advance(300);
    expect(await session.info()).toMatchObject({ status: 'idle', lastActivityAt: at(10) });
    await session.cache.cacheFile('a', 'B');
    expect(await session.info()).toMatchObject({ status: 'active', lastActivityAt: at(310) });
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

  it.each([
    ['idling', { idleAfterMs: 100 }, ['active→idle']],
    ['its end', { terminateAfterMs: 100 }, ['active→terminating', ...ENDED]],
  ])('that the store refuses to note, %s, is tried again', async (_what, config, news) => {
    const store = storeUnderTest();
    const { on } = await withSession(config, { store });
    store.refuse(() => true);
    await on.clock.advance(100);
    expect(on.news()).toEqual([]);
    store.refuse(() => false);
    await on.clock.advance(1000);
    expect(on.news()).toEqual(news);
  });
});
