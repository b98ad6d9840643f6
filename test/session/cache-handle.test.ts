import { describe, expect, it } from 'vitest';
import type { SessionCache } from '../../src/client.ts';
import type { FileSource } from '../../src/options.ts';
import { codeOf, failureOf } from '../support/errors.ts';
import { gate } from '../support/gate.ts';
import { stateOf, turns } from '../support/turns.ts';
import { stage } from './stage.ts';
import { storeUnderTest } from './stores.ts';

type Opened = { readonly on: ReturnType<typeof stage>; readonly cache: SessionCache };
const scopes: ReadonlyArray<
  readonly [which: string, open: (options?: Parameters<typeof stage>[0]) => Promise<Opened>]
> = [
  [
    'a session’s',
    async (options) => {
      const on = stage(options);
      const session = await on.manager.createSession({ id: 's' });
      on.news();
      return { on, cache: session.cache };
    },
  ],
  [
    'the manager’s',
    async (options) => {
      const on = stage(options);
      return { on, cache: on.manager.cache };
    },
  ],
];

describe.each(scopes)('%s cache', (which, open) => {
  it('keeps files and analyses, forgets them, and counts', async () => {
    const { on, cache } = await open();
    await cache.cacheFile('a', 'A', { metadata: { lines: 1 }, mtimeMs: 7 });
    await cache.cacheAnalysis('a', 'lint', { issues: [] });
    expect(await cache.getFile('a')).toEqual({
      content: 'A',
      mtimeMs: 7,
      size: 1,
      metadata: { lines: 1 },
    });
    expect(await cache.getAnalysis('a', 'lint')).toEqual({
      result: { issues: [] },
      cachedAt: '2026-01-01T00:00:00.000Z',
    });
    expect(await cache.stats()).toMatchObject({ files: 1, analyses: 1, hits: 2, misses: 0 });
    await cache.invalidateFile('a');
    expect([await cache.getFile('a'), await cache.getAnalysis('a', 'lint')]).toEqual([undefined, undefined]);
    await cache.cacheFile('a', 'A');
    await cache.clear();
    expect(await cache.stats()).toEqual({ files: 0, analyses: 0, bytes: 0, hits: 2, misses: 2 });
    expect(on.news()).toEqual([]);
  });

  it('takes a file without options, at the time of the clock', async () => {
    const { on, cache } = await open();
    await on.clock.advance(5);
    await cache.cacheFile('a', 'A');
    expect(await cache.getFile('a')).toMatchObject({ mtimeMs: Date.UTC(2026, 0, 1) + 5, metadata: {} });
  });

  it('copies what it is given at the call, not when its turn comes', async () => {
    const { cache } = await open();
    const metadata = { tags: ['a'] };
    const result = { issues: ['a'] };
    const calls = [cache.cacheFile('a', 'A', { metadata }), cache.cacheAnalysis('a', 'lint', result)];
    metadata.tags.push('b');
    result.issues.push('b');
    await Promise.all(calls);
    expect((await cache.getFile('a'))?.metadata).toEqual({ tags: ['a'] });
    expect((await cache.getAnalysis('a', 'lint'))?.result).toEqual({ issues: ['a'] });
  });

  it('refuses what is wrong or too large', async () => {
    const { cache } = await open({ limits: { cacheBytes: 10 } });
    const wrong: Array<[Promise<unknown>, string]> = [
      [cache.cacheFile('', 'A'), 'path'],
      [cache.cacheFile('a', 7 as never), 'content'],
      [cache.cacheFile('a', 'A', null as never), 'options'],
      [cache.cacheFile('a', 'A', { metadata: [] as never }), 'options.metadata'],
      [cache.cacheFile('a', 'A', { mtimeMs: Number.NaN }), 'options.mtimeMs'],
      [cache.getFile(''), 'path'],
      [cache.cacheAnalysis('a', '', 1), 'kind'],
      [cache.cacheAnalysis('a', 'k', undefined as never), 'result'],
      [cache.getAnalysis('a', ''), 'kind'],
      [cache.invalidateFile(''), 'path'],
    ];
    for (const [call, path] of wrong)
      expect(await failureOf(call)).toMatchObject({ code: 'INVALID_ARGUMENT', details: { path } });
    expect(await codeOf(cache.cacheFile('a', 'x'.repeat(11)))).toBe('PAYLOAD_TOO_LARGE');
    expect(await cache.stats()).toMatchObject({ files: 0, analyses: 0, bytes: 0 });
  });

  it('refuses an option that there is not', async () => {
    const { cache } = await open();
    expect(await codeOf(cache.cacheFile('a', 'A', { mtime: 1 } as never))).toBe('INVALID_ARGUMENT');
  });

  it('reads through the file source, and is let go by it when the manager closes', async () => {
    const hold = gate<string>();
    const files: FileSource = { stat: () => ({ mtimeMs: 1, size: 1 }), read: () => hold.promise };
    const { on, cache } = await open({ files });
    const reading = cache.getFile('a');
    expect(await stateOf(reading)).toBe('pending');
    const code = codeOf(reading);
    await on.manager.close();
    expect(await code).toBe('MANAGER_CLOSED');
    hold.open('A');
    await turns();
  });

  it('of a closed manager rejects MANAGER_CLOSED, whatever the arguments', async () => {
    const { on, cache } = await open();
    await on.manager.close();
    const calls = [
      cache.cacheFile('', 7 as never, null as never),
      cache.getFile(''),
      cache.cacheAnalysis('', '', undefined as never),
      cache.getAnalysis('', ''),
      cache.invalidateFile(''),
      cache.clear(),
      cache.stats(),
    ];
    expect(await Promise.all(calls.map(codeOf))).toEqual(calls.map(() => 'MANAGER_CLOSED'));
  });

  it('is apart from every other', async () => {
    const { on, cache } = await open();
    const other = await on.manager.createSession({ id: 'other' });
    await cache.cacheFile('a', which);
    expect(await other.cache.getFile('a')).toBeUndefined();
    await other.cache.cacheFile('a', 'other');
    expect(await cache.getFile('a')).toMatchObject({ content: which });
  });
});

describe('the cache of the manager', () => {
  it('waits for no recovery: it needs nothing of the store', async () => {
    const hold = gate();
    const store = storeUnderTest();
    const slow = {
      async open(request: { owner: string }) {
        await hold.promise;
        return store.open(request);
      },
    };
    const on = stage({ store: slow });
    await on.manager.cache.cacheFile('a', 'A');
    expect(await on.manager.cache.stats()).toMatchObject({ files: 1 });
    const created = on.manager.createSession();
    expect(await stateOf(created)).toBe('pending');
    hold.open();
    await created;
  });
});
