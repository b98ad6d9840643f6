import { describe, expect, it } from 'vitest';
import type { EventObject } from 'xstate';
import { engineOf } from '../../src/engine-of.ts';
import { createSessionManager, memoryStore } from '../../src/index.ts';
import { Fleet } from '../../src/inspect/fleet.ts';
import { Redaction } from '../../src/inspect/redaction.ts';
import type { SessionManagerOptions } from '../../src/options.ts';
import { fragileAgent, workingAgent } from '../support/agents.ts';
import { testClock } from '../support/clock.ts';
import { keptLog } from '../support/log.ts';
import { turns } from '../support/turns.ts';

const START = Date.UTC(2026, 0, 1);

async function fleetOf(
  options: SessionManagerOptions<never> = {},
  maxRows?: number,
  before: string[] = [],
  maxEnded?: number,
) {
  const clock = testClock(START);
  const { logger } = keptLog();
  const manager = createSessionManager({ clock, logger, ...options });
  await manager.ready;
  for (const id of before) await manager.createSession({ id });
  const engine = engineOf(manager);
  const fleet = new Fleet(engine, new Redaction(['error.message']), manager.ready, maxRows, maxEnded);
  engine.taps.add((fact) => fleet.heard(fact));
  return {
    manager,
    engine,
    clock,
    fleet,
    rows: () => new Map([...fleet.rows()].map((row) => [row.id, row])),
  };
}

describe('the rows', () => {
  it('are those of all sessions in memory from the start', async () => {
    const { manager, fleet, rows } = await fleetOf({}, undefined, ['a', 'b']);
    await manager.sendMessage('a', 'user', 'hello');
    await manager.session('a').context.addFile('x.ts');
    const update = fleet.update();
    expect(update).toMatchObject({ changes: [], gone: [], hidden: 0 });
    expect(update?.rows[0]).toEqual({
      id: 'a',
      seq: 1,
      status: 'active',
      asleep: false,
      createdAt: START,
      since: START,
      lastActivityAt: START,
      messages: 1,
      files: 1,
      tasks: 0,
      restarts: 0,
      crashes: 0,
      facts: 2,
    });
    expect([...rows().keys()]).toEqual(['a', 'b']);
    await manager.close();
  });

  it('come whole when they are new, and after that only what has changed', async () => {
    const { manager, clock, fleet } = await fleetOf();
    await manager.createSession({ id: 'a' });
    expect(fleet.update()?.rows).toMatchObject([{ id: 'a', facts: 2 }]);
    expect(fleet.update()).toBeUndefined();
    await clock.advance(500);
    for (let n = 0; n < 10; n += 1) await manager.sendMessage('a', 'user', 'hello');
    expect(fleet.update()).toEqual({
      rows: [],
      changes: [{ id: 'a', lastActivityAt: START + 500, messages: 10, facts: 12 }],
      gone: [],
      hidden: 0,
    });
    await manager.close();
  });

  it('say since when a session has its status, also of one that came to it before', async () => {
    const clock = testClock(START);
    const { manager, rows } = await fleetOf({ clock, sessionDefaults: { idleAfterMs: 1_000 } });
    await manager.createSession({ id: 'a' });
    await clock.advance(1_000);
    expect(rows().get('a')).toMatchObject({ status: 'idle', since: START + 1_000 });
    const later = new Fleet(engineOf(manager), new Redaction(), manager.ready);
    expect([...later.rows()][0]).toMatchObject({ status: 'idle', since: START + 1_000, facts: 0 });
    await manager.close();
  });

  it('count crashes and restarts, and say why, without what is hidden', async () => {
    const clock = testClock(START);
    const { manager, fleet, rows } = await fleetOf({
      clock,
      agent: fragileAgent,
      supervision: { restart: 'transient', backoffMs: 50 },
    } as never);
    const session = await manager.createSession({ id: 'a' });
    await session.dispatch({ type: 'boom' } as never).catch(() => {});
    await clock.advance(100);
    fleet.update();
    expect(rows().get('a')).toMatchObject({
      status: 'active',
      crashes: 1,
      restarts: 1,
      error: { name: 'Error', message: '(redacted)' },
    });
    await manager.close();
  });

  it('stay when their session has ended, as many as there is room for, and those that ended last', async () => {
    const { manager, fleet, rows } = await fleetOf({}, undefined, ['a', 'b', 'c'], 1);
    expect(rows().size).toBe(3);
    await manager.sendMessage('a', 'user', 'the last');
    await manager.terminateSession('a', { reason: 'enough' });
    expect(fleet.update()).toMatchObject({
      changes: [{ id: 'a', status: 'terminated', reason: 'enough', messages: 1 }],
      gone: [],
    });
    expect(rows().get('a')?.status).toBe('terminated');
    await manager.killSession('b');
    expect(fleet.update()).toMatchObject({ changes: [{ id: 'b' }], gone: ['a'], hidden: 0 });
    expect([...rows().keys()]).toEqual(['b', 'c']);
    expect(fleet.size).toBe(2);
    await manager.close();
  });

  it('are there of those that ended before anybody looked, when the store still tells of them', async () => {
    const clock = testClock(START);
    const manager = createSessionManager({ clock });
    for (const id of ['a', 'b', 'c']) await manager.createSession({ id });
    await manager.sendMessage('a', 'user', 'hello');
    await manager.terminateSession('a', { reason: 'enough' });
    await manager.killSession('b', 'no more');
    const fleet = new Fleet(engineOf(manager), new Redaction(), manager.ready, undefined, 1);
    await turns();
    const { rows } = fleet.update() ?? {};
    expect(rows).toMatchObject([
      { id: 'b', status: 'terminated', reason: 'killed', asleep: false, tasks: 0 },
    ]);
    expect(fleet.hidden).toBe(0);
    expect([...fleet.rows()].map(({ id }) => id)).toEqual(['c', 'b']);
    await manager.close();
  });

  it('say of a manager that closes who was ended by it, and of nobody that he fell asleep', async () => {
    const { manager, fleet, rows } = await fleetOf({}, undefined, ['a', 'b']);
    expect(rows().size).toBe(2);
    await manager.sendMessage('a', 'user', 'hello');
    await manager.terminateSession('b');
    await manager.close();
    expect(fleet.last()).toMatchObject({ rows: [], changes: [{ id: 'b', status: 'terminated' }], gone: [] });
    expect(rows().get('a')).toMatchObject({ status: 'active', asleep: false });
    expect(fleet.last()).toBeUndefined();
  });

  it('that are full of ended sessions make room for one that lives', async () => {
    const { manager, fleet, rows } = await fleetOf({}, 2, ['a', 'b']);
    await manager.killSession('a');
    fleet.update();
    await manager.createSession({ id: 'c' });
    expect(fleet.update()).toMatchObject({ rows: [{ id: 'c' }], gone: ['a'], hidden: 0 });
    expect([...rows().keys()]).toEqual(['b', 'c']);
    await manager.close();
  });

  it('begin anew with a session of the same id', async () => {
    const { manager, fleet } = await fleetOf({}, undefined, ['a']);
    await manager.sendMessage('a', 'user', 'hello');
    fleet.update();
    await manager.killSession('a');
    fleet.update();
    await manager.createSession({ id: 'a' });
    expect(fleet.update()?.rows).toMatchObject([{ id: 'a', status: 'active', messages: 0, facts: 2 }]);
    expect(fleet.update()).toBeUndefined();
    expect([fleet.size, fleet.hidden]).toEqual([1, 0]);
    await manager.close();
  });

  it('show work that makes no fact', async () => {
    const { manager, fleet, rows } = await fleetOf({ agent: workingAgent } as never, undefined, ['a']);
    expect(rows().get('a')).toMatchObject({ tasks: 0 });
    await manager.session('a').dispatch({ type: 'work' } as EventObject as never);
    expect(fleet.update()?.changes).toEqual([{ id: 'a', tasks: 1 }]);
    await manager.close();
  });

  it('take any id', async () => {
    const { manager, fleet, rows } = await fleetOf({}, undefined, ['constructor', 'toString']);
    expect([...rows().keys()]).toEqual(['constructor', 'toString']);
    expect(fleet.row('hasOwnProperty')).toBeUndefined();
    await manager.close();
  });
});

