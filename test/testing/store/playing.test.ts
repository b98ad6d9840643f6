import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memoryStore } from '../../../src/store/memory.ts';
import type { SessionStore, StoreLease } from '../../../src/store/port.ts';
import { fact } from '../../../src/testing/store/facts.ts';
import { play } from '../../../src/testing/store/playing.ts';
import { rules } from '../../../src/testing/store/rules.ts';
import { type Scenario, scenario } from '../../../src/testing/store/stage.ts';
import { turns } from '../../support/turns.ts';
import { brokenStore, type Parts } from './broken-store.ts';

const LIMIT_MS = 30_000;
const never = () => new Promise<never>(() => {});

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** A store with other leases, and how many of them are held, of how many that were opened. */
function counted(parts: (lease: StoreLease) => Parts = () => ({})) {
  const store = brokenStore({ what: '', parts });
  let held = 0;
  let opened = 0;
  const counting: SessionStore = {
    async open(options) {
      const lease = await store.open(options);
      held += 1;
      opened += 1;
      return new Proxy(lease, {
        get(_target, key) {
          const value: unknown = Reflect.get(lease, key, lease);
          if (key !== Symbol.asyncDispose) return typeof value === 'function' ? value.bind(lease) : value;
          return async () => {
            await lease[Symbol.asyncDispose]();
            held -= 1;
          };
        },
      });
    },
  };
  return { store: counting, held: () => held, opened: () => opened };
}

async function failureOf(scene: Scenario, create: () => SessionStore | Promise<SessionStore>, waitMs = 0) {
  const outcome = play(scene, create, LIMIT_MS).then(
    () => undefined,
    (reason: unknown) => reason as Error,
  );
  await vi.advanceTimersByTimeAsync(waitMs);
  const error = await outcome;
  if (!error) throw new Error('It passed.');
  return error.message;
}

const on = (act: (lease: StoreLease) => unknown) =>
  scenario(rules.appended, 'a case', async (lease) => void (await act(lease)));

describe('what a case has opened', () => {
  it('is given back when it passes', async () => {
    const { store, held } = counted();
    await play(
      on((lease) => lease.append([fact(1, 'a', 1)])),
      () => store,
      LIMIT_MS,
    );
    expect(held()).toBe(0);
  });

  it('is given back when it fails', async () => {
    const { store, held } = counted();
    const fail = on(() => {
      throw new Error('no');
    });
    expect(await failureOf(fail, () => store)).toContain('the case failed with Error: no');
    expect(held()).toBe(0);
  });

  it('is given back once, when the case has done so itself', async () => {
    const { store, held } = counted();
    await play(
      on((lease) => lease[Symbol.asyncDispose]()),
      () => store,
      LIMIT_MS,
    );
    expect(held()).toBe(0);
  });

  it('is given back, though it was opened where a refusal was expected', async () => {
    const [a, b] = [counted(), counted()];
    const lax: SessionStore = { open: (options) => (options.owner === 'a' ? a : b).store.open(options) };
    const both: Scenario = {
      title: 'both',
      rule: rules.oneOwner,
      async play(stage) {
        await stage.store.open({ owner: 'a' });
        await stage.store.open({ owner: 'b' });
        throw new Error('two');
      },
    };
    expect(await failureOf(both, () => lax)).toContain('two');
    expect([a.held(), b.held()]).toEqual([0, 0]);
  });

  it('fails a case that was right, when it cannot be given back', async () => {
    const { store } = counted(() => ({
      [Symbol.asyncDispose]: () => Promise.reject(new Error('disk full')),
    }));
    const message = await failureOf(
      on(() => {}),
      () => store,
    );
    expect(message).toContain('giving the lease back failed with Error: disk full');
    expect(message).toContain(rules.givenBack.promise);
  });

  it('does not hide why a case failed, when it cannot be given back either', async () => {
    const { store } = counted(() => ({
      [Symbol.asyncDispose]: () => Promise.reject(new Error('disk full')),
    }));
    const fail = on(() => {
      throw new Error('the reason');
    });
    expect(await failureOf(fail, () => store)).toContain('the reason');
  });
});

