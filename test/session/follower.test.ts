import { describe, expect, it } from 'vitest';
import { fromPromise } from 'xstate';
import { codeOf } from '../support/errors.ts';
import { drain } from '../support/events.ts';
import { turns } from '../support/turns.ts';
import { forever, stage } from './stage.ts';
import { type StoreUnderTest, type StoreUnderTestOptions, storeUnderTest } from './stores.ts';

/** Without a first snapshot XState fails where it creates the actor: in the chart. */
const unborn = { ...fromPromise(forever), getInitialSnapshot: () => undefined } as never;

/** A session `s` of two facts, whose writes are one fact each. */
async function written(count: number, options: StoreUnderTestOptions = {}, config: object = {}) {
  const store = storeUnderTest(options);
  const on = stage({ store });
  const session = await on.manager.createSession({ id: 's', config });
  for (let n = 1; n <= count; n += 1) await session.context.put('k', n);
  return { store, on, session };
}

const placesOf = ({ snapshots }: StoreUnderTest) => snapshots.map(({ sessionSeq }) => sessionSeq);

describe('snapshots of a session', () => {
  it('are written every thousand facts, and no sooner', async () => {
    const { store, session } = await written(998);
    expect(placesOf(store)).toEqual([]);
    // The creation starts the count and is not counted.
    await session.context.put('k', 999);
    expect(placesOf(store)).toEqual([1001]);
    for (let n = 0; n < 999; n += 1) await session.context.put('k', n);
    expect(placesOf(store)).toEqual([1001]);
    await session.context.put('k', 'one more');
    expect(placesOf(store)).toEqual([1001, 2001]);
  });

  it('are where a recovery starts: what is before them is not read, and nothing is missing', async () => {
    const { store, on, session } = await written(1200);
    await session.send('user', 'the last word', { idempotencyKey: 'k' });
    await session.context.addFile('a.ts');
    const before = [await session.info(), await session.context.history(), await session.context.keys()];
    await on.manager.close();

    const next = stage({ store });
    expect(await next.manager.ready).toEqual({ recovered: 1, quarantined: [] });
    expect(store.loaded).toEqual([{ id: 's', from: 1001, records: 203 }]);
    const found = next.manager.session('s');
    expect([await found.info(), await found.context.history(), await found.context.keys()]).toEqual(before);
    expect(await found.context.get('k')).toBe(1200);
    const again = await found.send('user', 'x', { idempotencyKey: 'k' });
    expect(again.content).toBe('the last word');
    expect((await found.send('user', 'next')).id).toBe('s:2');
  });

  it('are written as seldom as a session is large', async () => {
    const store = storeUnderTest();
    const on = stage({ store });
    const session = await on.manager.createSession({ id: 's', config: { maxMessages: 800 } });
    for (let n = 0; n < 1598; n += 1) await session.send('user', 'x');
    expect(placesOf(store)).toEqual([]);
    await session.send('user', 'x');
    expect(placesOf(store)).toEqual([1601]);
    await session.context.clearConversation();
    for (let n = 0; n < 999; n += 1) await session.context.put('k', n);
    expect(placesOf(store)).toEqual([1601, 2601]);
  });

  it('hold the session as it was at their fact, whatever comes while they are written', async () => {
    const { store, session } = await written(999);
    const [snapshot] = store.snapshots;
    const data = structuredClone(snapshot?.data);
    await session.context.put('k', 'later');
    await session.send('user', 'later');
    expect(snapshot?.data).toEqual(data);
    expect(snapshot?.data).toMatchObject({ workingContext: [['k', 999]], conversation: [] });
  });

  it.each<[string, () => void | Promise<void>]>([
    [
      'at once',
      () => {
        throw new Error('the disk is full');
      },
    ],
    ['later', () => Promise.reject(new Error('the disk is full'))],
  ])(
    'that are refused %s are logged, and cost nothing else; the next is tried in its time',
    async (_how, refuse) => {
      let tries = 0;
      const putSnapshot = () => {
        tries += 1;
        return refuse();
      };
      const { store, on, session } = await written(999, { parts: { putSnapshot } });
      await turns();
      expect(on.logged).toEqual([
        ['chartroom: no snapshot of session "s" was stored.', new Error('the disk is full')],
      ]);
      for (let n = 0; n < 1000; n += 1) await session.context.put('k', n);
      expect(tries).toBe(2);
      await on.manager.close();
      const next = stage({ store });
      await next.manager.ready;
      expect(store.loaded).toEqual([{ id: 's', from: 0, records: 2001 }]);
      expect(await next.manager.session('s').context.get('k')).toBe(999);
    },
  );

  it('are not written of a session that ends with its thousandth fact', async () => {
    const { store, session } = await written(996);
    await session.terminate();
    expect(placesOf(store)).toEqual([]);
    expect(store.appended).toHaveLength(2 + 996 + 3);
  });
});

