import { describe, expect, it } from 'vitest';
import type { SpawnCommand } from '../machines/supervisor.ts';
import type { SessionStatus } from '../src/data.ts';
import type { Engine } from '../src/engine.ts';
import { SessionError } from '../src/errors.ts';
import { recoverSessions, revive } from '../src/recovery.ts';
import type { Activity } from '../src/session/activity.ts';
import { Dormant } from '../src/session/dormant.ts';
import type { SessionEntry } from '../src/session/entry.ts';
import type { Fact } from '../src/session/facts.ts';
import type { Lifecycle } from '../src/session/lifecycle.ts';
import { Registry } from '../src/session/registry.ts';
import type { Sleep } from '../src/session/sleep.ts';
import { FORMAT_VERSION, snapshotData } from '../src/session/snapshot.ts';
import { applyFact, type SessionState } from '../src/session/state.ts';
import { StoredSessions } from '../src/session/stored-sessions.ts';
import { defaults } from '../src/settings.ts';
import type { SessionHead, StoredSession, StoreLease } from '../src/store/port.ts';
import { AT, createdFact, factOf, statusFact } from './support/facts.ts';
import { thawed } from './support/frozen.ts';
import { bareLease, readingLease } from './support/lease.ts';

type Stored = Record<string, StoredSession | (() => StoredSession | Promise<StoredSession>)>;

/** A recovery of what is stored, whose parts note what they are told. */
function setUp(stored: Stored, heads: Record<string, Partial<SessionHead>> = {}) {
  const registry = new Registry();
  const spawned: SpawnCommand[] = [];
  const told: string[] = [];
  const tell = (what: string) => (entry: SessionEntry) => void told.push(`${what} ${entry.state.id}`);
  const lifecycle = {
    initialize: tell('initialize'),
    resumeEnd: tell('resume the end of'),
  } as unknown as Lifecycle;
  const activity = { resume: tell('resume') } as unknown as Activity;
  const sleep = {
    wakeDue: async () => void told.push('wake who is due'),
    over: () => undefined,
  } as unknown as Sleep;
  const dormant: Dormant = new Dormant(registry, () => sessions);
  const engine = {
    registry,
    dormant,
    agents: { part: undefined },
    supervise: (command: SpawnCommand) => spawned.push(command),
  } as unknown as Engine;
  const parts = { engine, lifecycle, activity, sleep };
  const lease = bareLease(readingLease(stored, heads));
  const revived = (state: SessionState, unsnapshotted: number) => revive(parts, state, unsnapshotted);
  const sessions = new StoredSessions(
    { registry, dormant, revive: revived, untilClosed: (call) => call() },
    lease,
  );
  return {
    registry,
    dormant,
    sessions,
    spawned,
    told,
    async recover(replaced: Partial<StoreLease> = {}, isClosing = () => false) {
      Object.assign(lease, replaced);
      dormant.open(await lease.counts());
      return recoverSessions(engine, { sessions, sleep }, isClosing);
    },
    touch: async (id: string) => dormant.with(id, (entry) => entry),
  };
}

/** The facts of a session that has come to this status. */
function lifeTo(status: SessionStatus, sessionId: string, seq = 1): Fact[] {
  const steps: SessionStatus[] = ['initializing', 'active', 'idle', 'terminating'];
  return steps
    .slice(0, steps.indexOf(status) + 1)
    .map((step, n) =>
      n === 0
        ? createdFact({ seq, sessionId, sessionSeq: 1 })
        : statusFact({ seq: seq + n, sessionId, sessionSeq: n + 1 }, step, steps[n - 1] as SessionStatus),
    );
}

it('of an empty store recovers nothing', async () => {
  const { recover, registry } = setUp({});
  const report = await recover();
  expect([report, registry.size]).toEqual([{ recovered: 0, quarantined: [] }, 0]);
  expect(thawed(report)).toBeUndefined();
});

it('leaves every session in the store, counts them, and asks for those that are due', async () => {
  const { recover, registry, dormant, spawned, told } = setUp({
    a: { records: lifeTo('active', 'a', 1) },
    b: { records: lifeTo('idle', 'b', 10) },
  });
  expect(await recover()).toEqual({ recovered: 2, quarantined: [] });
  expect([registry.size, dormant.size, dormant.counts]).toEqual([0, 2, { active: 1, idle: 1 }]);
  expect([spawned, told]).toEqual([[], ['wake who is due']]);
});

