import { describe, expect, it } from 'vitest';
import { fragileAgent } from '../../support/agents.ts';
import { codeOf, failureOf } from '../../support/errors.ts';
import { type Gate, gate } from '../../support/gate.ts';
import { turns } from '../../support/turns.ts';
import { forever, type Stage, type StageOptions, stage } from '../stage.ts';
import { storeUnderTest } from '../stores.ts';

const ENDED = ['active→terminating', 'terminating→terminated'];
const AGAIN = ['terminated→initializing', 'initializing→active'];
const transient = { restart: 'transient' } as const;

async function crash({ manager }: Stage) {
  await codeOf(manager.session('s').dispatch({ type: 'boom' }));
  await turns();
}

/** Hooks of one kind that each end when their gate opens; all facts of them are accepted by the store. */
function gated(kind: 'initialize' | 'cleanup', options: StageOptions = {}) {
  const gates: Gate[] = [];
  const store = storeUnderTest();
  const run = () => {
    const next = gate();
    gates.push(next);
    return next.promise;
  };
  const on = stage({
    store,
    agent: fragileAgent,
    supervision: transient,
    hooks: { [kind]: run },
    ...options,
  });
  const open = async (n: number) => {
    gates[n]?.open();
    await turns();
    expect(store.misplaced).toEqual([]);
  };
  return { on, gates, open, store };
}

describe('an initialize hook that was cut short, and ends after all', () => {
  it('makes no session active: not the next of its id', async () => {
    const { on, gates, open } = gated('initialize', { timeouts: { initializeMs: 100 } });
    await on.manager.ready;
    const first = codeOf(on.manager.createSession({ id: 's' }));
    await on.clock.advance(100);
    expect(await first).toBe('TIMEOUT');
    const second = on.manager.createSession({ id: 's' });
    await turns();
    on.news();
    await open(0);
    expect([gates.length, on.news()]).toEqual([2, []]);
    await open(1);
    await second;
    expect(on.news()).toEqual(['initializing→active']);
  });

  it('makes no session active: not its own, which starts again', async () => {
    const { on, open } = gated('initialize');
    const created = on.manager.createSession({ id: 's' });
    await turns();
    await open(0);
    const session = await created;
    await session.kill();
    await turns();
    await session.kill();
    await turns();
    on.news();
    await open(1);
    expect([on.news(), (await session.info()).status]).toEqual([[], 'initializing']);
    await open(2);
    expect(on.news()).toEqual(['initializing→active']);
  });
});

describe('a cleanup hook that was cut short, and ends after all', () => {
  it('does not make the pause longer that its session waits for its restart', async () => {
    const { on, open } = gated('cleanup', { supervision: { ...transient, backoffMs: 100 } });
    const session = await on.manager.createSession({ id: 's' });
    await crash(on);
    await session.kill();
    on.news();
    await on.clock.advance(60);
    await open(0);
    await on.clock.advance(39);
    expect(on.news()).toEqual([]);
    await on.clock.advance(1);
    expect(on.news()).toEqual(['terminating→terminated', ...AGAIN]);
  });

  it('does not end the incarnation that has come meanwhile', async () => {
    const { on, gates, open } = gated('cleanup', { timeouts: { terminateMs: 50 } });
    const session = await on.manager.createSession({ id: 's' });
    await crash(on);
    await on.clock.advance(50);
    expect(on.news().slice(-2)).toEqual(AGAIN);
    await open(0);
    expect([on.news(), (await session.info()).status]).toEqual([[], 'active']);

    await crash(on);
    await on.clock.advance(50);
    await crash(on);
    on.news();
    await open(1);
    expect([on.news(), gates.length]).toEqual([[], 3]);
    await open(2);
    expect(on.news()).toEqual(['terminating→terminated', ...AGAIN]);
  });
});

describe('a kill', () => {
  it('of a session that starts for the first time ends it, whatever the policy of restarts', async () => {
    for (const restart of ['transient', 'permanent'] as const) {
      const on = stage({ supervision: { restart }, hooks: { initialize: forever } });
      const created = codeOf(on.manager.createSession({ id: 's' }));
      await turns();
      await on.manager.killSession('s');
      expect(await created).toBe('SESSION_TERMINATED');
      expect(on.news()).toEqual(['session_created', 'initializing→terminated', 'gone (killed)']);
    }
  });

  it('is one append: no other manager finds the session half ended', async () => {
    const appends: number[] = [];
    const store = storeUnderTest({
      parts: (lease) => ({
        append(records) {
          appends.push(records.length);
          return lease.append(records);
        },
      }),
    });
    const on = stage({ store });
    const session = await on.manager.createSession({ id: 's' });
    on.news();
    appends.length = 0;
    await session.kill();
    expect([on.news(), appends]).toEqual([[...ENDED, 'gone (killed)'], [3]]);
  });

  it('one too many tells the logger why, as it was told or in words of its own', async () => {
    for (const reason of [new Error('in the way'), undefined]) {
      const on = stage({ supervision: { ...transient, maxRestarts: 0 } });
      await (await on.manager.createSession({ id: 's' })).kill(reason);
      expect(on.logged.map(([, error]) => error)).toMatchObject([
        reason ? { message: 'in the way' } : { name: 'Killed' },
      ]);
    }
  });

  it('of a restart that is one too many tells the same', async () => {
    for (const reason of [new Error('in the way'), undefined]) {
      let starts = 0;
      const initialize = () => {
        starts += 1;
        return starts > 1 ? forever() : undefined;
      };
      const on = stage({ supervision: { ...transient, maxRestarts: 1 }, hooks: { initialize } });
      const session = await on.manager.createSession({ id: 's' });
      await session.kill();
      await turns();
      await session.kill(reason);
      await turns();
      expect(on.logged.map(([, error]) => error)).toMatchObject([
        reason ? { message: 'in the way' } : { name: 'Killed' },
      ]);
    }
  });
});

describe('a create whose session is ended while it starts', () => {
  it('is told of which session', async () => {
    for (const end of ['terminateSession', 'killSession'] as const) {
      const on = stage({ hooks: { initialize: forever } });
      const created = failureOf(on.manager.createSession({ id: 's' }));
      await turns();
      await on.manager[end]('s');
      const error = await created;
      expect(error).toMatchObject({ code: 'SESSION_TERMINATED', sessionId: 's' });
      expect(error.message).toContain('"s"');
    }
  });
});
