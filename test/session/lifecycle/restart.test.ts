import { describe, expect, it } from 'vitest';
import { finishingAgent, fragileAgent } from '../../support/agents.ts';
import { codeOf } from '../../support/errors.ts';
import { gate } from '../../support/gate.ts';
import { stateOf, turns } from '../../support/turns.ts';
import { forever, type Stage, stage } from '../stage.ts';
import { storeUnderTest } from '../stores.ts';

const ENDED = ['active→terminating', 'terminating→terminated'];
const CRASH = 'crashed, restarting: the agent hit a mine';
const AGAIN = ['terminated→initializing', 'initializing→active'];
const transient = { restart: 'transient' } as const;

async function crash({ manager }: Stage, id = 's') {
  await manager
    .session(id)
    .dispatch({ type: 'boom' })
    .catch(() => {});
  await turns();
}

/** A hook that succeeds at the first start, and afterwards does what it is told. */
function _failingRestarts(restart: () => unknown) {
  let starts = 0;
  return {
    get starts() {
      return starts;
    },
    initialize: async () => {
      starts += 1;
      if (starts > 1) await restart();
    },
  };
}

describe('a restart', () => {
  it('follows a crash, with all that the session had', async () => {
    const on = stage({ agent: fragileAgent, supervision: transient });
    const session = await on.manager.createSession({ id: 's' });
    await session.send('user', 'before');
    on.news();
    await crash(on);
    expect(on.news()).toEqual([CRASH, ...ENDED, ...AGAIN]);
    expect(await session.info()).toMatchObject({ status: 'active', restarts: 1, messageCount: 1 });
    expect(on.heard.of('session_crashed')[0]).toMatchObject({ restarting: true, attempt: 1 });
    await crash(on);
    expect(on.heard.of('session_crashed')[1]).toMatchObject({ restarting: true, attempt: 2 });
  });

  it('follows a kill, without a cleanup, and says so as a crash', async () => {
    const cleaned: string[] = [];
    const on = stage({ supervision: transient, hooks: { cleanup: ({ id }) => void cleaned.push(id) } });
    const session = await on.manager.createSession({ id: 's' });
    on.news();
    await session.kill();
    expect(on.news()).toEqual(['crashed, restarting: the session was killed', ...ENDED, ...AGAIN]);
    await session.kill(new Error('in the way'));
    expect(on.news()).toEqual(['crashed, restarting: in the way', ...ENDED, ...AGAIN]);
    expect(cleaned).toEqual([]);
    expect(on.heard.of('session_status').filter(({ reason }) => reason === 'killed')).toHaveLength(4);
  });

  it('follows the completion of the agent when the policy is permanent, and only then', async () => {
    for (const restart of ['transient', 'permanent'] as const) {
      const on = stage({ agent: finishingAgent, supervision: { restart } });
      const session = await on.manager.createSession({ id: 's' });
      on.news();
      await session.dispatch({ type: 'finish' });
      await turns();
      const completed = 'crashed, restarting: the agent has completed, and the policy is to start it again';
      expect(on.news()).toEqual(restart === 'permanent' ? [completed, ...ENDED, ...AGAIN] : []);
      expect(await codeOf(session.dispatch({ type: 'finish' }))).toBe(
        restart === 'permanent' ? 'resolved instead' : 'INVALID_TRANSITION',
      );
    }
  });

  it('comes after the cleanup, and after its time is over too: the reason stays the crash', async () => {
    const cleaned: AbortSignal[] = [];
    const on = stage({
      agent: fragileAgent,
      supervision: transient,
      timeouts: { terminateMs: 50 },
      hooks: {
        cleanup: ({ signal }) => {
          cleaned.push(signal);
          return forever();
        },
      },
    });
    await on.manager.createSession({ id: 's' });
    on.news();
    await crash(on);
    expect(on.news()).toEqual([CRASH, 'active→terminating']);
    await on.clock.advance(50);
    expect(cleaned.map(({ aborted }) => aborted)).toEqual([true]);
    expect(on.news()).toEqual(['terminating→terminated', ...AGAIN]);
    expect(on.heard.of('session_status').map(({ reason }) => reason)).toEqual([
      undefined,
      'crashed',
      'crashed',
      undefined,
      undefined,
    ]);
  });

  it('comes at once when the session is killed in its cleanup', async () => {
    const on = stage({ agent: fragileAgent, supervision: transient, hooks: { cleanup: forever } });
    const session = await on.manager.createSession({ id: 's' });
    await crash(on);
    on.news();
    await session.kill();
    expect(on.news()).toEqual(['terminating→terminated', ...AGAIN]);
    expect((await session.info()).restarts).toBe(1);
    expect(on.manager.stats().deadlines).toBe(0);
  });

  it('that has to wait is no reason to keep a cleanup going that a kill cut short', async () => {
    const signals: AbortSignal[] = [];
    const on = stage({
      agent: fragileAgent,
      supervision: { ...transient, backoffMs: 100 },
      hooks: {
        cleanup: ({ signal }) => {
          signals.push(signal);
          return forever();
        },
      },
    });
    const session = await on.manager.createSession({ id: 's' });
    await crash(on);
    await session.kill();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(await session.info()).toMatchObject({ status: 'terminating', restarts: 0 });
    await on.clock.advance(100);
    expect(await session.info()).toMatchObject({ status: 'active', restarts: 1 });
  });

  it('is taken back by a terminate, during the cleanup that comes before it', async () => {
    const hold = gate();
    const on = stage({ agent: fragileAgent, supervision: transient, hooks: { cleanup: () => hold.promise } });
    const session = await on.manager.createSession({ id: 's' });
    await crash(on);
    on.news();
    const ended = session.terminate();
    expect(await stateOf(ended)).toBe('pending');
    hold.open();
    await ended;
    expect(on.news()).toEqual(['terminating→terminated', 'gone (crashed): the agent hit a mine']);
  });
});

