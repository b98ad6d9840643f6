import { createSessionManager } from 'chartroom';
import { expect, it } from 'vitest';
import type { SessionEvent } from '../../src/events/types.ts';
import { followEvents } from '../../src/wire/follow.ts';
import { codeThrown } from '../support/errors.ts';
import { gate } from '../support/gate.ts';
import { keptLog } from '../support/log.ts';
import { turns } from '../support/turns.ts';
import { wrappedStore } from '../support/wrapped-store.ts';

/** A manager with a session of two facts, whose store gives facts when the gate opens, or throws then. */
async function setUp(failure?: Error) {
  const opened = gate();
  const store = wrappedStore((lease) => ({
    async *facts(query) {
      await opened.promise;
      if (failure) throw failure;
      yield* lease.facts(query);
    },
  }));
  const { logger, lines } = keptLog();
  const manager = createSessionManager<never>({ store, logger });
  const session = await manager.createSession({ id: 'a' });
  const told: SessionEvent[] = [];
  const follow = (from: number) => followEvents(manager, from, (event) => void told.push(event));
  const seqs = () => told.map(({ seq }) => seq);
  return { open: opened.open, lines, manager, session, told, follow, seqs };
}

it('who is up to date hears what comes', async () => {
  const { follow, session, seqs } = await setUp();
  expect(follow(2).caughtUp).toBeUndefined();
  await session.send('user', 'x');
  expect(seqs()).toEqual([3]);
});

it('who is behind hears what has been first, then what has come meanwhile, and it is known when', async () => {
  const { follow, session, seqs, open } = await setUp();
  const { caughtUp } = follow(1);
  await session.send('user', 'meanwhile');
  expect(seqs()).toEqual([]);
  open();
  await caughtUp;
  expect(seqs()).toEqual([2, 3]);
  await session.send('user', 'live');
  expect(seqs()).toEqual([2, 3, 4]);
});

it('a store that does not give what has been leaves a gap, and what comes is heard', async () => {
  const { follow, session, told, open, lines } = await setUp(new Error('no disk'));
  const { caughtUp } = follow(1);
  open();
  await caughtUp;
  await session.send('user', 'live');
  expect(told).toMatchObject([{ type: 'gap', from: 2, to: 2 }, { seq: 3 }]);
  expect(lines).toMatchObject([['error', expect.stringContaining('past events'), { message: 'no disk' }]]);
});

it.each([[undefined], [new Error('no disk')]])('who has left hears nothing more, if %s', async (failure) => {
  const { follow, session, told, open, manager, lines } = await setUp(failure);
  const { caughtUp, unsubscribe } = follow(0);
  unsubscribe();
  open();
  await caughtUp;
  await session.send('user', 'x');
  await turns();
  expect([told, lines, manager.stats().listeners]).toEqual([[], [], 0]);
});

it('of a closed manager nobody hears', async () => {
  const { follow, manager } = await setUp();
  await manager.close();
  expect(codeThrown(() => follow(0))).toBe('MANAGER_CLOSED');
});
