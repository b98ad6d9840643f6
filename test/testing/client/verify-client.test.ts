import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assign, fromPromise, setup } from 'xstate';
import { type AgentInput, createSessionManager, memoryStore } from '../../../src/index.ts';
import {
  parseTrace,
  type TestEnv,
  VerificationError,
  type VerificationProgress,
  type VerifyClientOptions,
  verifyClient,
} from '../../../src/testing/index.ts';
import { deferredStore } from '../../support/deferred-store.ts';
import { altered, brokenClients } from './broken-clients.ts';

const manager = ({ options }: TestEnv) => createSessionManager(options);
const quiet = { seed: 1, traceFolder: false } as const;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chartroom-verify-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function failureOf(running: Promise<unknown>): Promise<VerificationError> {
  const error: unknown = await running.then(
    () => new Error('nothing failed'),
    (reason) => reason,
  );
  if (error instanceof VerificationError) return error;
  throw error;
}

/** A hasty client is found out at the end of any run: a closed one must refuse. */
const QUIET_RUN = ['create a', 'all comes to rest'];
const LAST = 'close, then ask for a and terminate it';
const hasty = brokenClients.find(({ what }) => what.startsWith('answers terminate'))?.create ?? manager;

describe('verifyClient finds a client that', () => {
  it.each(brokenClients)('$what', async ({ create, breaks }) => {
    const { invariant } = await failureOf(verifyClient(create, { ...quiet, runs: 200 }));
    expect(breaks).toContain(invariant);
  });
});

describe('a failure', () => {
  it('is the smallest run that breaks the same, in words', async () => {
    const { message, steps, invariant, seed, runs } = await failureOf(
      verifyClient(hasty, { ...quiet, name: 'hasty' }),
    );
    expect({ invariant, seed, runs }).toEqual({ invariant: 'terminate is durable', seed: 1, runs: 1 });
    expect(steps).toEqual([...QUIET_RUN, LAST]);
    expect(message).toMatch(/^hasty breaks "terminate is durable": terminate a resolved while/);
    expect(message).toContain(`  3. ${LAST}   ← breaks here\n`);
  });

  it('is made again, and alone, by its seed and path', async () => {
    const twice = brokenClients.find(({ what }) => what.startsWith('sends every'))?.create ?? manager;
    const { seed, path, steps, runs } = await failureOf(verifyClient(twice, { ...quiet, seed: 7 }));
    expect({ path, runs }).toEqual({ path: String(runs - 1), runs: expect.any(Number) });
    const again = await failureOf(verifyClient(twice, { traceFolder: false, seed, path }));
    expect(again.runs).toBe(1);
    expect(again.steps).toEqual(steps);
  });

  it('leaves its trace in a file, which says what was done, what came of it and where it broke', async () => {
    const { traceFile, trace } = await failureOf(
      verifyClient(hasty, { seed: 1, traceFolder: folder, name: 'hasty' }),
    );
    expect(traceFile).toBe(join(folder, 'hasty-1.trace.json'));
    const written = parseTrace(readFileSync(String(traceFile), 'utf8'));
    expect(written).toEqual(trace);
    expect(written).toMatchObject({
      kind: 'client',
      subject: 'hasty',
      steps: [...QUIET_RUN, LAST].map((words) => ({ words, atMs: expect.any(Number) })),
      failure: { invariant: 'terminate is durable', step: 2, entries: written.entries.length },
    });
    expect(Object.keys(written.definitions)).toEqual(['manager', 'session']);
    const kinds = new Set(written.entries.map(({ kind }) => kind));
    expect([...kinds]).toEqual(expect.arrayContaining(['call', 'settled', 'event', 'fact', 'snapshot']));
  });

  it('is kept, and made first the next time', async () => {
    const regressions = join(folder, 'kept.json');
    const options = { ...quiet, name: 'hasty', regressions };
    expect((await failureOf(verifyClient(hasty, options))).regression).toBeUndefined();
    const second = await failureOf(verifyClient(hasty, { ...options, seed: 99 }));
    expect(second.regression).toBe('hasty: terminate is durable');
    expect(second.message).toContain('The kept run "hasty: terminate is durable" does so:');
    expect(JSON.parse(readFileSync(regressions, 'utf8')).regressions).toHaveLength(1);
    const mended = await verifyClient(manager, { ...options, runs: 3 });
    expect(mended.runs).toBe(4);
  });

  it('is told when a kept run was changed by hand', async () => {
    const regressions = join(folder, 'changed.json');
    const one = { name: 'x', kind: 'client', subject: 'client', invariant: 'y', run: { steps: 7 } };
    writeFileSync(
      regressions,
      JSON.stringify({ format: 'chartroom-regressions', version: 1, regressions: [one] }),
    );
    await expect(verifyClient(manager, { ...quiet, regressions })).rejects.toThrow(
      /kept run "x" is no run of a client/,
    );
  });

  it('is also that the same run gives another one', async () => {
    const hooks: VerifyClientOptions['hooks'] = {
      initialize: ({ context }) => context.put('luck', Math.random()),
    };
    const { invariant, message } = await failureOf(verifyClient(manager, { ...quiet, hooks }));
    expect(invariant).toBe('deterministic');
    expect(message).toMatch(/made twice, the same run differs: after "[^"]+" .* a random number/);
  });
});

