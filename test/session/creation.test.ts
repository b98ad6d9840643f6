import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { CreateSessionOptions } from '../../src/client.ts';
import { codeOf, failureOf } from '../support/errors.ts';
import { thawed } from '../support/frozen.ts';
import { gate } from '../support/gate.ts';
import { ids } from '../support/ids.ts';
import { stateOf, turns } from '../support/turns.ts';
import { forever, stage } from './stage.ts';
import { storeUnderTest } from './stores.ts';

const STARTED = ['session_created', 'initializing→active'];

const head = { id: 's', seq: 1, sessionSeq: 1, status: 'active', wakeAt: null };
/** A store that holds a session of which no fact is left. */
const UNREADABLE = {
  counts: () => ({ active: 1 }),
  head: () => head,
  heads: ({ after = 0 } = {}) => (after < 1 ? [head] : []),
  load: () => ({ records: [] }),
};

describe('what a session is created from', () => {
  it('is checked before anything happens, each option by its name', async () => {
    const on = stage({ limits: { maxMetadataBytes: 20 } });
    const wrong: Array<[options: unknown, code: string, path?: string]> = [
      [null, 'INVALID_ARGUMENT', 'options'],
      [[], 'INVALID_ARGUMENT', 'options'],
      [{ name: 's' }, 'INVALID_ARGUMENT', 'options.name'],
      [{ id: '../s' }, 'INVALID_SESSION_ID'],
      [{ id: 7 }, 'INVALID_SESSION_ID'],
      [{ metadata: null }, 'INVALID_ARGUMENT', 'options.metadata'],
      [{ metadata: { at: new Date() } }, 'INVALID_ARGUMENT', 'options.metadata.at'],
      [{ metadata: { note: 'longer than that' } }, 'PAYLOAD_TOO_LARGE', 'options.metadata'],
      [{ llmConfig: [] }, 'INVALID_ARGUMENT', 'options.llmConfig'],
      [{ llmConfig: { note: 'longer than that' } }, 'PAYLOAD_TOO_LARGE', 'options.llmConfig'],
      [{ config: { maxFiles: 0 } }, 'INVALID_ARGUMENT', 'options.config.maxFiles'],
      [{ config: { max: 1 } }, 'INVALID_ARGUMENT', 'options.config.max'],
      [{ signal: {} }, 'INVALID_ARGUMENT', 'options.signal'],
    ];
    for (const [options, code, path] of wrong) {
      const error = await failureOf(on.manager.createSession(options as CreateSessionOptions));
      expect(error).toMatchObject({ code, ...(path && { details: { path } }) });
      if (code === 'INVALID_SESSION_ID') continue;
      expect(await codeOf(on.manager.getOrCreateSession('s', options as CreateSessionOptions))).toBe(code);
    }
    expect(on.heard.events).toEqual([]);
  });

  it('may be nothing: then the id is generated, and the rest empty', async () => {
    const store = storeUnderTest();
    const on = stage({ store, generateId: ids('made') });
    const info = await (await on.manager.createSession()).info();
    expect(info).toMatchObject({ id: 'made1', metadata: {}, llmConfig: {} });
    expect(thawed(info)).toBeUndefined();
    expect(Object.keys(store.appended[0]?.payload ?? {})).toEqual(['metadata', 'llmConfig', 'config']);
  });

  it('fails with the generator of its id', async () => {
    const boom = new Error('no ids left');
    const throwing = stage({
      generateId: () => {
        throw boom;
      },
    });
    expect(await failureOf(throwing.manager.createSession())).toMatchObject({
      code: 'INVALID_ARGUMENT',
      cause: boom,
    });
    const wrong = stage({ generateId: () => 'no good' });
    expect(await codeOf(wrong.manager.createSession())).toBe('INVALID_SESSION_ID');
    const same = stage({ generateId: () => 'always' });
    await same.manager.createSession();
    expect(await codeOf(same.manager.createSession())).toBe('DUPLICATE_SESSION');
  });
});

