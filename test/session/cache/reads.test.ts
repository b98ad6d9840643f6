import { describe, expect, it } from 'vitest';
import type { FileSource } from '../../../src/options.ts';
import type { CacheScope } from '../../../src/session/cache.ts';
import { createDisk, createScope, refusal, turns } from '../../support/cache.ts';

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