describe('the pause before a restart', () => {
  const paused = { ...transient, backoffMs: 1000 };

  it('is spent terminating: look-ups find the session, writes are refused', async () => {
    const on = stage({ agent: fragileAgent, supervision: paused });
    const session = await on.manager.createSession({ id: 's' });
    on.news();
    await crash(on);
    expect(on.news()).toEqual([CRASH, 'active→terminating']);
    expect(on.manager.stats().deadlines).toBe(1);
    expect(await codeOf(session.send('user', 'late'))).toBe('SESSION_NOT_ACTIVE');
    await on.clock.advance(999);
    expect(on.news()).toEqual([]);
    await on.clock.advance(1);
    expect(on.news()).toEqual(['terminating→terminated', ...AGAIN]);
    expect(on.manager.stats().deadlines).toBe(0);
  });

  it('is one pause, whatever is killed meanwhile', async () => {
    const on = stage({ agent: fragileAgent, supervision: paused });
    const session = await on.manager.createSession({ id: 's' });
    await session.kill();
    on.news();
    await on.clock.advance(600);
    await session.kill();
    await on.clock.advance(399);
    expect(on.news()).toEqual([]);
    await on.clock.advance(1);
    expect(on.news()).toEqual(['terminating→terminated', ...AGAIN]);
  });

  it('ends for good with a terminate', async () => {
    const on = stage({ agent: fragileAgent, supervision: paused });
    const session = await on.manager.createSession({ id: 's' });
    await crash(on);
    on.news();
    await session.terminate();
    expect(on.news()).toEqual(['terminating→terminated', 'gone (crashed): the agent hit a mine']);
    expect(on.manager.stats().deadlines).toBe(0);
    await on.clock.advance(5000);
    expect(on.news()).toEqual([]);
  });

  it('begins anew in the next manager, of a crash with the cleanup, of a kill without', async () => {
    for (const [end, cleanups] of [
      ['crash', 2],
      ['kill', 0],
    ] as const) {
      let cleaned = 0;
      const store = storeUnderTest();
      const options = {
        store,
        agent: fragileAgent,
        supervision: paused,
        hooks: {
          cleanup: () => {
            cleaned += 1;
          },
        },
      };
      const first = stage(options);
      const session = await first.manager.createSession({ id: 's' });
      if (end === 'crash') await crash(first);
      else await session.kill();
      await first.manager.close();

      const second = stage(options);
      expect(await second.manager.getSessionInfo('s')).toMatchObject({ status: 'terminating', restarts: 0 });
      await second.clock.advance(999);
      expect(second.news()).toEqual([]);
      await second.clock.advance(1);
      expect(second.news()).toEqual(['terminating→terminated', ...AGAIN]);
      expect(cleaned).toBe(cleanups);
    }
  });
});