describe('room for a session', () => {
  it('is at most maxSessions, those that end included until they are gone', async () => {
    const hold = gate();
    const on = stage({ limits: { maxSessions: 2 }, hooks: { cleanup: () => hold.promise } });
    const first = await on.manager.createSession();
    await on.manager.createSession();
    const error = await failureOf(on.manager.createSession());
    expect(error).toMatchObject({ code: 'LIMIT_EXCEEDED', details: { limit: 2 } });
    const ended = first.terminate();
    expect(await codeOf(on.manager.createSession())).toBe('LIMIT_EXCEEDED');
    hold.open();
    await ended;
    expect(await codeOf(on.manager.createSession())).toBe('resolved instead');
  });

  it('is none where a session is stored that cannot be read: nothing is written over it', async () => {
    const store = storeUnderTest({ parts: UNREADABLE });
    const on = stage({ store });
    expect((await on.manager.ready).quarantined).toMatchObject([{ id: 's' }]);
    for (const call of [on.manager.createSession({ id: 's' }), on.manager.getOrCreateSession('s')])
      expect(await codeOf(call)).toBe('STORE_CORRUPT');
    expect(store.appended).toEqual([]);
  });

  it('is one for each id: a duplicate is refused whatever state the first is in', async () => {
    const store = storeUnderTest();
    const on = stage({ store });
    await on.manager.ready;
    const held = store.hold();
    const [first, second] = [on.manager.createSession({ id: 's' }), on.manager.createSession({ id: 's' })];
    const codes = [first, second].map(codeOf);
    await turns();
    held.open();
    expect(await Promise.all(codes)).toEqual(['resolved instead', 'DUPLICATE_SESSION']);
    expect(on.news()).toEqual(STARTED);
  });
});

describe('the signal of a create', () => {
  it('that has fired before keeps everything from happening', async () => {
    const on = stage();
    const signal = AbortSignal.abort('no');
    const error = await failureOf(on.manager.createSession({ id: 's', signal }));
    expect(error).toMatchObject({ code: 'ABORTED', cause: 'no' });
    expect(on.heard.events).toEqual([]);
  });

  it('that fires while the create waits for its turn keeps it from happening', async () => {
    const store = storeUnderTest();
    const on = stage({ store });
    await on.manager.createSession({ id: 'other' });
    const held = store.hold();
    const busy = on.manager.sendMessage('other', 'user', 'keeps the journal busy');
    const stop = new AbortController();
    const created = codeOf(on.manager.createSession({ id: 's', signal: stop.signal }));
    await turns();
    stop.abort();
    held.open();
    await busy;
    expect(await created).toBe('ABORTED');
    expect(on.news()).toEqual([]);
  });

  it('that fires while its creation is written ends the session as soon as it is', async () => {
    const store = storeUnderTest();
    const on = stage({ store, hooks: { initialize: forever } });
    await on.manager.ready;
    const held = store.hold();
    const stop = new AbortController();
    const created = codeOf(on.manager.createSession({ id: 's', signal: stop.signal }));
    await turns();
    stop.abort();
    held.open();
    expect(await created).toBe('ABORTED');
    expect(on.news().slice(0, 2)).toEqual(['session_created', 'initializing→terminated']);
    await turns();
    expect(on.manager.stats().pending).toBe(0);
  });

  it('is let go when the create has settled, however it did', async () => {
    const outcomes = { active: 'resolved instead', failed: 'INITIALIZE_FAILED', closed: 'MANAGER_CLOSED' };
    for (const [how, code] of Object.entries(outcomes)) {
      const hold = gate();
      const on = stage({ hooks: { initialize: () => hold.promise } });
      const stop = new AbortController();
      const created = codeOf(on.manager.createSession({ id: 's', signal: stop.signal }));
      await turns();
      expect(getEventListeners(stop.signal, 'abort')).toHaveLength(1);
      if (how === 'active') hold.open();
      else if (how === 'failed') hold.fail(new Error('no network'));
      else await on.manager.close();
      expect(await created).toBe(code);
      expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0);
      stop.abort();
      await turns();
      if (how === 'active') expect((await on.manager.getSessionInfo('s')).status).toBe('active');
    }
  });
});