describe('a session that was', () => {
  it.each([
    ['initializing', 'initializing', 'initialize a'],
    ['active', { running: 'active' }, 'resume a'],
    ['idle', { running: 'idle' }, 'resume a'],
    ['terminating', 'terminating', 'resume the end of a'],
  ] as const)(
    '%s is so again when it is touched: its chart stands there, and what was half done is taken up',
    async (status, value, taken) => {
      const { recover, touch, registry, spawned, told } = setUp({ a: { records: lifeTo(status, 'a') } });
      expect(await recover()).toEqual({ recovered: 1, quarantined: [] });
      expect((await touch('a')).state.status).toBe(status);
      expect(registry.counts[status]).toBe(1);
      expect(spawned).toEqual([
        {
          type: 'supervisor.spawn',
          id: 'a',
          input: { id: 'a' },
          snapshot: expect.objectContaining({ status: 'active', value, context: { id: 'a' } }),
        },
      ]);
      expect(told).toEqual(['wake who is due', taken]);
    },
  );

  it('active has been inactive since its last activity, not since its recovery', async () => {
    const records = [
      ...lifeTo('active', 'a'),
      factOf({ seq: 3, sessionId: 'a', at: '2026-01-01T00:00:07.500Z' }, 'file_added', { path: 'x' }),
    ];
    const { recover, touch } = setUp({ a: { records } });
    await recover();
    expect((await touch('a')).activityMs).toBe(Date.parse(AT) + 7500);
  });

  it('snapshotted is the snapshot with the facts after it', async () => {
    const facts = [
      ...lifeTo('active', 'a'),
      factOf({ seq: 3, sessionId: 'a' }, 'file_added', { path: 'old' }),
      factOf({ seq: 4, sessionId: 'a' }, 'file_added', { path: 'new' }),
    ];
    let state = applyFact(undefined, facts[0] as Fact);
    for (const fact of facts.slice(1, 3)) state = applyFact(state, fact);
    const snapshot = { sessionSeq: 3, version: FORMAT_VERSION, data: snapshotData(state) as never };
    const { recover, touch } = setUp({ a: { snapshot, records: facts.slice(3) } });
    expect(await recover()).toEqual({ recovered: 1, quarantined: [] });
    const recovered = (await touch('a')).state;
    expect([...(recovered.files?.keys() ?? [])]).toEqual(['old', 'new']);
    expect([recovered.status, recovered.sessionSeq, recovered.seq]).toEqual(['active', 4, 1]);
  });
});

it('sessions are in the order of their creation, in whichever order they come back', async () => {
  const { recover, touch, registry, sessions } = setUp({
    late: { records: lifeTo('active', 'late', 20) },
    first: { records: lifeTo('idle', 'first', 1) },
    second: { records: lifeTo('active', 'second', 10) },
  });
  await recover();
  for (const id of ['late', 'first']) await touch(id);
  expect(registry.list({}).map(({ state }) => state.id)).toEqual(['first', 'late']);
  expect((await sessions.list({})).map(({ id }) => id)).toEqual(['first', 'second', 'late']);
});

