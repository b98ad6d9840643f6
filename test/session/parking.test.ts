import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { codeOf, failureOf } from '../support/errors.ts';
import { gate } from '../support/gate.ts';
import { turns } from '../support/turns.ts';
import { forever, type Stage, stage } from './stage.ts';

/** A session `s` whose start is held. */
async function starting(options: Parameters<typeof stage>[0] = {}) {
  const hold = gate();
  const on = stage({ hooks: { initialize: () => hold.promise }, ...options });
  const created = on.manager.createSession({ id: 's' });
  created.catch(() => {});
  await turns();
  on.news();
  return { on, hold, created, session: on.manager.session('s') };
}

const contents = async ({ manager }: Stage) =>
  (await manager.session('s').context.history()).map(({ content }) => content);

describe('writes that wait for active', () => {
  it('take effect in call order, before anything that was asked later', async () => {
    const { on, hold, session } = await starting();
    const sent = ['1', '2', '3'].map((content) => session.send('user', content));
    expect(on.manager.stats().pending).toBe(4);
    let late: Promise<unknown> | undefined;
    session.subscribe((event) => {
      if (event.type === 'session_status') late = session.send('user', 'asked on hearing of active');
    });
    hold.open();
    expect((await Promise.all(sent)).map(({ id }) => id)).toEqual(['s:1', 's:2', 's:3']);
    await late;
    expect(await contents(on)).toEqual(['1', '2', '3', 'asked on hearing of active']);
    expect(on.news()).toEqual(['initializing→active', ...Array(4).fill('conversation_added')]);
    expect(on.manager.stats().pending).toBe(0);
  });

  it('take effect once, however often the session becomes active', async () => {
    const { on, hold, session } = await starting({ sessionDefaults: { idleAfterMs: 100 } });
    const sent = session.send('user', 'once');
    hold.open();
    await sent;
    await on.clock.advance(100);
    await session.context.put('k', 1);
    expect(on.news().slice(-2)).toEqual(['idle→active', 'working_context_updated']);
    expect(await contents(on)).toEqual(['once']);
    expect(on.manager.stats().pending).toBe(0);
  });

  it('of every kind wait, reads do not', async () => {
    const { on, hold, session } = await starting();
    const writes = [
      session.send('user', 'x'),
      session.context.put('k', 1),
      session.context.addFile('a'),
      session.cache.cacheFile('a', 'A'),
    ];
    expect(await session.context.keys()).toEqual([]);
    expect(await session.cache.getFile('a')).toBeUndefined();
    hold.open();
    await Promise.all(writes);
    expect(on.news()).toEqual([
      'initializing→active',
      'conversation_added',
      'working_context_updated',
      'file_added',
    ]);
    expect(await session.cache.getFile('a')).toMatchObject({ content: 'A' });
  });

  it('fail each on its own: the others go through', async () => {
    const { on, hold, session } = await starting({ sessionDefaults: { maxTokens: 2 } });
    const codes = ['ok', 'far too many tokens', 'ok too'].map((content) =>
      codeOf(session.send('user', content)),
    );
    hold.open();
    expect(await Promise.all(codes)).toEqual(['resolved instead', 'PAYLOAD_TOO_LARGE', 'resolved instead']);
    expect((await contents(on)).at(-1)).toBe('ok too');
  });

  it('are withdrawn by their signals, wherever they wait, and the order of the others stays', async () => {
    const { on, hold, session } = await starting();
    const stops = [0, 1, 2, 3].map(() => new AbortController());
    const codes = stops.map(({ signal }, n) => codeOf(session.send('user', String(n), { signal })));
    await turns();
    stops[2]?.abort();
    stops[0]?.abort();
    stops[2]?.abort();
    expect(on.manager.stats().pending).toBe(3);
    hold.open();
    expect(await Promise.all(codes)).toEqual(['ABORTED', 'resolved instead', 'ABORTED', 'resolved instead']);
    expect(await contents(on)).toEqual(['1', '3']);
    expect(on.manager.stats().pending).toBe(0);
  });

  it('let go of their signals when they have waited, however that ended', async () => {
    const listeners = (stop: AbortController) => getEventListeners(stop.signal, 'abort').length;
    for (const end of ['active', 'failed', 'terminated', 'closed'] as const) {
      const { on, hold, session } = await starting();
      const stop = new AbortController();
      const code = codeOf(session.send('user', 'x', { signal: stop.signal }));
      await turns();
      expect(listeners(stop)).toBe(1);
      if (end === 'active') hold.open();
      else if (end === 'failed') hold.fail(new Error('no network'));
      else if (end === 'terminated') await session.terminate();
      else await on.manager.close();
      expect(await code).toBe(
        {
          active: 'resolved instead',
          failed: 'INITIALIZE_FAILED',
          terminated: 'SESSION_TERMINATED',
          closed: 'MANAGER_CLOSED',
        }[end],
      );
      expect(listeners(stop)).toBe(0);
      stop.abort();
      expect(on.manager.stats().pending).toBe(0);
    }
  });

  it('with a key that came before are answered by the first, also when both waited', async () => {
    const { on, hold, session } = await starting();
    const sent = ['first', 'second'].map((content) => session.send('user', content, { idempotencyKey: 'k' }));
    hold.open();
    const [first, second] = await Promise.all(sent);
    expect(second).toBe(first);
    expect(await contents(on)).toEqual(['first']);
  });

  it('are told of the end of their session by its kind', async () => {
    const { on, created, session } = await starting({
      timeouts: { initializeMs: 100 },
      hooks: { initialize: forever },
    });
    const refused = failureOf(session.send('user', 'x'));
    await on.clock.advance(100);
    const error = await refused;
    expect(error).toMatchObject({ code: 'INITIALIZE_FAILED', sessionId: 's', cause: { code: 'TIMEOUT' } });
    expect(error.message).toContain('"s"');
    expect(await codeOf(created)).toBe('TIMEOUT');
  });
});
