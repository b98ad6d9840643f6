import { afterEach, describe, expect, it, vi } from 'vitest';
import { fromPromise } from 'xstate';
import { systemClock } from '../src/clock.ts';
import { defaults, resolveConfig, resolveSettings } from '../src/settings.ts';
import { thawed } from './support/frozen.ts';

const resolve = (options?: unknown) => resolveSettings(options as never);
describe('without options', () => {
  it('the defaults hold', () => {
    expect(resolve()).toMatchObject({
      agent: undefined,
      hooks: {},
      supervision: { restart: 'temporary', maxRestarts: 3, withinMs: 5000, backoffMs: 0 },
      timeouts: { initializeMs: 30_000, terminateMs: 5000 },
      sessionDefaults: { maxMessages: 1000, maxTokens: 100_000, maxFiles: 50, features: [] },
      limits: {
        maxSessions: 1_000_000,
        maxMessageBytes: 1_048_576,
        maxMetadataBytes: 65_536,
        maxPending: 100_000,
        cacheBytes: 16_777_216,
      },
      files: undefined,
      clock: systemClock,
      inspect: undefined,
    });
    expect(thawed(defaults)).toBeUndefined();
  });

  it('each manager has a memory store of its own', async () => {
    const [one, other] = [resolve().store, resolve().store];
    await one.open({ owner: 'one' });
    expect((await other.open({ owner: 'other' })).epoch).toBe(1);
  });

  it('a token is four characters, the last one perhaps fewer', () => {
    const { countTokens } = resolve();
    expect(['', 'a', 'abcd', 'abcde'].map(countTokens)).toEqual([0, 1, 1, 2]);
  });

  it('ids are generated', () => {
    expect(resolve().generateId()).toMatch(/^session_[0-9a-f-]{36}$/);
  });
});

describe('given options', () => {
  it('are taken as they are where they are of the user’s making', () => {
    const store = { open: () => Promise.reject(new Error('unused')) };
    const files = { stat: () => undefined, read: () => '' };
    const agent = fromPromise(async () => {});
    const given = {
      store,
      files,
      agent,
      clock: { now: () => 0, setTimeout: () => 0, clearTimeout: () => {} },
      countTokens: () => 7,
      generateId: () => 'id',
      logger: () => {},
      inspect: { next: () => {} },
    };
    const settings = resolve(given);
    for (const key of Object.keys(given) as Array<keyof typeof given>) expect(settings[key]).toBe(given[key]);
    const inspect = () => {};
    expect(resolve({ inspect }).inspect).toBe(inspect);
  });

  it('override the defaults one by one, and undefined overrides nothing', () => {
    const settings = resolve({
      supervision: { restart: 'transient', withinMs: 10, backoffMs: undefined },
      timeouts: { terminateMs: 1, initializeMs: undefined },
      limits: { maxSessions: 0 },
      sessionDefaults: { maxFiles: 1, maxTokens: undefined, idleAfterMs: 60_000 },
      hooks: { initialize: undefined },
    });
    expect(settings.supervision).toEqual({
      restart: 'transient',
      maxRestarts: 3,
      withinMs: 10,
      backoffMs: 0,
    });
    expect(settings.timeouts).toEqual({ initializeMs: 30_000, terminateMs: 1 });
    expect(settings.limits).toEqual({ ...defaults.limits, maxSessions: 0 });
    expect(settings.sessionDefaults).toEqual({
      ...defaults.sessionDefaults,
      maxFiles: 1,
      idleAfterMs: 60_000,
    });
    expect(settings.hooks.initialize).toBeUndefined();
  });

  it('may be endless where they are times or limits', () => {
    const settings = resolve({
      supervision: { maxRestarts: Infinity },
      timeouts: { initializeMs: Infinity },
      limits: { maxPending: Infinity },
    });
    expect([
      settings.supervision.maxRestarts,
      settings.timeouts.initializeMs,
      settings.limits.maxPending,
    ]).toEqual([Infinity, Infinity, Infinity]);
  });

  it('may be changed afterwards without effect', () => {
    const given = {
      hooks: { initialize: () => 'first' } as Record<string, () => string>,
      limits: { maxSessions: 5 },
      timeouts: { terminateMs: 5 },
      sessionDefaults: { features: ['a'] },
    };
    const settings = resolve(given);
    given.hooks.initialize = given.hooks.cleanup = () => 'second';
    given.limits.maxSessions = 6;
    given.timeouts.terminateMs = 6;
    given.sessionDefaults.features.push('b');
    expect([settings.hooks.initialize?.({} as never), settings.hooks.cleanup]).toEqual(['first', undefined]);
    expect([settings.limits.maxSessions, settings.timeouts.terminateMs]).toEqual([5, 5]);
    expect(settings.sessionDefaults.features).toEqual(['a']);
    for (const part of [settings.limits, settings.timeouts, settings.sessionDefaults])
      expect(thawed(part)).toBeUndefined();
  });

  it('take the hooks of a class, with what they need of its instance', async () => {
    const ran: string[] = [];
    class Hooks {
      readonly #ran = ran;
      initialize() {
        this.#ran.push('initialize');
      }
      cleanup() {
        this.#ran.push('cleanup');
      }
    }
    const settings = resolve({ hooks: new Hooks() });
    await settings.hooks.initialize?.({} as never);
    await settings.hooks.cleanup?.({} as never);
    expect(ran).toEqual(['initialize', 'cleanup']);
  });
});

describe('resolveConfig', () => {
  const base = defaults.sessionDefaults;

  it('gives the same object when nothing is overridden', () => {
    expect(resolveConfig(undefined, 'options.config', base)).toBe(base);
  });

  it('puts what is given over the base, frozen, and leaves the base alone', () => {
    const config = resolveConfig({ maxMessages: 1, features: ['x', 'y'] }, 'options.config', base);
    expect(config).toEqual({ ...base, maxMessages: 1, features: ['x', 'y'] });
    expect(thawed(config)).toBeUndefined();
    expect(base).toMatchObject({ maxMessages: 1000, features: [] });
  });

  it('names the option where it stands', () => {
    expect(() => resolveConfig({ maxFiles: 0 }, 'options.config', base)).toThrow(
      'options.config.maxFiles must be an integer from 1; received the number 0.',
    );
  });
});

describe('without a logger', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('warnings and errors go to the console, and nothing else does', () => {
    const written: unknown[] = [];
    for (const level of ['debug', 'info', 'log', 'warn', 'error'] as const)
      vi.spyOn(console, level).mockImplementation((...line) => void written.push([level, ...line]));
    const logger = resolve().logger as Partial<Record<string, (...line: unknown[]) => void>>;
    for (const level of ['debug', 'info', 'warn', 'error']) logger[level]?.('message', level);
    expect(written).toEqual([
      ['warn', 'message', 'warn'],
      ['error', 'message', 'error'],
    ]);
  });
});