describe('a verification', () => {
  it('says how many runs it made, what they went through, and what they never did', async () => {
    const pinned = { sessionDefaults: { idleAfterMs: undefined } } as VerifyClientOptions['pinned'] & object;
    const report = await verifyClient(manager, { ...quiet, runs: 40, pinned });
    expect(report).toMatchObject({ runs: 40, seed: 1 });
    expect(report.states).toEqual(['active', 'initializing', 'terminated', 'terminating']);
    expect(report.transitions).toContain('initializing → active');
    expect(report.neverTaken).toEqual(['active → idle', 'idle', 'idle → active', 'idle → terminating']);
    expect(report.reached['ended killed']).toBeGreaterThan(0);
  });

  it('draws a seed, and gives it', async () => {
    const seeds = await Promise.all(
      [1, 2].map(async () => (await verifyClient(manager, { runs: 1, steps: 1 })).seed),
    );
    expect(new Set(seeds).size).toBe(2);
  });

  it('tells how far it has come', async () => {
    const told: VerificationProgress[] = [];
    await verifyClient(manager, { ...quiet, runs: 3, onProgress: (progress) => told.push(progress) });
    expect(told.at(-1)).toMatchObject({ runs: 3, of: 3, shrinking: false });
  });
});

interface GreeterContext {
  readonly session: AgentInput['session'];
  readonly asked: number;
}

const greeter = setup({
  types: { context: {} as GreeterContext, input: {} as AgentInput },
  actions: {
    greet: ({ context }) => {
      context.session.context.addMessage('assistant', 'hello').catch(() => {});
    },
    burn: () => {
      throw new Error('burnt');
    },
    count: assign({ asked: ({ context }) => context.asked + 1 }),
  },
}).createMachine({
  context: ({ input }) => ({ session: input.session, asked: 0 }),
  initial: 'waiting',
  states: {
    waiting: {
      on: { ask: { target: 'thinking', actions: 'count' }, burn: { actions: 'burn' }, end: 'over' },
    },
    thinking: { after: { 100: { target: 'waiting', actions: 'greet' } } },
    over: { type: 'final' },
  },
});

