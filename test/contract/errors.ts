import { describe, expect, it } from 'vitest';
import { isSessionError, SessionError } from '../../src/index.ts';
import { testClock } from '../support/clock.ts';
import { codeOf, failureOf } from '../support/errors.ts';
import { gate } from '../support/gate.ts';
import { clientCallsOf, idCallsOf } from './calls.ts';
import type { Subject } from './subject.ts';

export function errorsContract({ open, settle }: Subject): void {
  describe('an error', () => {
    it('is a SessionError with code, session and a message, and an Error', async () => {
      const client = await open();
      const error = await failureOf(client.getSessionInfo('nobody'));
      expect(error).toBeInstanceOf(Error);
      expect(error).toMatchObject({ name: 'SessionError', code: 'SESSION_NOT_FOUND', sessionId: 'nobody' });
      expect(error.message).toContain('nobody');
      expect(error.stack).toEqual(expect.any(String));
    });

    it('is recognised by its brand, also one of another copy of the package', async () => {
      const client = await open();
      const error = await failureOf(client.getSessionInfo('nobody'));
      expect(isSessionError(error)).toBe(true);
      expect((error as unknown as Record<symbol, unknown>)[Symbol.for('chartroom.error')]).toBeTruthy();
      const foreign = Object.assign(new Error('x'), { [Symbol.for('chartroom.error')]: true });
      expect(isSessionError(foreign)).toBe(true);
      for (const other of [new Error('x'), { code: 'TIMEOUT' }, null, undefined, 'x']) {
        expect(isSessionError(other)).toBe(false);
      }
    });

    it('keeps the cause and the details it was made with', () => {
      const cause = new Error('below');
      const error = new SessionError('TIMEOUT', 'too slow', { cause, sessionId: 'a', details: { ms: 1 } });
      expect(error).toMatchObject({ code: 'TIMEOUT', cause, sessionId: 'a', details: { ms: 1 } });
    });
  });

  describe('an id that nobody has', () => {
    it('rejects SESSION_NOT_FOUND from every call that needs it', async () => {
      const client = await open();
      for (const [name, call] of idCallsOf(client, 'nobody')) {
        expect([name, await codeOf(call())]).toEqual([name, 'SESSION_NOT_FOUND']);
      }
    });

    it('rejects the same when the session was terminated, killed, or failed to start', async () => {
      const client = await open({
        hooks: {
          initialize: ({ id }) => {
            if (id === 'failed') throw new Error('no');
          },
        },
        logger: {},
      });
      await (await client.createSession({ id: 'terminated' })).terminate();
      await (await client.createSession({ id: 'killed' })).kill();
      await codeOf(client.createSession({ id: 'failed' }));
      for (const id of ['terminated', 'killed', 'failed']) {
        for (const [name, call] of idCallsOf(client, id)) {
          expect([id, name, await codeOf(call())]).toEqual([id, name, 'SESSION_NOT_FOUND']);
        }
      }
    });
  });

  describe('a write that waits in initializing', () => {
    it('rejects INITIALIZE_FAILED or SESSION_TERMINATED when the start fails', async () => {
      const ready = gate();
      const client = await open({ hooks: { initialize: () => ready.promise } });
      const created = codeOf(client.createSession({ id: 'a' }));
      const written = codeOf(client.sendMessage('a', 'user', 'x'));
      await settle();
      ready.fail(new Error('no database'));
      expect(await created).toBe('INITIALIZE_FAILED');
      expect(['INITIALIZE_FAILED', 'SESSION_TERMINATED']).toContain(await written);
    });

    it('rejects SESSION_TERMINATED when the session is terminated or killed meanwhile', async () => {
      const client = await open({ hooks: { initialize: () => new Promise(() => {}) } });
      for (const end of ['terminateSession', 'killSession'] as const) {
        const created = codeOf(client.createSession({ id: end }));
        const written = codeOf(client.session(end).context.put('k', 1));
        await settle();
        await client[end](end);
        expect([await created, await written]).toEqual(['SESSION_TERMINATED', 'SESSION_TERMINATED']);
      }
    });
  });

  describe('a hook that waits for the end of its own session', () => {
    it('is cut off by the limit: the session ends for the reason timeout, and nobody hangs', async () => {
      const clock = testClock();
      let inner: Promise<string> | undefined;
      const client = await open({
        clock,
        hooks: {
          async cleanup({ id }) {
            inner = codeOf(client.session(id).terminate());
            await inner;
          },
        },
      });
      const reasons: string[] = [];
      client.subscribeToAllSessions((event) => reasons.push(event.reason), { types: ['session_terminated'] });
      const session = await client.createSession();
      const terminated = codeOf(session.terminate());
      await clock.advance(5_000);
      await terminated;
      await settle();
      expect(reasons).toEqual(['timeout']);
      expect(await client.listSessions()).toEqual([]);
      await inner;
    });
  });

  describe('a closed client', () => {
    it('rejects MANAGER_CLOSED from every call', async () => {
      const client = await open();
      await client.createSession({ id: 'a' });
      await client.close();
      for (const [name, call] of clientCallsOf(client, 'a')) {
        expect([name, await codeOf(call())]).toEqual([name, 'MANAGER_CLOSED']);
      }
    });
  });
}
