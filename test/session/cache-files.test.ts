import { describe, expect, it } from 'vitest';
import type { FileSource } from '../../src/options.ts';
import type { CacheScope } from '../../src/session/cache.ts';
import { createDisk, createScope, refusal, turns } from '../support/cache.ts';

describe('with a file source', () => {
  it('takes a look-up that the file source confirmed for a use', async () => {
    const disk = createDisk();
    disk.write('a', 'x'.repeat(10));
    const { scope } = createScope({ maxBytes: 20, files: disk });
    await scope.getFile('a');
    scope.cacheFile('b', 'x'.repeat(10));
    await scope.getFile('a');
    scope.cacheFile('c', 'x'.repeat(10));
    await scope.getFile('a');
    expect(disk.calls.filter((call) => call === 'read a')).toHaveLength(1);
  });

  it('reads a file once and gives it again while neither time nor size has changed', async () => {
    const disk = createDisk();
    disk.write('a', 'one', 5);
    const { scope } = createScope({ files: disk });
    const expected = { content: 'one', mtimeMs: 5, size: 3, metadata: {} };
    expect(await scope.getFile('a')).toStrictEqual(expected);
    expect(await scope.getFile('a')).toStrictEqual(expected);
    expect(disk.calls).toEqual(['stat a', 'read a', 'stat a']);
    expect(scope.stats()).toStrictEqual({ files: 1, analyses: 0, bytes: 3, hits: 1, misses: 1 });
    expect(Object.isFrozen(await scope.getFile('a'))).toBe(true);
  });

  it.each([
    ['time', 'ONE', 6],
    ['size', 'longer', 5],
  ])(
    'reads again when the %s has changed, and drops the analyses of the old content',
    async (_what, content, mtimeMs) => {
      const disk = createDisk();
      disk.write('a', 'one', 5);
      const { scope } = createScope({ files: disk });
      await scope.getFile('a');
      scope.cacheAnalysis('a', 'lint', 1);
      scope.cacheAnalysis('b', 'lint', 1);
      disk.write('a', content, mtimeMs);
      expect(await scope.getFile('a')).toMatchObject({ content, mtimeMs });
      expect(scope.getAnalysis('a', 'lint')).toBeUndefined();
      expect(scope.getAnalysis('b', 'lint')).toBeDefined();
      expect(scope.stats()).toMatchObject({ files: 1, bytes: content.length + 1 });
    },
  );

  it('keeps the analyses of a file that was only touched', async () => {
    const disk = createDisk();
    disk.write('a', 'one', 5);
    const { scope } = createScope({ files: disk });
    await scope.getFile('a');
    scope.cacheAnalysis('a', 'lint', 1);
    disk.write('a', 'one', 6);
    expect(await scope.getFile('a')).toMatchObject({ mtimeMs: 6 });
    expect(scope.getAnalysis('a', 'lint')).toBeDefined();
  });

  it('never asks about what a caller put in', async () => {
    const disk = createDisk();
    disk.write('a', 'disk');
    const { scope } = createScope({ files: disk });
    scope.cacheFile('a', 'mine');
    expect(await scope.getFile('a')).toMatchObject({ content: 'mine' });
    expect(disk.calls).toEqual([]);
  });

  it('never asks before somebody wants a file', () => {
    const disk = createDisk();
    const { scope } = createScope({ files: disk });
    scope.cacheFile('a', 'x');
    scope.cacheAnalysis('a', 'lint', 1);
    scope.getAnalysis('a', 'lint');
    scope.invalidateFile('a');
    scope.clear();
    scope.stats();
    expect(disk.calls).toEqual([]);
  });

  it('forgets a file that has vanished, and its analyses', async () => {
    const disk = createDisk();
    disk.write('a', 'one');
    const { scope } = createScope({ files: disk });
    await scope.getFile('a');
    scope.cacheAnalysis('a', 'lint', 1);
    disk.remove('a');
    expect(await scope.getFile('a')).toBeUndefined();
    expect(scope.stats()).toStrictEqual({ files: 0, analyses: 0, bytes: 0, hits: 0, misses: 2 });
  });

  it.each(['stat', 'read'] as const)('takes ENOENT from %s for a file that is not there', async (method) => {
    const missing = () => {
      throw Object.assign(new Error('gone'), { code: 'ENOENT' });
    };
    const files = { stat: () => ({ mtimeMs: 1, size: 1 }), read: () => 'x', [method]: missing };
    const { scope } = createScope({ files });
    expect(await scope.getFile('a')).toBeUndefined();
    expect(scope.stats()).toMatchObject({ files: 0, misses: 1 });
  });

  it('takes a source that answers at once', async () => {
    const { scope } = createScope({ files: { stat: () => ({ mtimeMs: 1, size: 9 }), read: () => 'x' } });
    expect(await scope.getFile('a')).toStrictEqual({ content: 'x', mtimeMs: 1, size: 9, metadata: {} });
    expect(await scope.getFile('a')).toMatchObject({ content: 'x' });
    expect(scope.stats()).toMatchObject({ bytes: 1, hits: 1, misses: 1 });
  });

  it('returns a file over the bound and does not keep it, nor what it had of it', async () => {
    const disk = createDisk();
    disk.write('a', 'small', 1);
    disk.write('b', 'other', 1);
    const { scope } = createScope({ maxBytes: 10, files: disk });
    await scope.getFile('a');
    await scope.getFile('b');
    disk.write('a', 'x'.repeat(11), 2);
    expect(await scope.getFile('a')).toMatchObject({ content: 'x'.repeat(11), size: 11 });
    expect(scope.stats()).toMatchObject({ files: 1, bytes: 5 });
    await scope.getFile('a');
    expect(disk.calls.filter((call) => call === 'read a')).toHaveLength(3);
    disk.write('a', 'x'.repeat(10), 3);
    await scope.getFile('a');
    expect(scope.stats()).toMatchObject({ files: 1, bytes: 10 });
  });

  it('shares one read among all who want the path at once', async () => {
    const disk = createDisk();
    disk.write('a', 'one');
    disk.write('b', 'two');
    const { scope } = createScope({ files: disk });
    const files = await Promise.all([scope.getFile('a'), scope.getFile('b'), scope.getFile('a')]);
    expect(files.map((file) => file?.content)).toEqual(['one', 'two', 'one']);
    expect(files[0]).toBe(files[2]);
    expect(disk.calls.filter((call) => call.startsWith('read'))).toEqual(['read a', 'read b']);
    expect(scope.stats()).toMatchObject({ files: 2, hits: 0, misses: 3 });
  });

  it('shares a failure too, and tries again afterwards', async () => {
    let failing = true;
    const disk = createDisk();
    disk.write('a', 'one');
    const files: FileSource = {
      stat: disk.stat,
      read: (path) => (failing ? Promise.reject(new Error('EIO')) : disk.read(path)),
    };
    const { scope } = createScope({ files });
    const outcomes = await Promise.allSettled([scope.getFile('a'), scope.getFile('a')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    failing = false;
    expect(await scope.getFile('a')).toMatchObject({ content: 'one' });
    expect(scope.stats()).toMatchObject({ hits: 0, misses: 1 });
  });
});

describe('a change during a read', () => {
  const changes: [string, (scope: CacheScope) => void][] = [
    ['invalidateFile', (scope) => scope.invalidateFile('a')],
    ['clear', (scope) => scope.clear()],
  ];

  it.each(changes)('%s: who asked before gets what was read, and it is not kept', async (_name, change) => {
    const disk = createDisk();
    disk.write('a', 'old', 1);
    const { scope } = createScope({ files: disk });
    disk.hold();
    const early = scope.getFile('a');
    await turns();
    change(scope);
    await disk.release();
    expect(await early).toMatchObject({ content: 'old' });
    expect(scope.stats()).toMatchObject({ files: 0, bytes: 0 });
  });

  it.each(changes)('%s: who asks afterwards gets a read of his own, which is kept', async (_name, change) => {
    const disk = createDisk();
    disk.write('a', 'old', 1);
    let reads = 0;
    let finishFirst = () => {};
    const files: FileSource = {
      stat: disk.stat,
      async read(path) {
        const content = await disk.read(path);
        if (++reads === 1) await new Promise<void>((resolve) => (finishFirst = resolve));
        return content;
      },
    };
    const { scope } = createScope({ files });
    const early = scope.getFile('a');
    await turns();
    change(scope);
    disk.write('a', 'new', 2);
    expect(await scope.getFile('a')).toMatchObject({ content: 'new' });
    finishFirst();
    expect(await early).toMatchObject({ content: 'old' });
    expect(await scope.getFile('a')).toMatchObject({ content: 'new', mtimeMs: 2 });
    expect(reads).toBe(2);
  });

  it('a read that is no longer wanted leaves alone the one that took its place', async () => {
    const gates: (() => void)[] = [];
    const contents = ['first', 'second'];
    const files: FileSource = {
      stat: () => ({ mtimeMs: 1, size: 1 }),
      read: async () => {
        const content = contents.shift() ?? 'third';
        await new Promise<void>((resolve) => gates.push(resolve));
        return content;
      },
    };
    const { scope } = createScope({ files });
    const first = scope.getFile('a');
    await turns();
    scope.invalidateFile('a');
    const second = scope.getFile('a');
    await turns();
    gates[0]?.();
    expect(await first).toMatchObject({ content: 'first' });
    const joined = scope.getFile('a');
    gates[1]?.();
    expect(await second).toMatchObject({ content: 'second' });
    expect(await joined).toBe(await second);
    expect(contents).toEqual([]);
  });

  it('cacheFile wins for everybody', async () => {
    const disk = createDisk();
    disk.write('a', 'disk');
    const { scope } = createScope({ files: disk });
    disk.hold();
    const early = scope.getFile('a');
    scope.cacheFile('a', 'mine');
    expect(await scope.getFile('a')).toMatchObject({ content: 'mine' });
    await disk.release();
    expect(await early).toMatchObject({ content: 'mine' });
    expect(await scope.getFile('a')).toMatchObject({ content: 'mine' });
    expect(scope.stats()).toMatchObject({ files: 1, hits: 3, misses: 0 });
  });

  it('cacheFile wins over a file found missing meanwhile', async () => {
    const disk = createDisk();
    const { scope } = createScope({ files: disk });
    disk.hold();
    const early = scope.getFile('a');
    scope.cacheFile('a', 'mine');
    await disk.release();
    expect(await early).toMatchObject({ content: 'mine' });
    expect(await scope.getFile('a')).toMatchObject({ content: 'mine' });
  });

  it('a refused cacheFile is none', async () => {
    const disk = createDisk();
    disk.write('a', 'disk');
    const { scope } = createScope({ maxBytes: 10, files: disk });
    disk.hold();
    const early = scope.getFile('a');
    await refusal(() => scope.cacheFile('a', 'x'.repeat(11)));
    await disk.release();
    expect(await early).toMatchObject({ content: 'disk' });
    expect(scope.stats()).toMatchObject({ files: 1 });
  });

  it('a write on disk between stat and read is found at the next look-up', async () => {
    const disk = createDisk();
    disk.write('a', 'old', 1);
    const files: FileSource = {
      async stat(path) {
        const stat = await disk.stat(path);
        if (disk.calls.length === 1) disk.write('a', 'new', 2);
        return stat;
      },
      read: disk.read,
    };
    const { scope } = createScope({ files });
    expect(await scope.getFile('a')).toMatchObject({ content: 'new', mtimeMs: 1 });
    disk.write('a', 'newer', 3);
    expect(await scope.getFile('a')).toMatchObject({ content: 'newer', mtimeMs: 3 });
  });

  it('an eviction while the file is looked at on disk costs nothing but its place', async () => {
    const disk = createDisk();
    disk.write('a', 'one');
    const { scope } = createScope({ maxBytes: 10, files: disk });
    await scope.getFile('a');
    disk.hold();
    const again = scope.getFile('a');
    scope.cacheFile('b', 'x'.repeat(10));
    await disk.release();
    expect(await again).toMatchObject({ content: 'one' });
    expect(scope.stats().bytes).toBeLessThanOrEqual(10);
  });
});

describe('a file source that fails', () => {
  const healthy: FileSource = { stat: () => ({ mtimeMs: 1, size: 1 }), read: () => 'x' };

  it('rejects the look-up and counts neither a hit nor a miss', async () => {
    const { scope } = createScope({ files: { ...healthy, read: () => Promise.reject(new Error('EIO')) } });
    expect(await refusal(() => scope.getFile('a'))).toMatchObject({ code: 'STORE_FAILED' });
    expect(scope.stats()).toStrictEqual({ files: 0, analyses: 0, bytes: 0, hits: 0, misses: 0 });
  });

  it('keeps what it had, and gives it as soon as the source answers again', async () => {
    let failing = false;
    const files: FileSource = {
      stat: () => (failing ? Promise.reject(new Error('EIO')) : { mtimeMs: 1, size: 1 }),
      read: () => 'x',
    };
    const { scope } = createScope({ files });
    await scope.getFile('a');
    scope.cacheAnalysis('a', 'lint', 1);
    failing = true;
    expect((await refusal(() => scope.getFile('a'))).code).toBe('STORE_FAILED');
    failing = false;
    expect(await scope.getFile('a')).toMatchObject({ content: 'x' });
    expect(scope.getAnalysis('a', 'lint')).toBeDefined();
  });
});
