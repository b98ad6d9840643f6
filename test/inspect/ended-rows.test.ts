import { describe, expect, it } from 'vitest';
import { createSessionManager, memoryStore } from '../../src/index.ts';
import { endedRows } from '../../src/inspect/ended-rows.ts';
import { Redaction } from '../../src/inspect/redaction.ts';
import type { JournalRecord } from '../../src/store/port.ts';
import { fragileAgent } from '../support/agents.ts';
import { testClock } from '../support/clock.ts';
import { until } from '../support/turns.ts';

/** The facts of an engine in which this has happened. */
async function factsOf(
  happen: (
    manager: ReturnType<typeof managed>['manager'],
    clock: ReturnType<typeof testClock>,
  ) => Promise<void>,
): Promise<JournalRecord[]> {
  const { store, manager, clock } = managed();
  await happen(manager, clock);
  await manager.close();
  await using lease = await store.open({ owner: 'test' });
  const facts: JournalRecord[] = [];
  for await (const fact of lease.facts({ from: 0 })) facts.push(fact);
  return facts;
}

function managed(restart: 'temporary' | 'permanent' = 'temporary') {
  const store = memoryStore();
  const clock = testClock(1000);
  const manager = createSessionManager({
    store,
    clock,
    agent: fragileAgent,
    supervision: { restart },
    logger: {},
  });
  return { store, manager, clock };
}
const plain = new Redaction();

describe('the rows of sessions that have ended', () => {
  it('say of each what it came to', async () => {
    const facts = await factsOf(async (manager, clock) => {
      const ada = await manager.createSession({ id: 'ada' });
      await clock.advance(100);
      await ada.send('user', 'hello');
      await ada.context.addFile('a.ts');
      await ada.context.addFile('b.ts');
      await ada.context.removeFile('a.ts');
      await clock.advance(100);
      await ada.terminate({ reason: 'done with it' });
      await manager.createSession({ id: 'alive' });
    });
    expect(await endedRows(facts, plain)).toEqual([
      {
        id: 'ada',
        seq: 1,
        status: 'terminated',
        asleep: false,
        createdAt: 1000,
        since: 1200,
        lastActivityAt: 1100,
        messages: 1,
        files: 1,
        tasks: 0,
        restarts: 0,
        crashes: 0,
        facts: facts.filter(({ sessionId }) => sessionId === 'ada').length,
        reason: 'done with it',
      },
    ]);
  });

  it('say how it crashed, but nothing of what is redacted', async () => {
    const facts = await factsOf(async (manager) => {
      const ada = await manager.createSession({ id: 'ada' });
      await ada.dispatch({ type: 'boom' }).catch(() => {});
      await until(async () => (await manager.listSessions()).length === 0);
    });
    expect(await endedRows(facts, plain)).toMatchObject([
      { reason: 'crashed', crashes: 1, restarts: 0, error: { message: expect.stringContaining('mine') } },
    ]);
    expect(JSON.stringify(await endedRows(facts, new Redaction(['error.message'])))).not.toContain('mine');
  });

  it('count what was cleared, and restarts', async () => {
    const { store, manager, clock } = managed('permanent');
    const ada = await manager.createSession({ id: 'ada' });
    await ada.send('user', 'hello');
    await ada.context.clearConversation();
    await ada.context.put('topic', 'lamps');
    await ada.dispatch({ type: 'boom' }).catch(() => {});
    await until(async () => {
      await clock.advance(0);
      return (await ada.info()).restarts === 1 && (await ada.info()).status === 'active';
    });
    await ada.terminate();
    await manager.close();
    await using lease = await store.open({ owner: 'test' });
    expect(await endedRows(lease.facts({ from: 0 }), plain)).toMatchObject([
      { messages: 0, crashes: 1, restarts: 1, reason: 'normal' },
    ]);
  });

  it('leave out one that is there again', async () => {
    const facts = await factsOf(async (manager) => {
      await manager.createSession({ id: 'ada' });
      await manager.terminateSession('ada');
      await manager.createSession({ id: 'ada' });
    });
    expect(await endedRows(facts, plain)).toEqual([]);
  });

  it('tell what there is of one whose first facts are gone', async () => {
    const facts = await factsOf(async (manager) => {
      const ada = await manager.createSession({ id: 'ada' });
      await ada.send('user', 'hello');
      await ada.terminate();
    });
    expect(await endedRows(facts.slice(1), plain)).toMatchObject([{ id: 'ada', createdAt: 0, messages: 1 }]);
  });

  it('are those of the newest, in the order in which they ended', async () => {
    const facts = await factsOf(async (manager) => {
      for (const id of ['a', 'b', 'c', 'd']) await manager.createSession({ id });
      for (const id of ['c', 'a', 'd', 'b']) await manager.terminateSession(id);
    });
    expect((await endedRows(facts, plain, 3)).map(({ id }) => id)).toEqual(['a', 'd', 'b']);
  });

  it('leave the event loop its turns', async () => {
    const [fact] = await factsOf(async (manager) => void (await manager.createSession({ id: 'ada' })));
    if (!fact) throw new Error('no fact');
    let turns = 0;
    let over = false;
    const tick = () => {
      turns += 1;
      if (!over) setImmediate(tick);
    };
    setImmediate(tick);
    await endedRows(Array(5000).fill(fact), plain);
    over = true;
    expect(turns).toBeGreaterThanOrEqual(4);
  });
});