describe('a session that cannot be read', () => {
  const healthy = { records: lifeTo('active', 'healthy') };
  const hole = lifeTo('terminating', 'a').toSpliced(2, 1);
  const torn: Array<[string, StoredSession | (() => StoredSession | Promise<StoredSession>), string]> = [
    ['that lacks a fact', { records: hole }, 'The journal of session "a" has fact 4 where 3 was expected.'],
    [
      'without a beginning',
      { records: lifeTo('active', 'a').slice(1) },
      'The journal of session "a" has fact 2 where 1 was expected.',
    ],
    ['without a single fact', { records: [] }, 'Session "a" is stored without a single fact.'],
    [
      'of another format',
      { snapshot: { sessionSeq: 1, version: FORMAT_VERSION + 1, data: {} }, records: [] },
      `The snapshot of session "a" has format ${FORMAT_VERSION + 1}; this version reads ${FORMAT_VERSION}.`,
    ],
    [
      'that the store throws on',
      () => {
        throw new SessionError('STORE_CORRUPT', 'bad checksum');
      },
      'bad checksum',
    ],
    ['that the store rejects', () => Promise.reject(new SessionError('STORE_CORRUPT', 'bad row')), 'bad row'],
  ];

  it.each(torn)('%s is reported with its reason; the others recover', async (_what, stored, reason) => {
    const { recover, touch, registry, dormant } = setUp({ a: stored, healthy });
    const report = await recover();
    expect(report).toEqual({ recovered: 1, quarantined: [{ id: 'a', reason }] });
    expect(thawed(report)).toBeUndefined();
    expect(registry.quarantined.get('a')).toBe(reason);
    expect(dormant.size).toBe(1);
    await expect(touch('a')).rejects.toMatchObject({ code: 'STORE_CORRUPT', details: { reason } });
    expect((await touch('healthy')).state.status).toBe('active');
  });
});

it('a store that loses its list fails the recovery', async () => {
  const { recover, spawned } = setUp({ a: { records: lifeTo('active', 'a') } });
  const heads = () => Promise.reject(new Error('EIO'));
  await expect(recover({ heads })).rejects.toThrow('EIO');
  expect(spawned).toEqual([]);
});

it('a store in trouble fails the recovery, and puts no session in quarantine for it', async () => {
  const { recover, registry } = setUp({ a: { records: lifeTo('active', 'a') } });
  const trouble = new SessionError('STORE_FAILED', 'the disk is gone');
  await expect(recover({ load: () => Promise.reject(trouble) })).rejects.toBe(trouble);
  const unnamed = new Error('ETIMEDOUT');
  await expect(recover({ load: () => Promise.reject(unnamed) })).rejects.toMatchObject({
    code: 'STORE_FAILED',
    cause: unnamed,
  });
  expect(registry.quarantined.size).toBe(0);
});

it('a manager that closes meanwhile revives nothing, and reads no further', async () => {
  let lists = 0;
  const { recover, spawned, told } = setUp({ a: { records: lifeTo('active', 'a') } });
  const heads = () => {
    lists += 1;
    return [];
  };
  expect(await recover({ heads }, () => true)).toEqual({ recovered: 0, quarantined: [] });
  expect([lists, spawned, told]).toEqual([1, [], []]);
});

it('a large store is not read through: what is damaged shows when it is touched', async () => {
  const stored = Object.fromEntries(
    Array.from({ length: 1001 }, (_, n): [string, StoredSession] => [`s${n}`, { records: [] }]),
  );
  const { recover, touch, sessions } = setUp(stored);
  expect(await recover()).toEqual({ recovered: 1001, quarantined: [] });
  expect(await sessions.list({ limit: 1 })).toEqual([]);
  await expect(touch('s7')).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' });
});

it.each(['terminated', 'hibernating'] as const)(
  'a session stored as %s is quarantined, and stays as it is',
  async (status) => {
    const end = statusFact({ seq: 3, sessionId: 'a', sessionSeq: 3 }, status as SessionStatus, 'active');
    const { recover, touch, dormant, spawned, registry } = setUp({
      a: { records: [...lifeTo('active', 'a'), end] },
    });
    const { recovered, quarantined } = await recover();
    expect([recovered, dormant.size, spawned]).toEqual([0, 0, []]);
    await expect(touch('a')).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    expect(quarantined).toEqual([{ id: 'a', reason: expect.stringContaining(`"${status}" as its status`) }]);
    expect(registry.get('a')).toBeUndefined();
  },
);

it('what a store hands out is frozen before anybody can see it', async () => {
  const payload = { metadata: { deep: { x: 1 } }, llmConfig: {}, config: { ...defaults.sessionDefaults } };
  const created = factOf({ seq: 1, sessionId: 'a', sessionSeq: 1 }, 'session_created', payload);
  const records = [created, ...structuredClone(lifeTo('active', 'a').slice(1))];
  const { recover, touch } = setUp({ a: { records } });
  await recover();
  expect(thawed((await touch('a')).state.metadata)).toBeUndefined();
});
