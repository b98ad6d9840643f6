import { expect, it } from 'vitest';
import { Timekeeper } from '../src/clock.ts';
import { type LateParts, lateParts } from '../src/late-parts.ts';
import { resolveSettings } from '../src/settings.ts';
import { bareLease } from './support/lease.ts';
import { loggedGuard } from './support/log.ts';

function setUp(parts: () => Promise<LateParts>) {
  const settings = resolveSettings({ limits: { cacheBytes: 3 } });
  return lateParts(settings, new Timekeeper(settings.clock, loggedGuard().guard), parts);
}

it('parts are made of what the manager has once its store is open', async () => {
  const engine = { registry: {}, dormant: {} };
  const { agents, stored } = setUp(async () => ({ engine, lease: bareLease() }) as unknown as LateParts);
  await Promise.all([agents.load(), stored.load()]);
  expect([typeof agents.get().adopt, typeof stored.get().shelf.list]).toEqual(['function', 'function']);
});

it('a manager that does not open has none; its cache needs no store', async () => {
  const cause = new Error('closed');
  const { agents, stored, newCache } = setUp(() => Promise.reject(cause));
  await Promise.all([agents.load(), stored.load(), newCache.load()]);
  for (const part of [agents, stored])
    expect(() => part.get()).toThrow(expect.objectContaining({ code: 'STORE_FAILED', cause }));
  const cache = newCache.get()();
  cache.cacheFile('a', 'A');
  expect(() => cache.cacheFile('b', 'four')).toThrow('limits.cacheBytes');
});
