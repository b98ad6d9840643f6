import { describe, expect, it } from 'vitest';
import { codeOf } from '../support/errors.ts';
import { thawed } from '../support/frozen.ts';
import { gate } from '../support/gate.ts';
import { ids } from '../support/ids.ts';
import { stateOf } from '../support/turns.ts';
import { callsOf } from './calls.ts';
import type { Subject } from './subject.ts';

export function lookupContract({ open, settle }: Subject): void {
  describe('listing sessions', () => {
    it('is empty when there are none', async () => {
      const client = await open();
      expect(await client.listSessions()).toEqual([]);
    });

    it('shows what is registered in creation order, whatever the ids', async () => {
      const client = await open();
      for (const id of ['m', 'z', 'a', '10', '9']) await client.createSession({ id });
      await client.session('z').send('user', 'activity does not reorder');
      expect((await client.listSessions()).map(({ id }) => id)).toEqual(['m', 'z', 'a', '10', '9']);
    });

    it('tells of each session what getSessionInfo tells', async () => {
      const client = await open({ generateId: ids() });
      await client.createSession({ metadata: { a: 1 } });
      await client.createSession({ metadata: { a: 2 } });
      const [one, two] = await client.listSessions();
      expect(one).toEqual(await client.getSessionInfo('s1'));
      expect(two).toEqual(await client.getSessionInfo('s2'));
    });

    it('leaves out what has ended', async () => {
      const client = await open();
      for (const id of ['a', 'b', 'c', 'd']) await client.createSession({ id });
      await client.terminateSession('b');
      await client.killSession('c');
      expect((await client.listSessions()).map(({ id }) => id)).toEqual(['a', 'd']);
      expect(await client.listSessions({ status: 'terminated' })).toEqual([]);
    });

    it('filters by one status or by several', async () => {
      const [starting, ending] = [gate(), gate()];
      const client = await open({
        hooks: {
          initialize: ({ id }) => (id === 'starting' ? starting.promise : undefined),
          cleanup: ({ id }) => (id === 'ending' ? ending.promise : undefined),
        },
      });
      await client.createSession({ id: 'running' });
      await client.createSession({ id: 'ending' });
      const created = client.createSession({ id: 'starting' });
      const terminated = client.terminateSession('ending');
      await settle();
      const listed = async (status: Parameters<typeof client.listSessions>[0]) =>
        (await client.listSessions(status)).map(({ id }) => id);
      expect(await listed({ status: 'active' })).toEqual(['running']);
      expect(await listed({ status: 'initializing' })).toEqual(['starting']);
      expect(await listed({ status: ['terminating'] })).toEqual(['ending']);
      expect(await listed({ status: ['active', 'initializing'] })).toEqual(['running', 'starting']);
      expect(await listed({ status: 'idle' })).toEqual([]);
      expect(await listed({})).toEqual(['running', 'ending', 'starting']);
      starting.open();
      ending.open();
      await Promise.all([created, terminated]);
    });

    it('pages by limit and after', async () => {
      const client = await open({ generateId: ids() });
      for (let i = 0; i < 7; i++) await client.createSession();
      const pages: string[][] = [];
      let after: number | undefined;
      for (;;) {
        const page = await client.listSessions({ limit: 3, ...(after === undefined ? {} : { after }) });
        if (page.length === 0) break;
        pages.push(page.map(({ id }) => id));
        after = page.at(-1)?.seq;
      }
      expect(pages).toEqual([['s1', 's2', 's3'], ['s4', 's5', 's6'], ['s7']]);
    });

    it('goes on paging when the last session of the page before has ended', async () => {
      const client = await open({ generateId: ids() });
      for (let i = 0; i < 5; i++) await client.createSession();
      const last = (await client.listSessions({ limit: 2 })).at(-1);
      await client.terminateSession('s2');
      await client.terminateSession('s1');
      const rest = await client.listSessions({ after: last?.seq ?? Number.NaN });
      expect(rest.map(({ id }) => id)).toEqual(['s3', 's4', 's5']);
    });

    it('counts the limit after the filter', async () => {
      const starting = gate();
      const client = await open({
        generateId: ids(),
        hooks: { initialize: ({ id }) => (id === 's1' ? starting.promise : undefined) },
      });
      const first = client.createSession();
      for (let i = 0; i < 3; i++) await client.createSession();
      const page = await client.listSessions({ status: 'active', limit: 2 });
      expect(page.map(({ id }) => id)).toEqual(['s2', 's3']);
      starting.open();
      await first;
    });

    it('hands out copies that are deeply frozen and do not change', async () => {
      const client = await open();
      const session = await client.createSession({ metadata: { a: [{ b: 1 }] } });
      const list = await client.listSessions();
      await session.send('user', 'x');
      expect(thawed(list[0])).toBeUndefined();
      expect(list[0]?.messageCount).toBe(0);
      expect((await client.listSessions())[0]?.messageCount).toBe(1);
    });
  });

  describe('a handle', () => {
    it('carries the id, and works for a session made elsewhere', async () => {
      const client = await open();
      await client.createSession({ id: 'a', metadata: { x: 1 } });
      const handle = client.session('a');
      expect(handle.id).toBe('a');
      expect((await handle.info()).metadata).toEqual({ x: 1 });
      expect((await handle.send('user', 'hi')).id).toBe('a:1');
    });

    it('is given out for an unknown id; each of its calls then rejects SESSION_NOT_FOUND', async () => {
      const client = await open();
      for (const [name, call] of callsOf(client.session('nobody'))) {
        expect([name, await codeOf(call())]).toEqual([name, 'SESSION_NOT_FOUND']);
      }
    });

    it('of a session that is gone: each call rejects SESSION_NOT_FOUND', async () => {
      const client = await open();
      const session = await client.createSession();
      await session.terminate();
      for (const [name, call] of callsOf(session)) {
        expect([name, await codeOf(call())]).toEqual([name, 'SESSION_NOT_FOUND']);
      }
    });

    it('belongs to the id, not to one incarnation', async () => {
      const client = await open();
      const early = client.session('a');
      const first = await client.createSession({ id: 'a', metadata: { life: 1 } });
      expect((await early.info()).metadata).toEqual({ life: 1 });
      await first.terminate();
      await client.createSession({ id: 'a', metadata: { life: 2 } });
      expect((await early.info()).metadata).toEqual({ life: 2 });
      expect((await first.info()).metadata).toEqual({ life: 2 });
    });
  });

  describe('getOrCreateSession', () => {
    it('creates a session that is not there, with the options', async () => {
      const client = await open();
      const { session, created } = await client.getOrCreateSession('a', { metadata: { x: 1 } });
      expect(created).toBe(true);
      expect(await session.info()).toMatchObject({ id: 'a', status: 'active', metadata: { x: 1 } });
    });

    it('gives the one that is there, and leaves it as it is', async () => {
      const client = await open();
      await client.createSession({ id: 'a', metadata: { first: true } });
      await client.sendMessage('a', 'user', 'kept');
      const { session, created } = await client.getOrCreateSession('a', { metadata: { first: false } });
      expect(created).toBe(false);
      expect((await session.info()).metadata).toEqual({ first: true });
      expect(await session.context.history()).toHaveLength(1);
    });

    it('waits for a session that initializes, which it did not create', async () => {
      const ready = gate();
      const client = await open({ hooks: { initialize: () => ready.promise } });
      const made = client.createSession({ id: 'a' });
      const got = client.getOrCreateSession('a');
      await settle();
      ready.open();
      await made;
      const { session, created } = await got;
      expect(created).toBe(false);
      expect((await session.info()).status).toBe('active');
    });

    it('called ten times at once creates one session', async () => {
      const client = await open();
      const results = await Promise.all(Array.from({ length: 10 }, () => client.getOrCreateSession('a')));
      expect(results.filter(({ created }) => created)).toHaveLength(1);
      expect(await client.listSessions()).toHaveLength(1);
      for (const { session } of results) expect((await session.info()).status).toBe('active');
    });

    it('waits out a session of that id that is terminating, then creates a fresh one', async () => {
      const cleaned = gate();
      const client = await open({ hooks: { cleanup: () => cleaned.promise } });
      const old = await client.createSession({ id: 'a' });
      await old.send('user', 'of the old one');
      const terminated = old.terminate();
      const got = client.getOrCreateSession('a');
      expect(await stateOf(got)).toBe('pending');
      cleaned.open();
      await terminated;
      const { session, created } = await got;
      expect(created).toBe(true);
      expect(await session.context.history()).toEqual([]);
    });

    it('refuses an invalid id', async () => {
      const client = await open();
      expect(await codeOf(client.getOrCreateSession('../a'))).toBe('INVALID_SESSION_ID');
    });
  });
}
