import { describe, expect, it, vi } from 'vitest';
import { type InspectionEvent, SimulatedClock } from 'xstate';
import { createSessionManager } from '../../src/index.ts';
import { codeOf, failureOf, strays } from '../support/errors.ts';
import { collect } from '../support/events.ts';
import { turns } from '../support/turns.ts';
import { besideNeighbour, boom, ended, fail, started, story } from './neighbourhood.ts';

const whole = [...started, 'conversation_added', ...ended, 'gone (normal)'];

/** One whole life of a session, to be seen by an observer that fails. */
async function live(manager: Pick<ReturnType<typeof createSessionManager>, 'createSession'>, id: string) {
  const session = await manager.createSession({ id });
  await session.send('user', 'hello');
  await session.terminate();
}

describe('an observer that fails affects nobody', () => {
  it.each([
    ['throws', fail],
    ['rejects', () => Promise.reject(boom)],
    ['rejects later', async () => turns(1).then(fail)],
  ])('a listener that %s', async (_, listener) => {
    await besideNeighbour({}, async ({ manager, seen, logged }) => {
      const stops = [
        manager.subscribeToAllSessions(listener),
        manager.subscribeToSession('watched', listener, { types: ['session_status'] }),
      ];
      const after = collect(manager, { session: 'watched' });
      await live(manager, 'watched');
      await turns();
      for (const stop of stops) stop();
      after.stop();
      expect(story(seen, 'watched')).toEqual(whole);
      expect(story(after, 'watched')).toEqual(whole);
      expect(logged.length).toBe(whole.length + 3);
      expect(logged.flat()).toContain(boom);
    });
  });

  it('a listener that throws while the past is replayed to it', async () => {
    await besideNeighbour({}, async ({ manager, seen }) => {
      await live(manager, 'watched');
      let calls = 0;
      const stop = manager.subscribeToSession(
        'watched',
        () => {
          calls += 1;
          throw boom;
        },
        { from: 0 },
      );
      await turns();
      stop();
      expect(calls).toBe(story(seen, 'watched').length);
    });
  });

  const inspected: Array<InspectionEvent['type']> = [
    '@xstate.actor',
    '@xstate.event',
    '@xstate.snapshot',
    '@xstate.microstep',
    '@xstate.action',
  ];

  it.each(inspected)('an inspector function that throws on %s', async (type) => {
    const inspect = (event: InspectionEvent) => {
      if (event.type === type) throw boom;
    };
    await besideNeighbour({ inspect }, async ({ manager, seen }) => {
      await live(manager, 'watched');
      expect(story(seen, 'watched')).toEqual(whole);
    });
  });

  it('an inspector observer that throws on everything', async () => {
    let calls = 0;
    const inspect = {
      next() {
        calls += 1;
        throw boom;
      },
    };
    await besideNeighbour({ inspect }, async ({ manager, seen }) => {
      await live(manager, 'watched');
      expect(story(seen, 'watched')).toEqual(whole);
    });
    expect(calls).toBeGreaterThan(0);
  });

  it.each([
    ['a function that throws', fail],
    ['a function that rejects', () => Promise.reject(boom) as never],
    ['an object whose methods throw', { debug: fail, info: fail, warn: fail, error: fail }],
    ['an object without methods', {}],
  ])('a logger: %s', async (_, logger) => {
    await besideNeighbour({ logger }, async ({ manager, seen }) => {
      const stop = manager.subscribeToAllSessions(fail);
      await live(manager, 'watched');
      stop();
      expect(story(seen, 'watched')).toEqual(whole);
    });
  });
});