describe('with something of the user’s own it verifies', () => {
  const events = { ask: fc.constant({}), burn: fc.constant({}), end: fc.constant({}) };

  it('an agent that waits, writes, fails and completes', async () => {
    const report = await verifyClient(manager, { ...quiet, runs: 60, agent: { logic: greeter, events } });
    expect(report.reached).toMatchObject({ 'ended crashed': expect.any(Number) });
  });

  it('an agent that completes at once, whatever the policy', async () => {
    const logic = fromPromise(async () => 42);
    await verifyClient(manager, { ...quiet, runs: 40, agent: { logic, events: { any: fc.constant({}) } } });
  });

  it('an agent that fails at once', async () => {
    const logic = fromPromise(() => Promise.reject(new Error('no')));
    const report = await verifyClient(manager, {
      ...quiet,
      runs: 20,
      agent: { logic, events: { any: fc.constant({}) } },
    });
    expect(report.reached).toHaveProperty('crashed for good');
  });

  it('hooks that write', async () => {
    const hooks: VerifyClientOptions['hooks'] = {
      async initialize({ context }) {
        await context.addMessage('system', 'be kind');
        await context.put('k', [1, { two: 2 }]);
      },
      cleanup: ({ context }) => context.put('bye', true),
    };
    await verifyClient(manager, { ...quiet, runs: 60, hooks });
  });

  it('hooks in every run, so that an invariant can be about them', async () => {
    const greeted = new Set<string>();
    const hooks: VerifyClientOptions['hooks'] = { initialize: ({ id }) => void greeted.add(id) };
    const invariants: VerifyClientOptions['invariants'] = {
      'whoever is active was greeted': ({ sessions }) =>
        sessions.every(({ id, status }) => status !== 'active' || greeted.has(id)),
    };
    await verifyClient(manager, { ...quiet, runs: 40, hooks, invariants });
    expect(greeted.size).toBeGreaterThan(2);
  });

  it('a store that takes its time', async () => {
    const createStore: VerifyClientOptions['createStore'] = (options) => deferredStore(memoryStore(options));
    await verifyClient(manager, { ...quiet, runs: 20, createStore });
  });

  it('a client that takes its time to be made', async () => {
    const later = async (env: TestEnv) => {
      await null;
      return manager(env);
    };
    await verifyClient(later, { ...quiet, seed: 3, runs: 60 });
  });

  it('a client that has a store of its own, and neither agents nor hooks nor counts', async () => {
    const bare = altered(() => ({ stats: undefined as never, ready: undefined as never }));
    const report = await verifyClient(
      (env) => {
        const { store: _, agent: __, hooks: ___, ...options } = env.options;
        return bare({ ...env, options });
      },
      { ...quiet, runs: 40 },
    );
    expect(report.reached).not.toHaveProperty('crashed process');
  });

  it('an invariant, which is broken by `false` and by an error', async () => {
    const few = await failureOf(
      verifyClient(manager, {
        ...quiet,
        invariants: { 'at most one session': ({ sessions }) => sessions.length < 2 },
      }),
    );
    expect(few.invariant).toBe('at most one session');
    expect(few.steps.map((step) => step.split(' ')[0])).toEqual(['create', 'create']);
    const silent = await failureOf(
      verifyClient(manager, {
        ...quiet,
        invariants: {
          async silence({ events, client }) {
            if (events.some(({ type }) => type === 'conversation_added'))
              throw new Error(`a message among ${(await client.listSessions()).length} sessions`);
            return true;
          },
        },
      }),
    );
    expect(silent.message).toMatch(/breaks "silence": a message among 1 sessions/);
    expect(silent.cause).toMatchObject({ message: 'a message among 1 sessions' });
    expect(few).not.toHaveProperty('cause');
  });

  it('settings that are the same in every run', async () => {
    const seen = new Set<string>();
    const pinned = {
      supervision: { restart: 'permanent', maxRestarts: 1 },
      limits: { maxSessions: 2 },
    } as const;
    const create = ({ options }: TestEnv) => {
      seen.add(
        JSON.stringify([options.supervision?.restart, options.supervision?.maxRestarts, options.limits]),
      );
      return createSessionManager(options);
    };
    await verifyClient(create, {
      ...quiet,
      runs: 20,
      pinned: { ...pinned, limits: { maxSessions: 2, maxPending: 50 } },
    });
    expect([...seen].slice(1)).toEqual([
      JSON.stringify(['permanent', 1, { maxSessions: 2, maxPending: 50 }]),
    ]);
  });
});

describe('verifyClient refuses, before it makes a run,', () => {
  it.each<[string, unknown, object, RegExp]>([
    ['no function', undefined, {}, /wants a function that makes a client.*got undefined/],
    ['an unknown option', manager, { run: 5 }, /has no option "run"; it has name, runs/],
    ['no runs', manager, { runs: 0 }, /"runs" must be a whole number of at least 1; got 0/],
    ['half a step', manager, { steps: 1.5 }, /"steps" must be/],
    ['a seed in words', manager, { seed: 'x' }, /"seed" must be a whole number/],
    ['an agent without events', manager, { agent: { logic: greeter } }, /"agent.events" must say what/],
    [
      'an event that is no arbitrary',
      manager,
      { agent: { logic: greeter, events: { ask: {} } } },
      /"agent.events.ask" must be a fast-check arbitrary/,
    ],
    ['an invariant that is none', manager, { invariants: { x: true } }, /"x" must be a function/],
    ['what is no client', () => ({}), {}, /is no SessionClient: it has no createSession/],
    [
      'a client by the wall clock',
      ({ options: { clock: _, ...options } }: TestEnv) => createSessionManager(options),
      {},
      /does not go by the clock of the run.*env\.clock/,
    ],
    [
      'a client that makes no session',
      altered(() => ({ createSession: () => Promise.reject(new Error('not today')) })),
      {},
      /creates no session: not today/,
    ],
    ['a client that cannot be made', () => Promise.reject(new Error('no network')), {}, /no network/],
  ])('%s', async (_what, create, options, message) => {
    const running = Promise.resolve().then(() => verifyClient(create as never, { ...quiet, ...options }));
    await expect(running).rejects.toThrow(message);
  });
});
