import { afterEach, describe, expect, it } from 'vitest';
import { createSessionManager, memoryStore, type SessionStore } from '../../src/index.ts';
import type { InspectorMessage } from '../../src/inspect/protocol.ts';
import { StoredInspection } from '../../src/inspect/stored-inspection.ts';
import type { StoreLease } from '../../src/store/port.ts';
import { testClock } from '../support/clock.ts';
import { until } from '../support/turns.ts';

const leases: StoreLease[] = [];
afterEach(async () => {
  for (const lease of leases.splice(0)) await lease[Symbol.asyncDispose]();
});

async function fill(store: SessionStore): Promise<void> {
  await using manager = createSessionManager({ store, clock: testClock(1000) });
  const ada = await manager.createSession({ id: 'ada', metadata: { apiKey: 'secret' } });
  await ada.send('user', 'good morning');
  await manager.createSession({ id: 'bob' });
  await manager.createSession({ id: 'gone' });
  await manager.terminateSession('gone');
}

async function look({
  store = memoryStore(),
  redact = [] as string[],
  wrap = (lease: StoreLease) => lease,
} = {}) {
  await fill(store);
  const lease = await store.open({ owner: 'test' });
  leases.push(lease);
  const clock = testClock(5000);
  const inspection = new StoredInspection(wrap(lease), { version: '1.2.3', clock, redact });
  const said: InspectorMessage[] = [];
  const state = { full: false, closed: undefined as string | undefined };
  const connection = inspection.connect({
    send(message) {
      if (!state.full) said.push(message);
      return !state.full;
    },
    close(reason) {
      state.closed = reason;
    },
  });
  const last = async (type: InspectorMessage['type']) => {
    await until(() => said.some((message) => message.type === type), 4000);
    return said.findLast((message) => message.type === type);
  };
  return { said, clock, state, connection, last };
}

