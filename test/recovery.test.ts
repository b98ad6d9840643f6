import { describe, expect, it } from 'vitest';
import type { SpawnCommand } from '../machines/supervisor.ts';
import type { SessionStatus } from '../src/data.ts';
import type { Engine } from '../src/engine.ts';
import { recoverSessions } from '../src/recovery.ts';
import type { Activity } from '../src/session/activity.ts';
import type { SessionEntry } from '../src/session/entry.ts';
import type { Fact } from '../src/session/facts.ts';
import type { Lifecycle } from '../src/session/lifecycle.ts';
import { Registry } from '../src/session/registry.ts';
import { FORMAT_VERSION, snapshotData } from '../src/session/snapshot.ts';
import { applyFact } from '../src/session/state.ts';
import { defaults } from '../src/settings.ts';
import type { StoredSession, StoreLease } from '../src/store/port.ts';
import { AT, createdFact, factOf, statusFact } from './support/facts.ts';
import { thawed } from './support/frozen.ts';
import { bareLease } from './support/lease.ts';

/** A recovery of what is stored, whose parts note what they are told. */
function setUp(stored: Record<string, StoredSession | (() => StoredSession | Promise<StoredSession>)>) {
  const registry = new Registry();
  const spawned: SpawnCommand[] = [];
  const told: string[] = [];
  const tell = (what: string) => (entry: SessionEntry) => void told.push(`${what} ${entry.state.id}`);
  const engine = {
    registry,
    supervise: (command: SpawnCommand) => spawned.push(command),
  } as unknown as Engine;
  const lifecycle = { initialize: tell('initialize'), resumeEnd: tell('resume the end of') };
  const activity = { watch: tell('watch') };
  const lease = bareLease({
    ids: () => Object.keys(stored),
    load: (id) => {
      const session = stored[id] ?? { records: [] };
      return typeof session === 'function' ? session() : session;
    },
  });
  return {
    registry,
    spawned,
    told,
    recover: (parts: Partial<StoreLease> = {}, isClosing = () => false) =>
      recoverSessions(
        engine,
        lifecycle as unknown as Lifecycle,
        activity as unknown as Activity,
        { ...lease, ...parts },
        isClosing,
      ),
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

describe('a session that was', () => {
  it.each([
    ['initializing', 'initializing', 'initialize a'],
    ['active', { running: 'active' }, 'watch a'],
    ['idle', { running: 'idle' }, 'watch a'],
    ['terminating', 'terminating', 'resume the end of a'],
  ] as const)(
    '%s is so again: its chart stands there, and what was half done is taken up',
    async (status, value, taken) => {
      const { recover, registry, spawned, told } = setUp({ a: { records: lifeTo(status, 'a') } });
      expect(await recover()).toEqual({ recovered: 1, quarantined: [] });
      expect(registry.find('a').state.status).toBe(status);
      expect(registry.counts[status]).toBe(1);
      expect(spawned).toEqual([
        {
          type: 'supervisor.spawn',
          id: 'a',
          input: { id: 'a' },
          snapshot: expect.objectContaining({ status: 'active', value, context: { id: 'a' } }),
        },
      ]);
      expect(told).toEqual([taken]);
    },
  );

  it('active has been inactive since its last activity, not since its recovery', async () => {
    const records = [
      ...lifeTo('active', 'a'),
      factOf({ seq: 3, sessionId: 'a', at: '2026-01-01T00:00:07.500Z' }, 'file_added', { path: 'x' }),
    ];
    const { recover, registry } = setUp({ a: { records } });
    await recover();
    expect(registry.find('a').activityMs).toBe(Date.parse(AT) + 7500);
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
    const { recover, registry } = setUp({ a: { snapshot, records: facts.slice(3) } });
    expect(await recover()).toEqual({ recovered: 1, quarantined: [] });
    const recovered = registry.find('a').state;
    expect([...(recovered.files?.keys() ?? [])]).toEqual(['old', 'new']);
    expect([recovered.status, recovered.sessionSeq, recovered.seq]).toEqual(['active', 4, 1]);
  });
});

it('sessions come back in the order of their creation, in whichever order they are stored', async () => {
  const { recover, registry, spawned } = setUp({
    late: { records: lifeTo('active', 'late', 20) },
    first: { records: lifeTo('idle', 'first', 1) },
    second: { records: lifeTo('active', 'second', 10) },
  });
  await recover();
  expect(registry.list({}).map(({ state }) => state.id)).toEqual(['first', 'second', 'late']);
  expect(spawned.map(({ id }) => id)).toEqual(['first', 'second', 'late']);
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
        throw new Error('bad checksum');
      },
      'bad checksum',
    ],
    ['that the store rejects', () => Promise.reject(new Error('bad sector')), 'bad sector'],
  ];

  it.each(torn)('%s is reported with its reason; the others recover', async (_what, stored, reason) => {
    const { recover, registry, spawned } = setUp({ a: stored, healthy });
    const report = await recover();
    expect(report).toEqual({ recovered: 1, quarantined: [{ id: 'a', reason }] });
    expect(thawed(report)).toBeUndefined();
    expect([registry.get('a'), registry.size]).toEqual([undefined, 1]);
    expect(registry.quarantined.get('a')).toBe(reason);
    expect(spawned.map(({ id }) => id)).toEqual(['healthy']);
  });
});

it('a store that loses its list fails the recovery', async () => {
  const { recover, spawned } = setUp({ a: { records: lifeTo('active', 'a') } });
  async function* ids() {
    yield 'a';
    throw new Error('EIO');
  }
  await expect(recover({ ids })).rejects.toThrow('EIO');
  expect(spawned).toEqual([]);
});

it('a manager that closes meanwhile revives nothing, and reads no further', async () => {
  const loaded: string[] = [];
  const load = (id: string) => {
    loaded.push(id);
    return { records: lifeTo('active', id) };
  };
  const { recover, spawned, registry } = setUp({ a: { records: [] }, b: { records: [] } });
  expect(await recover({ load }, () => loaded.length > 0)).toEqual({ recovered: 0, quarantined: [] });
  expect([loaded, spawned, registry.size]).toEqual([['a'], [], 0]);
});

it.each(['terminated', 'hibernating'] as const)(
  'a session stored as %s is quarantined, and stays as it is',
  async (status) => {
    const end = statusFact({ seq: 3, sessionId: 'a', sessionSeq: 3 }, status as SessionStatus, 'active');
    const { recover, registry, spawned } = setUp({ a: { records: [...lifeTo('active', 'a'), end] } });
    const { recovered, quarantined } = await recover();
    expect([recovered, spawned]).toEqual([0, []]);
    expect(quarantined).toEqual([{ id: 'a', reason: expect.stringContaining(`"${status}" as its status`) }]);
    expect(registry.get('a')).toBeUndefined();
  },
);

it('what a store hands out is frozen before anybody can see it', async () => {
  const payload = { metadata: { deep: { x: 1 } }, llmConfig: {}, config: { ...defaults.sessionDefaults } };
  const created = factOf({ seq: 1, sessionId: 'a', sessionSeq: 1 }, 'session_created', payload);
  const records = [created, ...structuredClone(lifeTo('active', 'a').slice(1))];
  const { recover, registry } = setUp({ a: { records } });
  await recover();
  expect(thawed(registry.find('a').state.metadata)).toBeUndefined();
});
