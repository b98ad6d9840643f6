import { describe, expect, it } from 'vitest';
import type { FileSource } from '../../../src/options.ts';
import { createDisk, createScope, refusal } from '../../support/cache.ts';

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