describe('a store that is looked at', () => {
  it('says who it is, and lists all of its sessions as asleep', async () => {
    const { said, last } = await look();
    await last('pulse');
    expect(said[0]).toEqual({
      type: 'hello',
      version: '1.2.3',
      allow: [],
      redacted: [],
      definitions: { manager: expect.any(Object), session: expect.objectContaining({ id: 'session' }) },
      now: 5000,
      recording: false,
    });
    const rows = said.flatMap((message) => (message.type === 'fleet' ? (message.rows ?? []) : []));
    expect(said[1]).toMatchObject({ type: 'fleet', reset: true });
    expect(rows).toMatchObject([
      { id: 'ada', status: 'active', asleep: true, messages: 1, createdAt: 1000, tasks: 0 },
      { id: 'bob', status: 'active', asleep: true, messages: 0 },
      { id: 'gone', status: 'terminated', asleep: false, reason: 'normal' },
    ]);
    expect(await last('pulse')).toMatchObject({ stats: { asleep: 2, sessions: { active: 2, idle: 0 } } });
  });

  it('lists thousands a few hundred at a time', async () => {
    const store = memoryStore();
    await using manager = createSessionManager({ store, clock: testClock() });
    await Promise.all(Array.from({ length: 1100 }, (_, n) => manager.createSession({ id: `s${n}` })));
    await manager.close();
    const { said, last } = await look({ store });
    await last('pulse');
    const sizes = said.flatMap((message) => (message.type === 'fleet' ? [message.rows?.length] : []));
    expect(sizes).toEqual([0, 500, 500, 102, 1]);
  });

  it('says when a session would come back by itself', async () => {
    const store = memoryStore();
    await using manager = createSessionManager({ store, clock: testClock(1000) });
    await manager.createSession({ id: 'eve', config: { terminateAfterMs: 60_000 } });
    await manager.close();
    const { connection, last } = await look({ store });
    connection.receive({ type: 'look', subject: 'session/eve' });
    expect(await last('looking')).toMatchObject({ detail: { deadlines: [{ name: 'wake', dueAt: 61_000 }] } });
  });

  it('shows a session by all of its facts', async () => {
    const { connection, last } = await look();
    connection.receive({ type: 'look', subject: 'session/ada' });
    const looking = await last('looking');
    expect(looking).toMatchObject({
      subject: 'session/ada',
      detail: { asleep: true },
      cut: false,
      recording: { bases: {}, definitions: { session: { id: 'session' } } },
    });
    const entries = looking?.type === 'looking' ? looking.recording.entries : [];
    const types = entries.map((entry) => (entry.kind === 'fact' ? entry.fact.type : entry.kind));
    expect(types).toEqual(['session_created', 'session_status', 'conversation_added']);
    expect(entries[0]).toMatchObject({ atMs: 1000, step: 0 });
  });

  it('shows what a session holds when its first facts are gone', async () => {
    const { connection, last } = await look({ store: memoryStore({ retainEvents: 1 }) });
    connection.receive({ type: 'look', subject: 'session/ada' });
    expect(await last('looking')).toMatchObject({
      cut: true,
      recording: { entries: [], bases: { ada: { version: 1 } } },
    });
  });

  it('shows one that has ended, as long as its facts are retained', async () => {
    const { connection, last } = await look();
    connection.receive({ type: 'look', subject: 'session/gone' });
    const looking = await last('looking');
    expect(looking).toMatchObject({ detail: { asleep: false } });
    expect(JSON.stringify(looking)).toContain('session_terminated');
  });

  it('shows nothing of what is redacted', async () => {
    for (const store of [memoryStore(), memoryStore({ retainEvents: 1 })]) {
      const { connection, last, said } = await look({ store, redact: ['metadata.apiKey', 'messages'] });
      connection.receive({ type: 'look', subject: 'session/ada' });
      await last('looking');
      expect(JSON.stringify(said)).not.toMatch(/secret|morning/);
      expect(said[0]).toMatchObject({ redacted: ['metadata.apiKey', 'messages'] });
    }
  });

  it.each(['session/nobody', 'engine', 'app/x:0'])('has no %s, and says so', async (subject) => {
    const { connection, last } = await look();
    connection.receive({ type: 'look', subject });
    expect(await last('missing')).toMatchObject({ subject, message: expect.stringContaining('There is no') });
  });

  it('cannot be changed', async () => {
    const { connection, last, said } = await look();
    connection.receive({ type: 'act', request: 7, action: { do: 'kill', sessionId: 'ada' } });
    expect(await last('answer')).toMatchObject({ request: 7, ok: false, error: { code: 'FORBIDDEN' } });
    connection.receive({ type: 'record', request: 8, on: true });
    await until(() => said.some((message) => message.type === 'answer' && message.request === 8));
    connection.receive({ type: 'act', request: 9, action: { do: 'explode' } });
    await until(() => said.some((message) => message.type === 'answer' && message.request === 9));
    expect(await last('answer')).toMatchObject({ error: { code: 'INVALID_ARGUMENT' } });
  });

  it.each([[null], [{}], [{ type: 'look', subject: 'session/../x' }]])(
    'refuses %j in words',
    async (message) => {
      const { connection, last } = await look();
      connection.receive(message);
      expect(await last('refused')).toEqual({ type: 'refused', message: expect.any(String) });
    },
  );

  it('shows one that cannot be read as damaged, and the others as they are', async () => {
    const wrap = (lease: StoreLease): StoreLease => ({
      ...lease,
      lastSeq: lease.lastSeq,
      cutSeq: lease.cutSeq,
      head: (id) => lease.head(id),
      heads: (query) => lease.heads(query),
      counts: () => lease.counts(),
      facts: (query) => lease.facts(query),
      async load(id) {
        const stored = await lease.load(id);
        return id === 'ada' ? { records: stored.records.slice(1) } : stored;
      },
    });
    const { connection, last, said } = await look({ wrap });
    await last('pulse');
    const rows = said.flatMap((message) => (message.type === 'fleet' ? (message.rows ?? []) : []));
    expect(rows).toMatchObject([
      { id: 'ada', error: { name: 'STORE_CORRUPT' } },
      { id: 'bob' },
      { id: 'gone' },
    ]);
    connection.receive({ type: 'look', subject: 'session/ada' });
    expect(await last('missing')).toMatchObject({ message: expect.stringContaining('was expected') });
  });

  it('takes nothing for damaged that its owner was just writing', async () => {
    let torn = true;
    const wrap = (lease: StoreLease): StoreLease => ({
      ...lease,
      lastSeq: lease.lastSeq,
      cutSeq: lease.cutSeq,
      head: (id) => lease.head(id),
      heads: (query) => lease.heads(query),
      counts: () => lease.counts(),
      facts: (query) => lease.facts(query),
      async load(id) {
        const stored = await lease.load(id);
        if (id !== 'ada' || !torn) return stored;
        torn = false;
        return { records: stored.records.slice(1) };
      },
    });
    const { connection, last, said } = await look({ wrap });
    await last('pulse');
    const rows = said.flatMap((message) => (message.type === 'fleet' ? (message.rows ?? []) : []));
    expect(rows[0]).toMatchObject({ id: 'ada', status: 'active', createdAt: 1000, messages: 1, files: 0 });
    expect(rows[0]).not.toHaveProperty('error');
    torn = true;
    connection.receive({ type: 'look', subject: 'session/ada' });
    expect(await last('looking')).toMatchObject({ cut: false });
  });

  it('calls one terminated whose status nobody knows', async () => {
    const wrap = (lease: StoreLease): StoreLease => ({
      ...lease,
      lastSeq: lease.lastSeq,
      cutSeq: lease.cutSeq,
      heads: async (query) =>
        (await lease.heads(query)).map((head) => ({ ...head, status: 'frozen', id: `${head.id}!` })),
      counts: () => lease.counts(),
      facts: (query) => lease.facts(query),
    });
    const { last, said } = await look({ wrap });
    await last('pulse');
    const rows = said.flatMap((message) => (message.type === 'fleet' ? (message.rows ?? []) : []));
    expect(rows.slice(0, 2)).toMatchObject([
      { id: 'ada!', status: 'terminated', error: { name: 'STORE_CORRUPT' } },
      { id: 'bob!', status: 'terminated' },
    ]);
  });

  it('says of a very long session what it holds, not how it came to that', async () => {
    const store = memoryStore({ retainEvents: 20_000 });
    await using manager = createSessionManager({ store, clock: testClock() });
    const eve = await manager.createSession({ id: 'eve' });
    for (let n = 0; n < 10_000; n += 500)
      await Promise.all(Array.from({ length: 500 }, (_, m) => eve.context.put('count', n + m)));
    await manager.close();
    const { connection, last } = await look({ store });
    connection.receive({ type: 'look', subject: 'session/eve' });
    const looking = await last('looking');
    expect(looking).toMatchObject({ cut: true, recording: { entries: [] } });
    expect(JSON.stringify(looking)).toContain('["count",9999]');
  });

  it('stops for a viewer that has gone', async () => {
    const { connection, said, clock } = await look();
    connection.close();
    connection.receive({ type: 'look', subject: 'session/ada' });
    await clock.advance(1000);
    expect(said.filter(({ type }) => type === 'looking' || type === 'pulse')).toEqual([]);
  });

  it('waits for a viewer that is slow, and says all in order', async () => {
    const { state, said, clock, connection, last } = await look();
    await last('pulse');
    state.full = true;
    const before = said.length;
    connection.receive({ type: 'look', subject: 'session/bob' });
    await clock.advance(500);
    expect(said).toHaveLength(before);
    state.full = false;
    await clock.advance(50);
    expect(await last('looking')).toMatchObject({ subject: 'session/bob' });
    state.full = true;
    connection.receive({ type: 'look', subject: 'session/bob' });
    await clock.advance(50);
    connection.close();
    await clock.advance(50);
    expect(clock.pending).toBe(0);
  });

  it('that fails is told, and closed', async () => {
    const { state } = await look({
      wrap: (lease) => ({
        ...lease,
        heads: () => {
          throw new Error('the disk is gone');
        },
      }),
    });
    await until(() => state.closed !== undefined);
    expect(state.closed).toBe('The store cannot be read: the disk is gone');
  });
});