describe('a function of the options that fails rejects the call that needed it, and changes nothing', () => {
  const answers: ReadonlyArray<readonly [string, () => unknown]> = [
    ['throws', fail],
    ['gives NaN', () => Number.NaN],
    ['gives a negative number', () => -1],
    ['gives Infinity', () => Number.POSITIVE_INFINITY],
    ['gives a string', () => '12'],
    ['gives a promise', () => Promise.resolve(1)],
  ];

  it.each(answers)('countTokens that %s', async (_, answer) => {
    const countTokens = (text: string) => (text === 'uncountable' ? (answer() as number) : text.length);
    await besideNeighbour({ countTokens }, async ({ manager, seen }) => {
      const session = await manager.createSession({ id: 'counted' });
      const error = await failureOf(session.send('user', 'uncountable', { idempotencyKey: 'k' }));
      expect(error.code).toBe('INVALID_ARGUMENT');
      expect(error.message).toContain('countTokens');
      expect(await session.context.history()).toEqual([]);
      const message = await session.send('user', 'countable', { idempotencyKey: 'k' });
      expect(message).toMatchObject({ id: 'counted:1', content: 'countable' });
      await session.terminate();
      expect(story(seen, 'counted')).toEqual(whole);
    });
  });

  it('countTokens that throws keeps what it threw as the cause', async () => {
    const countTokens = (text: string) => (text === 'uncountable' ? fail() : text.length);
    await besideNeighbour({ countTokens }, async ({ manager }) => {
      const error = await failureOf(manager.sendMessage('neighbour', 'user', 'uncountable'));
      expect(error.cause).toBe(boom);
    });
  });

  it.each([
    ['throws', fail, 'INVALID_ARGUMENT'],
    ['gives no string', () => 42 as never, 'INVALID_SESSION_ID'],
    ['gives a promise', () => Promise.resolve('x') as never, 'INVALID_SESSION_ID'],
    ['gives a forbidden id', () => '__proto__', 'INVALID_SESSION_ID'],
    ['gives an id that is taken', () => 'neighbour', 'DUPLICATE_SESSION'],
  ])('generateId that %s', async (_, generateId, code) => {
    await besideNeighbour({ generateId }, async ({ manager, seen }) => {
      const events = seen.events.length;
      const error = await failureOf(manager.createSession());
      expect(error.code).toBe(code);
      if (generateId === fail) expect(error.cause).toBe(boom);
      expect(seen.events).toHaveLength(events);
    });
  });
});

describe('a clock that fails stops nobody, and leaves no timer behind', () => {
  const broken: ReadonlyArray<readonly [string, object]> = [
    ['now() throws', { now: fail }],
    ['now() gives NaN', { now: () => Number.NaN }],
    ['now() gives what no date can be', { now: () => 9e15 }],
    ['setTimeout() throws', { setTimeout: fail }],
    ['clearTimeout() throws', { clearTimeout: fail }],
  ];

  it.each(broken)('%s', async (_, fault) => {
    const simulated = new SimulatedClock();
    const set = vi.spyOn(globalThis, 'setTimeout');
    const clear = vi.spyOn(globalThis, 'clearTimeout');
    let healthy = true;
    const use = (name: 'now' | 'setTimeout' | 'clearTimeout') => {
      const own = fault as Partial<Record<string, (...args: unknown[]) => unknown>>;
      const right = simulated[name].bind(simulated) as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => (healthy ? right : (own[name] ?? right))(...args);
    };
    const clock = { now: use('now'), setTimeout: use('setTimeout'), clearTimeout: use('clearTimeout') };
    const stray = await strays(async () => {
      const manager = createSessionManager({
        clock: clock as never,
        logger: () => {},
        hooks: { initialize: () => turns(1), cleanup: () => turns(1) },
      });
      const seen = collect(manager);
      const neighbour = await manager.createSession({ id: 'neighbour' });
      healthy = false;
      await live(manager, 'unlucky');
      await neighbour.send('user', 'meanwhile');
      healthy = true;
      await live(manager, 'newcomer');
      expect(story(seen, 'unlucky')).toEqual(whole);
      expect(story(seen, 'newcomer')).toEqual(whole);
      for (const { at } of seen.events) expect(new Date(at).toISOString()).toBe(at);
      expect(await neighbour.info()).toMatchObject({ status: 'active', messageCount: 1 });
      await manager.close();
      expect(manager.stats()).toMatchObject({ pending: 0, deadlines: 0 });
      expect(await codeOf(manager.createSession())).toBe('MANAGER_CLOSED');
    }).finally(() => vi.restoreAllMocks());
    expect(stray).toEqual([]);
    const standIns = set.mock.results.map(({ value }) => value);
    const left = standIns.filter((timer) => !clear.mock.calls.flat().includes(timer));
    expect(left).toHaveLength(0);
  });
});