describe('a committed fact', () => {
  it('is folded before it is published: whoever hears of it finds it done', async () => {
    const on = stage();
    const seen: unknown[] = [];
    on.manager.subscribeToAllSessions((event) => {
      const { sessions } = on.manager.stats();
      if (event.type === 'session_status') seen.push([event.status, sessions[event.status]]);
    });
    const session = await on.manager.createSession({ id: 's', config: { idleAfterMs: 100 } });
    await on.clock.advance(100);
    await session.terminate();
    // Facts of one decision are all folded before the first is published: at `terminated` it is gone.
    expect(seen).toEqual([
      ['active', 1],
      ['idle', 1],
      ['terminating', 1],
      ['terminated', 0],
    ]);
  });

  it('is what the journal has, in its order, and each is heard once', async () => {
    const store = storeUnderTest();
    const on = stage({ store });
    const session = await on.manager.createSession({ id: 's' });
    await session.send('user', 'x');
    await session.terminate();
    expect(on.heard.events.map(({ seq, type }) => [seq, type])).toEqual(
      store.appended.map(({ seq, type }) => [seq, type]),
    );
    const replayed = await drain(on.manager.events({ from: 0 }), on.heard.events.length);
    expect(replayed).toEqual(on.heard.events);
  });

  it('of the end takes the cache with it, frees the id, and leaves no timer', async () => {
    const on = stage();
    const session = await on.manager.createSession({ id: 's', config: { idleAfterMs: 100 } });
    await session.cache.cacheFile('a', 'A');
    await session.terminate();
    expect(on.manager.stats()).toMatchObject({ deadlines: 0, pending: 0 });
    expect(on.clock.pending).toBe(0);
    expect(await codeOf(session.cache.getFile('a'))).toBe('SESSION_NOT_FOUND');
    const again = await on.manager.createSession({ id: 's' });
    expect(await again.cache.stats()).toMatchObject({ files: 0 });
  });

  it('reaches a session whose chart has failed too: it ends, with its cleanup', async () => {
    const cleaned: string[] = [];
    const on = stage({ agent: unborn, hooks: { cleanup: ({ id }) => void cleaned.push(id) } });
    await on.manager.createSession({ id: 's' }).catch(() => {});
    await turns();
    expect(on.news()).toEqual([
      'session_created',
      'initializing→active',
      expect.stringMatching(/^crashed, for good/),
      'active→terminating',
      'terminating→terminated',
      expect.stringMatching(/^gone \(crashed\)/),
    ]);
    expect(on.logged[0]?.[0]).toBe('chartroom: the chart of session "s" failed.');
    expect(cleaned).toEqual(['s']);
    expect(on.manager.stats().sessions).toMatchObject({ active: 0, terminating: 0 });
  });

  it('reaches a session whose chart has failed also after a pause: it starts again, up to the limit', async () => {
    const supervision = { restart: 'transient', backoffMs: 100, maxRestarts: 1, withinMs: 60_000 } as const;
    const on = stage({ agent: unborn, supervision });
    await on.manager.createSession({ id: 's' }).catch(() => {});
    await on.clock.advance(99);
    expect((await on.manager.getSessionInfo('s')).status).toBe('terminating');
    await on.clock.advance(1);
    await turns();
    expect(on.news().slice(3)).toEqual([
      'active→terminating',
      'terminating→terminated',
      'terminated→initializing',
      'initializing→active',
      expect.stringMatching(/^crashed, for good/),
      'active→terminating',
      'terminating→terminated',
      expect.stringMatching(/^gone \(crashed\)/),
    ]);
  });

  it('reaches a session whose chart has failed also when its cleanup never ends', async () => {
    const on = stage({ agent: unborn, hooks: { cleanup: forever }, timeouts: { terminateMs: 30 } });
    await on.manager.createSession({ id: 's' }).catch(() => {});
    await on.clock.advance(30);
    await turns();
    expect(on.news().at(-1)).toMatch(/^gone \(crashed\)/);
    expect(on.manager.stats()).toMatchObject({ deadlines: 0, sessions: { terminating: 0 } });
  });

  it('of a restart keeps the cache, the id and the place in the list', async () => {
    const on = stage({ supervision: { restart: 'transient' } });
    const session = await on.manager.createSession({ id: 's' });
    await on.manager.createSession({ id: 't' });
    await session.cache.cacheFile('a', 'A');
    await session.kill();
    expect(await session.cache.getFile('a')).toMatchObject({ content: 'A' });
    expect((await on.manager.listSessions()).map(({ id }) => id)).toEqual(['s', 't']);
  });
});
