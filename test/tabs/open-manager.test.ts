import { createSessionManager, memoryStore } from 'chartroom';
import { describe, expect, it } from 'vitest';
import { Timekeeper } from '../../src/clock.ts';
import { openManager } from '../../src/tabs/open-manager.ts';
import { testClock } from '../support/clock.ts';
import { codeOf, failureOf } from '../support/errors.ts';
import { loggedGuard } from '../support/log.ts';
import { stateOf } from '../support/turns.ts';

function setUp(create: () => unknown, patienceMs = 1000) {
  const clock = testClock();
  const leaving = new AbortController();
  let made = 0;
  const opened = openManager(
    {
      create: () => {
        made += 1;
        return create() as ReturnType<typeof createSessionManager>;
      },
      time: new Timekeeper(clock, loggedGuard().guard),
      patienceMs,
    },
    leaving.signal,
  );
  opened.catch(() => {});
  return { clock, leaving, opened, made: () => made };
}

describe('opening a manager', () => {
  it('resolves once it is ready, also when it takes a promise to make it', async () => {
    const { opened } = setUp(async () => createSessionManager());
    expect((await opened).actor.getSnapshot()).toMatchObject({ value: 'running' });
  });

  it('makes another one while the store is locked, at longer and longer intervals', async () => {
    const store = memoryStore();
    const holder = createSessionManager({ store });
    await holder.ready;
    const { opened, clock, made } = setUp(() => createSessionManager({ store }));
    const counts: number[] = [];
    for (const ms of [0, 25, 25, 25, 50]) {
      await clock.advance(ms);
      counts.push(made());
    }
    expect(counts).toEqual([1, 2, 2, 3, 3]);
    await holder.close();
    await clock.advance(50);
    expect(await (await opened).listSessions()).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('gives up with STORE_LOCKED when that has been long enough', async () => {
    const store = memoryStore();
    await createSessionManager({ store }).ready;
    const { opened, clock, made } = setUp(() => createSessionManager({ store }), 100);
    for (let n = 0; n < 10; n++) await clock.advance(100);
    expect(await codeOf(opened)).toBe('STORE_LOCKED');
    expect([made(), clock.pending]).toEqual([4, 0]);
  });

  it('rejects at once what no waiting will change', async () => {
    const store = { open: () => Promise.reject(new Error('no disk')) };
    const { opened, made } = setUp(() => createSessionManager({ store }));
    expect(await codeOf(opened)).toBe('STORE_FAILED');
    expect(made()).toBe(1);
  });

  it.each([
    [
      'that throws',
      () => {
        throw new Error('mine');
      },
    ],
    ['that rejects', () => Promise.reject(new Error('mine'))],
    ['that makes none', () => ({})],
    ['that makes nothing', () => undefined],
  ])('rejects INVALID_ARGUMENT for a function %s', async (_title, create) => {
    expect((await failureOf(setUp(create).opened)).code).toBe('INVALID_ARGUMENT');
  });
});

it('rejects MANAGER_CLOSED for a function that gives what was closed before', async () => {
  const manager = createSessionManager();
  await manager.ready;
  await manager.close();
  expect(await codeOf(setUp(() => manager).opened)).toBe('MANAGER_CLOSED');
});

describe('leaving meanwhile', () => {
  it('waits for no function that never makes one', async () => {
    const { opened, leaving } = setUp(() => new Promise(() => {}));
    leaving.abort();
    expect(await stateOf(opened)).toBe('rejected');
    expect(await codeOf(opened)).toBe('MANAGER_CLOSED');
  });

  it('ends the waiting for a store that never opens', async () => {
    const store = { open: () => new Promise<never>(() => {}) };
    const { opened, leaving } = setUp(() => createSessionManager({ store }));
    expect(await stateOf(opened)).toBe('pending');
    leaving.abort();
    expect(await codeOf(opened)).toBe('MANAGER_CLOSED');
  });

  it('ends a pause, and no other manager is made', async () => {
    const store = memoryStore();
    await createSessionManager({ store }).ready;
    const { opened, clock, leaving, made } = setUp(() => createSessionManager({ store }));
    await clock.advance(0);
    leaving.abort();
    expect(await codeOf(opened)).toBe('MANAGER_CLOSED');
    expect([made(), clock.pending]).toEqual([1, 0]);
  });

  it('closes a manager that is made only then', async () => {
    let make: (manager: unknown) => void = () => {};
    const { opened, leaving } = setUp(
      () =>
        new Promise((resolve) => {
          make = resolve;
        }),
    );
    leaving.abort();
    const manager = createSessionManager();
    make(manager);
    await codeOf(opened);
    expect(await codeOf(manager.listSessions())).toBe('MANAGER_CLOSED');
  });
});
