import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../../src/store/memory.ts';
import type { SessionStore } from '../../../src/store/port.ts';
import { type ContractCase, verifyStore } from '../../../src/testing/store/verify-store.ts';
import { brokenStore, type Fault } from './broken-store.ts';
import { queuedStore } from './queued-store.ts';

const onQueued = verifyStore(() => queuedStore(), { retaining: (facts) => queuedStore(facts) });

describe('a store that answers with promises', () => {
  for (const { title, run } of onQueued) it(title, run);
});

/** The case of this title, on a store with the fault. */
function caseOn(fault: Fault, title: string): ContractCase {
  const found = verifyStore(() => brokenStore(fault)).find((each) => each.title === title);
  if (!found) throw new Error(`There is no case "${title}".`);
  return found;
}

const failureOf = async ({
  run,
}: ContractCase): Promise<Error & { expected?: unknown; actual?: unknown }> => {
  const error: unknown = await run().catch((reason: unknown) => reason);
  if (error instanceof Error) return error;
  throw new Error('The case passed.');
};

describe('verifyStore', () => {
  const cases = verifyStore(() => memoryStore());

  it('has at least 100 cases, each under a title that begins with the part of the port it is about', () => {
    expect(cases.length).toBeGreaterThanOrEqual(100);
    const titles = cases.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
    expect([...new Set(titles.map((title) => title.split(':')[0]))]).toEqual([
      'lease',
      'append',
      'heads',
      'snapshots',
      'removal',
      'cursors',
      'saved',
      'values',
    ]);
  });

  it('makes nothing before a case is run, and then one store for each', async () => {
    let made = 0;
    const [first, second] = verifyStore(() => {
      made += 1;
      return memoryStore();
    });
    expect(made).toBe(0);
    await first?.run();
    await first?.run();
    await second?.run();
    expect(made).toBe(3);
  });

  it('waits for a store that is made in a while', async () => {
    const [first] = verifyStore(async () => memoryStore());
    await first?.run();
  });

  it('plays what is about retention when it is told how to make a store that retains little', async () => {
    const asked: number[] = [];
    const all = verifyStore(() => memoryStore(), {
      retaining: (retainEvents) => {
        asked.push(retainEvents);
        return memoryStore({ retainEvents });
      },
    });
    const added = all.slice(cases.length);
    expect(added.every(({ title }) => title.startsWith('retention: '))).toBe(true);
    for (const { run } of added) await run();
    expect([...new Set(asked)].sort()).toEqual([0, 1, 2, 3, 4]);
  });

  it.each<[string, () => unknown, string]>([
    ['no function', () => verifyStore(memoryStore() as never), 'create must be a function'],
    [
      'an option it does not know',
      () => verifyStore(() => memoryStore(), { timeout: 1 } as never),
      'options has no option "timeout"',
    ],
    [
      'a time that is no time',
      () => verifyStore(() => memoryStore(), { timeoutMs: 0 }),
      'options.timeoutMs must be an integer from 1',
    ],
    [
      'a longer time than a timer can be set to',
      () => verifyStore(() => memoryStore(), { timeoutMs: 2 ** 31 }),
      'options.timeoutMs must be an integer from 1 up to 2147483647',
    ],
    [
      'a number in place of what makes a store',
      () => verifyStore(() => memoryStore(), { retaining: 3 as never }),
      'options.retaining must be a function',
    ],
  ])('refuses %s', (_what, call, message) => {
    expect(call).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    expect(call).toThrow(message);
  });
});

