import { describe, expect, it } from 'vitest';
import { fromTransition } from 'xstate';
import type { HookContext } from '../../src/index.ts';
import { codeOf, failureOf } from '../support/errors.ts';
import { turns } from '../support/turns.ts';
import { besideNeighbour, FAULTY, isFaulty } from './neighbourhood.ts';

const hostile = {
  get message(): string {
    throw new Error('from the getter');
  },
  get name(): string {
    throw new Error('from the getter');
  },
  toString(): string {
    throw new Error('from toString');
  },
  toJSON(): string {
    throw new Error('from toJSON');
  },
};
const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();
const cyclic: { self?: unknown } = {};
cyclic.self = cyclic;

const thrownValues: ReadonlyArray<readonly [string, unknown]> = [
  ['undefined', undefined],
  ['null', null],
  ['false', false],
  ['a string', 'just words'],
  ['a number', 42],
  ['a symbol', Symbol('thrown')],
  ['a frozen object', Object.freeze({ frozen: true })],
  ['a frozen error', Object.freeze(new Error('frozen'))],
  ['an error with a frozen cause', new Error('outer', { cause: Object.freeze({ inner: true }) })],
  ['an object without a prototype', Object.create(null)],
  ['an object in a cycle', cyclic],
  ['an object whose getters throw', hostile],
  ['a revoked proxy', revoked],
  // biome-ignore lint/suspicious/noThenProperty: a thenable is thrown on purpose
  ['a thenable', { then: () => {} }],
  ['a function', () => 'thrown'],
];

describe('things thrown that are no Error are wrapped, with what was thrown as the cause', () => {
  it.each(thrownValues)('%s, by initialize', async (_, thrown) => {
    const initialize = (session: HookContext) => {
      if (isFaulty(session)) throw thrown;
    };
    await besideNeighbour({ hooks: { initialize } }, async ({ manager, seen }) => {
      const error = await failureOf(manager.createSession({ id: 'bad', ...FAULTY }));
      expect(error.code).toBe('INITIALIZE_FAILED');
      expect(Object.hasOwn(error, 'cause')).toBe(true);
      expect(Object.is(error.cause, thrown)).toBe(true);
      const [end] = seen.of('session_terminated');
      expect(end).toMatchObject({ reason: 'init_failed', error: { message: expect.any(String) } });
      expect(() => JSON.stringify(end)).not.toThrow();
    });
  });

  it.each(thrownValues)('%s, by an agent', async (_, thrown) => {
    const agent = fromTransition((state: null, event: { type: string }) => {
      if (event.type === 'fail') throw thrown;
      return state;
    }, null);
    await besideNeighbour({ agent }, async ({ manager, seen }) => {
      const session = await manager.createSession({ id: 'bad', ...FAULTY });
      const error = await failureOf(session.dispatch({ type: 'fail' }));
      expect(error.code).toBe('SESSION_CRASHED');
      expect(Object.hasOwn(error, 'cause')).toBe(true);
      expect(Object.is(error.cause, thrown)).toBe(true);
      await turns();
      const [crash] = seen.of('session_crashed');
      expect(crash).toMatchObject({ error: { name: expect.any(String), message: expect.any(String) } });
      expect(() => JSON.stringify(crash)).not.toThrow();
      expect(seen.of('session_terminated')).toMatchObject([{ sessionId: 'bad', reason: 'crashed' }]);
      expect(await codeOf(session.info())).toBe('SESSION_NOT_FOUND');
    });
  });

  it.each(thrownValues)('%s, by a listener: nobody notices', async (_, thrown) => {
    await besideNeighbour({}, async ({ manager, logged }) => {
      const before = logged.length;
      const stop = manager.subscribeToAllSessions(() => {
        throw thrown;
      });
      await (await manager.createSession({ id: 'bad' })).terminate();
      stop();
      expect(logged.length).toBeGreaterThan(before);
    });
  });
});
