import { afterEach, describe, expect, it } from 'vitest';
import { createSessionManager as create } from '../../src/index.ts';
import type { SessionManagerOptions } from '../../src/options.ts';
import { watchedAgent } from '../support/agents.ts';
import { testClock } from '../support/clock.ts';
import { codeOf } from '../support/errors.ts';
import { collect, ENDED, STARTED } from '../support/events.ts';
import { atRest } from '../support/leaks.ts';
import { turns } from '../support/turns.ts';

const opened: Array<{ close(): Promise<void> }> = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((manager) => manager.close()));
});

/** A manager with a bystander whose life must not be touched by the kill of another session. */
async function withBystander(options: SessionManagerOptions = {}) {
  const agent = watchedAgent();
  const manager = create({ agent: agent.logic, ...options });
  opened.push(manager);
  const bystander = await manager.createSession({ id: 'bystander' });
  await bystander.send('user', 'untouched');
  const before = await bystander.info();
  const seen = collect(manager);
  return {
    manager,
    agent,
    seen,
    async expectUntouched() {
      expect(await bystander.info()).toEqual(before);
      expect(agent.live().map(({ input }) => input.session.id)).toEqual(['bystander']);
      expect((await manager.listSessions()).map(({ id }) => id)).toEqual(['bystander']);
      expect(seen.session('bystander')).toEqual([]);
      expect((await bystander.send('user', 'alive')).id).toBe('bystander:2');
    },
  };
}

describe('killing a session by force in each lifecycle state', () => {
  it('initializing: create rejects, the agent never ran, the end is published', async () => {
    const { manager, agent, seen, expectUntouched } = await withBystander({
      hooks: { initialize: ({ id }) => (id === 'victim' ? new Promise(() => {}) : undefined) },
    });
    const created = codeOf(manager.createSession({ id: 'victim' }));
    await turns();
    expect((await manager.getSessionInfo('victim')).status).toBe('initializing');
    await manager.killSession('victim');
    expect(await created).toBe('SESSION_TERMINATED');
    expect(seen.session('victim')).toHaveLength(3);
    expect(seen.steps()).toEqual(['session_created', 'initializing→terminated', 'session_terminated']);
    expect(agent.runs).toHaveLength(1);
    await expectUntouched();
  });

  it('active: it is not listed any more, and its end is published', async () => {
    const { manager, seen, expectUntouched } = await withBystander();
    const victim = await manager.createSession({ id: 'victim' });
    await victim.kill('out of budget');
    expect(seen.steps()).toEqual([...STARTED, ...ENDED]);
    expect(seen.of('session_terminated')).toMatchObject([{ sessionId: 'victim', reason: 'killed' }]);
    await expectUntouched();
  });

  it('idle: the same, from idle', async () => {
    const clock = testClock();
    const { manager, seen, expectUntouched } = await withBystander({ clock });
    const victim = await manager.createSession({ id: 'victim', config: { idleAfterMs: 10 } });
    await clock.advance(10);
    expect((await victim.info()).status).toBe('idle');
    await victim.kill();
    expect(seen.steps()).toEqual([
      ...STARTED,
      'active→idle',
      'idle→terminating',
      'terminating→terminated',
      'session_terminated',
    ]);
    expect(manager.stats().deadlines).toBe(0);
    await expectUntouched();
  });

  it('terminating: it ends at once, whatever its cleanup does', async () => {
    const { manager, seen, expectUntouched } = await withBystander({
      clock: testClock(),
      hooks: { cleanup: ({ id }) => (id === 'victim' ? new Promise(() => {}) : undefined) },
    });
    const victim = await manager.createSession({ id: 'victim' });
    const terminated = victim.terminate();
    await turns();
    expect((await victim.info()).status).toBe('terminating');
    await victim.kill();
    await terminated;
    expect(seen.steps()).toEqual([...STARTED, ...ENDED]);
    await expectUntouched();
  });

  it('terminated: nobody is there to be killed', async () => {
    const { manager, seen, expectUntouched } = await withBystander();
    const victim = await manager.createSession({ id: 'victim' });
    await victim.terminate();
    seen.clear();
    expect(await codeOf(victim.kill())).toBe('SESSION_NOT_FOUND');
    expect(seen.events).toEqual([]);
    await expectUntouched();
  });

  it('every one of 500 sessions at once: each end is published once, and nothing is left', async () => {
    const { manager, seen, expectUntouched } = await withBystander();
    const victims = await Promise.all(Array.from({ length: 500 }, () => manager.createSession()));
    await Promise.all(victims.map((victim) => victim.kill()));
    const ended = seen.of('session_terminated').map(({ sessionId }) => sessionId);
    expect(new Set(ended)).toEqual(new Set(victims.map(({ id }) => id)));
    expect(ended).toHaveLength(500);
    await expectUntouched();
    seen.stop();
    expect(manager.stats()).toMatchObject(atRest({ sessions: false }));
  });
});