describe('a store that hangs', () => {
  it.each<[string, Parts, (lease: StoreLease) => unknown, string]>([
    ['in append', { append: never }, (lease) => lease.append([fact(1, 'a', 1)]), 'append([{"seq":1'],
    ['in load', { load: never }, (lease) => lease.load('a'), 'load("a")'],
    ['in saved.get', { saved: { get: never } }, (lease) => lease.saved.get('a'), 'saved.get("a")'],
    [
      'in two calls',
      { head: never, counts: never },
      (lease) => Promise.all([lease.head('a'), lease.counts()]),
      'head("a"), counts()',
    ],
    [
      'while its facts are read',
      { facts: () => ({ [Symbol.asyncIterator]: () => ({ next: never }) }) },
      async (lease) => {
        for await (const each of lease.facts({ from: 0 })) void each;
      },
      'facts().next({"from":0})',
    ],
  ])('%s fails the case, which names the call', async (_where, parts, act, call) => {
    const { store, held } = counted(() => parts);
    const message = await failureOf(on(act), () => store, LIMIT_MS);
    expect(message).toContain(`no end after ${LIMIT_MS} ms of waiting for ${call}`);
    expect(message).toContain(rules.settles.promise);
    expect(held()).toBe(0);
  });

  it('when it is opened fails the case, and a lease that comes late is given back', async () => {
    const { store, held, opened } = counted();
    let letIn = () => {};
    const slow: SessionStore = {
      async open(options) {
        await new Promise<void>((resolve) => {
          letIn = resolve;
        });
        return store.open(options);
      },
    };
    const message = await failureOf(
      on(() => {}),
      () => slow,
      LIMIT_MS,
    );
    expect(message).toContain('waiting for open({"owner":"contract"})');
    expect(opened()).toBe(0);
    letIn();
    await turns();
    expect([opened(), held()]).toEqual([1, 0]);
  });

  it('when it is made fails the case', async () => {
    const message = await failureOf(
      on(() => {}),
      never,
      LIMIT_MS,
    );
    expect(message).toContain(`no end after ${LIMIT_MS} ms of waiting for the store to be made`);
  });

  it('when the lease is given back fails the case, at the limit', async () => {
    const { store } = counted(() => ({ [Symbol.asyncDispose]: never }));
    const message = await failureOf(
      on(() => {}),
      () => store,
      LIMIT_MS,
    );
    expect(message).toContain('waiting for [Symbol.asyncDispose]()');
  });

  it('in a call and when the lease is given back keeps nobody waiting twice', async () => {
    const { store } = counted(() => ({ append: never, [Symbol.asyncDispose]: never }));
    const message = await failureOf(
      on((lease) => lease.append([])),
      () => store,
      LIMIT_MS + 2000,
    );
    expect(message).toContain('waiting for append([])');
  });
});

it('a case that was given up asks nothing more of the store', async () => {
  const asked: string[] = [];
  let goOn = () => {};
  const gate = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const { store } = counted(() => ({
    counts() {
      asked.push('counts');
      return {};
    },
  }));
  let ended: Promise<unknown> | undefined;
  const waiting = on((lease) => {
    ended = (async () => {
      await gate;
      await lease.counts();
    })();
    return ended;
  });
  expect(await failureOf(waiting, () => store, LIMIT_MS)).toContain('something other than the store');
  goOn();
  await expect(ended).rejects.toThrow('The case is over.');
  expect(asked).toEqual([]);
});

it('rejections that a failed case no longer waits for harm nobody', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', note);
  const { store } = counted(() => ({ append: () => Promise.reject(new Error('late')) }));
  const careless = on((lease) => {
    void lease.append([]);
    throw new Error('first');
  });
  expect(await failureOf(careless, () => store)).toContain('first');
  await turns();
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});

it('play needs no more of a store than the port has', async () => {
  await play(
    on((lease) => lease.append([fact(1, 'a', 1)])),
    () => memoryStore(),
    LIMIT_MS,
  );
});
