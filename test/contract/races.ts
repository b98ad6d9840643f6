import { describe, expect, it } from 'vitest';
import { testClock } from '../support/clock.ts';
import { codeOf } from '../support/errors.ts';
import { collect, ENDED } from '../support/events.ts';
import { gate } from '../support/gate.ts';
import type { Subject } from './subject.ts';

export function racesContract({ open, settle }: Subject): void {
  describe('two creates of one id at once', () => {
    it('one wins, the others reject DUPLICATE_SESSION', async () => {
      const client = await open();
      const seen = collect(client);
      const creates = Array.from({ length: 10 }, (_, n) =>
        codeOf(client.createSession({ id: 'a', metadata: { n } })),
      );
      const codes = await Promise.all(creates);
      expect(codes[0]).toBe('resolved instead');
      expect(codes.slice(1)).toEqual(Array(9).fill('DUPLICATE_SESSION'));
      expect((await client.getSessionInfo('a')).metadata).toEqual({ n: 0 });
      await settle();
      expect(seen.of('session_created')).toHaveLength(1);
    });

    it('the second is refused while the first still initializes', async () => {
      const ready = gate();
      const client = await open({ hooks: { initialize: () => ready.promise } });
      const first = client.createSession({ id: 'a' });
      expect(await codeOf(client.createSession({ id: 'a' }))).toBe('DUPLICATE_SESSION');
      ready.open();
      expect((await first).id).toBe('a');
    });
  });

  describe('terminate during initializing', () => {
    it('resolves, and create rejects SESSION_TERMINATED', async () => {
      const client = await open({ hooks: { initialize: () => new Promise(() => {}) } });
      const created = codeOf(client.createSession({ id: 'a' }));
      await settle();
      await client.terminateSession('a');
      expect(await created).toBe('SESSION_TERMINATED');
      expect(await client.listSessions()).toEqual([]);
    });

    it('called in the same tick as create does the same', async () => {
      const client = await open({ hooks: { initialize: () => new Promise(() => {}) } });
      const created = codeOf(client.createSession({ id: 'a' }));
      const terminated = codeOf(client.terminateSession('a'));
      expect(await Promise.all([created, terminated])).toEqual(['SESSION_TERMINATED', 'resolved instead']);
    });

    it('aborts the signal of the hook, and the id is free afterwards', async () => {
      let signal: AbortSignal | undefined;
      let first = true;
      const client = await open({
        hooks: {
          initialize: (session) => {
            if (!first) return;
            first = false;
            signal = session.signal;
            return new Promise(() => {});
          },
        },
      });
      const created = codeOf(client.createSession({ id: 'a' }));
      await settle();
      await client.terminateSession('a');
      await created;
      expect(signal?.aborted).toBe(true);
      expect((await (await client.createSession({ id: 'a' })).info()).status).toBe('active');
    });

    it('publishes an end after session_created, and never active', async () => {
      const client = await open({ hooks: { initialize: () => new Promise(() => {}) } });
      const seen = collect(client);
      const created = codeOf(client.createSession({ id: 'a' }));
      await settle();
      await client.terminateSession('a');
      await created;
      await settle();
      expect(seen.steps()).toEqual(['session_created', 'initializing→terminated', 'session_terminated']);
    });
  });

  describe('send during initializing', () => {
    it('waits for active and is then applied, in call order', async () => {
      const ready = gate();
      const client = await open({ hooks: { initialize: () => ready.promise } });
      const seen = collect(client);
      const created = client.createSession({ id: 'a' });
      const sends = ['1', '2', '3'].map((text) => client.sendMessage('a', 'user', text));
      await settle();
      expect(await client.session('a').context.history()).toEqual([]);
      ready.open();
      await created;
      expect((await Promise.all(sends)).map(({ id }) => id)).toEqual(['a:1', 'a:2', 'a:3']);
      await settle();
      expect(seen.steps()).toEqual([
        'session_created',
        'initializing→active',
        'conversation_added',
        'conversation_added',
        'conversation_added',
      ]);
    });

    it('does not hold up a read', async () => {
      const client = await open({ hooks: { initialize: () => new Promise(() => {}) } });
      void codeOf(client.createSession({ id: 'a', metadata: { m: 1 } }));
      const session = client.session('a');
      void codeOf(session.send('user', 'waits'));
      expect((await session.info()).metadata).toEqual({ m: 1 });
      expect((await session.snapshot()).messages).toEqual([]);
      expect(await session.context.keys()).toEqual([]);
    });
  });

  describe('send against terminate', () => {
    it('each is either committed before the end and acknowledged, or SESSION_NOT_ACTIVE', async () => {
      const client = await open();
      for (let round = 0; round < 30; round++) {
        const session = await client.createSession({ id: `r${round}` });
        const seen = collect(client, { session: session.id });
        const sends: Array<Promise<string>> = [];
        for (let i = 0; i < round % 7; i++) sends.push(codeOf(session.send('user', `before ${i}`)));
        const terminated = session.terminate();
        for (let i = 0; i < 5; i++) sends.push(codeOf(session.send('user', `after ${i}`)));
        const codes = await Promise.all(sends);
        await terminated;
        await settle();
        const acknowledged = codes.filter((code) => code === 'resolved instead').length;
        expect(
          codes.filter(
            (code) => !['resolved instead', 'SESSION_NOT_ACTIVE', 'SESSION_NOT_FOUND'].includes(code),
          ),
        ).toEqual([]);
        expect(seen.of('conversation_added')).toHaveLength(acknowledged);
        const terminating = seen.of('session_status').find(({ status }) => status === 'terminating');
        for (const { seq } of seen.of('conversation_added')) {
          expect(seq).toBeLessThan(terminating?.seq ?? Number.NaN);
        }
        seen.stop();
      }
    });

    it('called before it in the same tick it is acknowledged: calls take effect in call order', async () => {
      const client = await open();
      const session = await client.createSession();
      const [sent, terminated] = [codeOf(session.send('user', 'first')), session.terminate()];
      expect(await sent).toBe('resolved instead');
      await terminated;
    });
  });

  describe('kill', () => {
    it('while initializing: create rejects SESSION_TERMINATED', async () => {
      const client = await open({ hooks: { initialize: () => new Promise(() => {}) } });
      const seen = collect(client);
      const created = codeOf(client.createSession({ id: 'a' }));
      await settle();
      await client.killSession('a');
      expect(await created).toBe('SESSION_TERMINATED');
      await settle();
      expect(seen.steps()).toEqual(['session_created', 'initializing→terminated', 'session_terminated']);
      expect(seen.of('session_terminated')[0]?.reason).toBe('killed');
    });

    it('while active or idle: gone', async () => {
      const clock = testClock();
      const client = await open({ clock, sessionDefaults: { idleAfterMs: 100 } });
      const [active, idle] = [await client.createSession(), await client.createSession()];
      await clock.advance(50);
      await active.send('user', 'busy');
      await clock.advance(50);
      expect([(await active.info()).status, (await idle.info()).status]).toEqual(['active', 'idle']);
      await Promise.all([active.kill(), idle.kill()]);
      expect(await client.listSessions()).toEqual([]);
    });

    it('while terminating: ends now, and the terminate that waits resolves', async () => {
      const client = await open({ hooks: { cleanup: () => new Promise(() => {}) } });
      const session = await client.createSession();
      const seen = collect(client);
      const terminated = session.terminate();
      await settle();
      await session.kill();
      await terminated;
      await settle();
      expect(seen.steps()).toEqual(ENDED);
    });

    it('twice at once: both resolve or the second finds nobody', async () => {
      const client = await open();
      const session = await client.createSession();
      const codes = await Promise.all([codeOf(session.kill()), codeOf(session.kill())]);
      expect(codes[0]).toBe('resolved instead');
      expect(['resolved instead', 'SESSION_NOT_FOUND']).toContain(codes[1]);
    });
  });

  describe('a cleanup that is slow', () => {
    it('keeps nobody else waiting', async () => {
      const clock = testClock();
      const client = await open({
        clock,
        hooks: { cleanup: ({ id }) => (id === 'slow' ? new Promise(() => {}) : undefined) },
      });
      const [slow, other] = [await client.createSession({ id: 'slow' }), await client.createSession()];
      const terminated = slow.terminate();
      await settle();
      await other.send('user', 'x');
      await other.terminate();
      await (await client.createSession()).terminate();
      expect((await client.listSessions()).map(({ id, status }) => [id, status])).toEqual([
        ['slow', 'terminating'],
      ]);
      await clock.advance(5_000);
      await terminated;
      expect(await client.listSessions()).toEqual([]);
    });
  });
}