describe('taking a session or creating it', () => {
  it('takes one that runs, active or idle, and leaves it as it is', async () => {
    const on = stage();
    await on.manager.createSession({ id: 's', metadata: { n: 1 }, config: { idleAfterMs: 100 } });
    const again = await on.manager.getOrCreateSession('s', { metadata: { n: 2 } });
    expect([again.created, (await again.session.info()).metadata]).toEqual([false, { n: 1 }]);
    await on.clock.advance(100);
    expect(await on.manager.getOrCreateSession('s')).toMatchObject({ created: false });
    expect((await again.session.info()).status).toBe('idle');
  });

  it('creates one that is not there, with what was given', async () => {
    const on = stage();
    const { session, created } = await on.manager.getOrCreateSession('s', { metadata: { n: 2 } });
    expect([created, (await session.info()).metadata]).toEqual([true, { n: 2 }]);
  });

  it('twice at once, on a store that takes its time: one creates, the other takes', async () => {
    const on = stage({ store: storeUnderTest({ slow: true }) });
    await on.manager.ready;
    const both = await Promise.all([on.manager.getOrCreateSession('s'), on.manager.getOrCreateSession('s')]);
    expect(both.map(({ created }) => created)).toEqual([true, false]);
    expect(on.news()).toEqual(STARTED);
  });

  it('waits for one that starts; when that fails it creates its own', async () => {
    let starts = 0;
    const hold = gate();
    const on = stage({
      hooks: {
        initialize: () => {
          starts += 1;
          return starts === 1 ? hold.promise : undefined;
        },
      },
    });
    const first = codeOf(on.manager.createSession({ id: 's' }));
    await turns();
    const taken = on.manager.getOrCreateSession('s');
    expect(await stateOf(taken)).toBe('pending');
    expect(on.manager.stats().pending).toBe(2);
    hold.fail(new Error('no network'));
    expect(await first).toBe('INITIALIZE_FAILED');
    expect((await taken).created).toBe(true);
    await turns();
    expect(on.manager.stats().pending).toBe(0);
  });

  it('waits out one that ends, and creates the next', async () => {
    const hold = gate();
    const on = stage({ hooks: { cleanup: () => hold.promise } });
    const old = await on.manager.createSession({ id: 's' });
    await old.send('user', 'of the old one');
    const ended = old.terminate();
    const both = Promise.all([on.manager.getOrCreateSession('s'), on.manager.getOrCreateSession('s')]);
    expect(await stateOf(both)).toBe('pending');
    hold.open();
    await ended;
    const [first, second] = await both;
    expect([first.created, second.created]).toEqual([true, false]);
    expect(await first.session.context.history()).toEqual([]);
  });

  it('waits out a restart, through every step of it, and takes the session that comes back', async () => {
    const hold = gate();
    let starts = 0;
    const on = stage({
      supervision: { restart: 'transient', backoffMs: 100 },
      hooks: {
        initialize: () => {
          starts += 1;
          return starts === 1 ? undefined : hold.promise;
        },
      },
    });
    const session = await on.manager.createSession({ id: 's' });
    await session.kill();
    const taken = on.manager.getOrCreateSession('s');
    expect(await stateOf(taken)).toBe('pending');
    await on.clock.advance(100);
    expect((await session.info()).status).toBe('initializing');
    expect(await stateOf(taken)).toBe('pending');
    hold.open();
    const { created, session: back } = await taken;
    expect([created, await back.info()]).toMatchObject([false, { status: 'active', restarts: 1 }]);
  });

  it('gives up with its signal, and lets go of it when it has waited', async () => {
    const hold = gate();
    const on = stage({ hooks: { cleanup: () => hold.promise } });
    const session = await on.manager.createSession({ id: 's' });
    const ended = session.terminate();
    const [stop, keep] = [new AbortController(), new AbortController()];
    const given = codeOf(on.manager.getOrCreateSession('s', { signal: stop.signal }));
    const taken = on.manager.getOrCreateSession('s', { signal: keep.signal });
    await turns();
    expect(getEventListeners(keep.signal, 'abort')).toHaveLength(1);
    stop.abort();
    expect(await given).toBe('ABORTED');
    hold.open();
    await Promise.all([ended, taken]);
    expect(getEventListeners(keep.signal, 'abort')).toHaveLength(0);
    const late = on.manager.getOrCreateSession('s', { signal: AbortSignal.abort() });
    expect(await codeOf(late)).toBe('ABORTED');
  });

  it('fails as a create does, where it creates', async () => {
    const failing = stage({ hooks: { initialize: () => Promise.reject(new Error('no network')) } });
    expect(await codeOf(failing.manager.getOrCreateSession('s'))).toBe('INITIALIZE_FAILED');
    const full = stage({ limits: { maxSessions: 0 } });
    expect(await codeOf(full.manager.getOrCreateSession('s'))).toBe('LIMIT_EXCEEDED');
  });

  it('is refused when the manager closes meanwhile', async () => {
    const store = storeUnderTest({ parts: { [Symbol.asyncDispose]: () => turns(4) } });
    const on = stage({ store, hooks: { cleanup: forever } });
    const session = await on.manager.createSession({ id: 's' });
    session.terminate().catch(() => {});
    const taken = codeOf(on.manager.getOrCreateSession('s'));
    await turns();
    await on.manager.close();
    expect(await taken).toBe('MANAGER_CLOSED');
    await turns();
    expect(on.manager.stats().pending).toBe(0);
  });
});