describe('a case that fails', () => {
  const forgetful: Fault = {
    what: 'forgets the newest fact',
    parts: (lease) => ({
      async load(id) {
        const { records, ...rest } = await lease.load(id);
        return { ...rest, records: records.slice(0, -1) };
      },
    }),
  };

  it('says what came, what was promised and where to mend it', async () => {
    const title = 'append: a seq may leave numbers out, between batches and within';
    const counting: Fault = { what: '', parts: (_lease, { facts }) => ({ lastSeq: facts.length }) };
    const { message, expected, actual } = await failureOf(caseOn(counting, title));
    expect(message.split('\n')).toEqual([
      'lastSeq: expected 20, got 0',
      '',
      'Promised: `append` keeps its facts as they were given and in their order. Every read finds them once it has returned or resolved.',
      'To mend: Keep every field but `wakeAt` as it came, and return a promise unless the write is done at once.',
    ]);
    expect([expected, actual]).toEqual([20, 0]);
  });

  it('adds, for the next owner, what is promised to him', async () => {
    const title =
      'append: a session has its facts, as they were appended and in order; also for the next owner';
    const { message } = await failureOf(caseOn(forgetful, title));
    expect(message).toContain('the facts of a at [2]: expected {"seq":4');
    expect(message).toContain(
      'A write that has returned or resolved is durable: every later owner finds it.',
    );
  });

  it('has the line of the case in its stack', async () => {
    const title = 'append: a session has its facts, as they were appended and in order';
    const { stack = '', message } = await failureOf(caseOn(forgetful, title));
    expect(stack.startsWith(`AssertionError: ${message}\n    at equal`)).toBe(true);
    expect(stack).toMatch(/testing\/store\/append\.ts:\d+/);
  });

  it('shows runners nothing but the difference', async () => {
    const title = 'append: a session has its facts, as they were appended and in order';
    const failure = await failureOf(caseOn(forgetful, title));
    expect(Object.keys(failure).sort()).toEqual(['actual', 'expected', 'name']);
  });

  it('names the call that failed, and keeps its error', async () => {
    const error = new TypeError('db is undefined');
    const crashing: Fault = {
      what: '',
      parts: () => ({
        counts() {
          throw error;
        },
      }),
    };
    const failure = await failureOf(caseOn(crashing, 'lease: a new store is empty'));
    expect(failure.message).toMatch(/^counts\(\) failed with TypeError: db is undefined\n/);
    expect(failure.message).toContain('No call that the port allows is refused.');
    expect(failure.name).toBe('ContractError');
    expect(failure.cause).toBe(error);
  });
});

describe('a function that makes no store', () => {
  const firstOn = (create: () => SessionStore | Promise<SessionStore>) => {
    const [first] = verifyStore(create);
    if (!first) throw new Error('There are no cases.');
    return failureOf(first);
  };

  it('is told so when it throws or rejects', async () => {
    const error = new Error('no such folder');
    for (const create of [
      () => Promise.reject(error),
      () => {
        throw error;
      },
    ]) {
      const { message, cause } = await firstOn(create);
      expect(message).toContain('making the store failed with Error: no such folder');
      expect(message).toContain(
        'Promised: The function that `verifyStore` is given makes a new `SessionStore`',
      );
      expect(cause).toBe(error);
    }
  });

  it('is told so when it gives something else', async () => {
    const { message } = await firstOn(() => undefined as never);
    expect(message).toContain('expected a SessionStore, which has a method open, got undefined');
    expect((await firstOn(() => ({}) as never)).message).toContain('got an object');
  });

  it('is told so when it gives one store for all', async () => {
    const store = memoryStore();
    const cases = verifyStore(() => store);
    const append = cases.find(({ title }) => title.endsWith('sessions may alternate within a batch'));
    await append?.run();
    const { message } = await failureOf(append as ContractCase);
    expect(message).toContain('the new store is not empty: its lastSeq is 4');
    expect(message).toContain('makes a new `SessionStore` at every call');
  });

  it('is told so when somebody has the store already', async () => {
    const { message } = await firstOn(async () => {
      const store = memoryStore();
      await store.open({ owner: 'me' });
      return store;
    });
    expect(message).toContain('the new store has an owner already: SessionError STORE_LOCKED');
    expect(message).toContain('empty and without an owner');
  });
});