describe('sessions that sleep', () => {
  const defaults = { idleAfterMs: 1_000, sleepAfterMs: 2_000 };

  it('keep their row when they fall asleep, and again when they wake, by no fact at all', async () => {
    const clock = testClock(START);
    const { manager, fleet, engine } = await fleetOf({ clock, sessionDefaults: defaults });
    await manager.createSession({ id: 'a' });
    await manager.sendMessage('a', 'user', 'hello');
    fleet.update();
    await clock.advance(3_000);
    expect(engine.dormant.size).toBe(1);
    fleet.update();
    expect(fleet.row('a')).toMatchObject({ asleep: true, messages: 1, status: 'idle' });
    expect([engine.dormant.size, fleet.hidden]).toEqual([1, 0]);
    await manager.getSessionInfo('a');
    fleet.update();
    expect(fleet.row('a')).toMatchObject({ asleep: false, messages: 1 });
    await manager.close();
  });

  it('are listed from the store, and stay there', async () => {
    const store = memoryStore();
    const clock = testClock(START);
    const first = createSessionManager({ store, clock, sessionDefaults: defaults });
    for (const id of ['a', 'b', 'c']) await first.createSession({ id });
    await clock.advance(1_500);
    await first.close();
    const { manager, fleet, engine, rows } = await fleetOf({ store, clock, sessionDefaults: defaults });
    await turns();
    expect(fleet.update()?.rows.map(({ id, asleep, status }) => [id, asleep, status])).toEqual([
      ['a', true, 'idle'],
      ['b', true, 'idle'],
      ['c', true, 'idle'],
    ]);
    expect(engine.dormant.size).toBe(3);
    await manager.sendMessage('b', 'user', 'hello');
    fleet.update();
    expect(rows().get('b')).toMatchObject({ asleep: false, messages: 1, createdAt: START });
    await manager.close();
  });
});

describe('a list that is full', () => {
  it('says how many it does not show, and takes up others as there is room', async () => {
    const { manager, fleet, rows } = await fleetOf({}, 2, ['a', 'b', 'c']);
    expect([...rows().keys()]).toEqual(['a', 'b']);
    expect(fleet.update()).toMatchObject({ rows: [], hidden: 1 });
    await manager.createSession({ id: 'd' });
    expect(fleet.update()).toMatchObject({ rows: [], hidden: 2 });
    await manager.killSession('a');
    fleet.update();
    await manager.sendMessage('d', 'user', 'hello');
    expect(fleet.update()).toMatchObject({ rows: [{ id: 'd' }], gone: ['a'], hidden: 1 });
    await manager.close();
  });

  it('makes no more rows at a time than that may cost', async () => {
    const { manager, fleet } = await fleetOf();
    for (let n = 0; n < 5_200; n += 1) await manager.createSession({ id: `s${n}` });
    const counts = [fleet.update(), fleet.update(), fleet.update()].map((update) => update?.rows.length);
    expect(counts).toEqual([5_000, 200, undefined]);
    await manager.close();
  });
});
