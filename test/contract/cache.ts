import { describe, expect, it } from 'vitest';
import { testClock } from '../support/clock.ts';
import { codeOf } from '../support/errors.ts';
import { thawed } from '../support/frozen.ts';
import type { Subject } from './subject.ts';

export function cacheContract({ open }: Subject): void {
  const cacheOf = async (options: Parameters<typeof open>[0] = {}) =>
    (await (await open(options)).createSession()).cache;

  describe('the cache of a session: files', () => {
    it('gives undefined for what was never cached, whatever the path', async () => {
      const cache = await cacheOf();
      for (const path of ['a', 'constructor', '/etc/hostname', 'package.json']) {
        expect(await cache.getFile(path)).toBeUndefined();
      }
    });

    it('gives back content, metadata and modification time', async () => {
      const cache = await cacheOf();
      await cache.cacheFile('a.ts', 'let x', { metadata: { language: 'ts' }, mtimeMs: 12_345 });
      expect(await cache.getFile('a.ts')).toEqual({
        content: 'let x',
        mtimeMs: 12_345,
        size: 5,
        metadata: { language: 'ts' },
      });
      expect(thawed(await cache.getFile('a.ts'))).toBeUndefined();
    });

    it('has empty metadata and a modification time when none was given', async () => {
      const cache = await cacheOf();
      await cache.cacheFile('a', '');
      expect(await cache.getFile('a')).toMatchObject({ content: '', size: 0, metadata: {} });
      expect((await cache.getFile('a'))?.mtimeMs).toEqual(expect.any(Number));
    });

    it('counts the size in bytes of UTF-8', async () => {
      const cache = await cacheOf();
      await cache.cacheFile('a', 'é🙂');
      expect((await cache.getFile('a'))?.size).toBe(6);
    });

    it('replaces a file that is cached again', async () => {
      const cache = await cacheOf();
      await cache.cacheFile('a', 'old', { metadata: { old: true } });
      await cache.cacheFile('a', 'new');
      expect(await cache.getFile('a')).toMatchObject({ content: 'new', metadata: {} });
      expect((await cache.stats()).files).toBe(1);
    });

    it('keeps a copy of the metadata', async () => {
      const cache = await cacheOf();
      const metadata = { list: [1] };
      await cache.cacheFile('a', 'A', { metadata });
      metadata.list.push(2);
      expect((await cache.getFile('a'))?.metadata).toEqual({ list: [1] });
    });

    it('keeps the same path apart in every session', async () => {
      const client = await open();
      const sessions = await Promise.all(Array.from({ length: 5 }, () => client.createSession()));
      await Promise.all(sessions.map(({ cache, id }) => cache.cacheFile('/same.ts', `of ${id}`)));
      for (const { cache, id } of sessions)
        expect((await cache.getFile('/same.ts'))?.content).toBe(`of ${id}`);
      await sessions[0]?.cache.clear();
      expect(await sessions[0]?.cache.getFile('/same.ts')).toBeUndefined();
      expect(await sessions[1]?.cache.getFile('/same.ts')).toBeDefined();
    });

    it('is empty in a session made again after it ended', async () => {
      const client = await open();
      const old = await client.createSession({ id: 'a' });
      await old.cache.cacheFile('f', 'old');
      await old.cache.cacheAnalysis('f', 'lint', 1);
      await old.terminate();
      const fresh = await client.createSession({ id: 'a' });
      expect(await fresh.cache.getFile('f')).toBeUndefined();
      expect(await fresh.cache.getAnalysis('f', 'lint')).toBeUndefined();
      expect(await fresh.cache.stats()).toMatchObject({ files: 0, analyses: 0, bytes: 0 });
    });

    it('may be written by many at once', async () => {
      const cache = await cacheOf();
      await Promise.all(Array.from({ length: 100 }, (_, i) => cache.cacheFile(`f${i % 10}`, `${i}`)));
      const stats = await cache.stats();
      expect(stats.files).toBe(10);
      for (let i = 0; i < 10; i++) expect((await cache.getFile(`f${i}`))?.content).toBe(`${90 + i}`);
    });
  });

  describe('the cache of a session: analyses', () => {
    it('are kept by path and kind', async () => {
      const cache = await cacheOf({ clock: testClock(9_000) });
      await cache.cacheAnalysis('a', 'lint', { issues: [] });
      await cache.cacheAnalysis('a', 'types', ['ok']);
      await cache.cacheAnalysis('b', 'lint', null);
      const cachedAt = new Date(9_000).toISOString();
      expect(await cache.getAnalysis('a', 'lint')).toEqual({ result: { issues: [] }, cachedAt });
      expect(await cache.getAnalysis('a', 'types')).toEqual({ result: ['ok'], cachedAt });
      expect(await cache.getAnalysis('b', 'lint')).toEqual({ result: null, cachedAt });
      expect(await cache.getAnalysis('b', 'types')).toBeUndefined();
      expect((await cache.stats()).analyses).toBe(3);
    });

    it('do not mix up paths and kinds that look alike when joined', async () => {
      const cache = await cacheOf();
      const pairs: Array<[string, string]> = [
        ['a:b', 'c'],
        ['a', 'b:c'],
        ['a/b', 'c'],
        ['a', 'b/c'],
        ['["a","b"]', 'k'],
        ['["a"', '"b"]'],
      ];
      for (const [i, [path, kind]] of pairs.entries()) await cache.cacheAnalysis(path, kind, i);
      for (const [i, [path, kind]] of pairs.entries()) {
        expect((await cache.getAnalysis(path, kind))?.result).toBe(i);
      }
    });

    it('are deeply frozen copies', async () => {
      const cache = await cacheOf();
      const result = { list: [1] };
      await cache.cacheAnalysis('a', 'k', result);
      result.list.push(2);
      const got = await cache.getAnalysis('a', 'k');
      expect(got?.result).toEqual({ list: [1] });
      expect(thawed(got)).toBeUndefined();
    });
  });

  describe('the cache of a session: forgetting', () => {
    it('invalidateFile forgets one file with all its analyses, and nothing else', async () => {
      const cache = await cacheOf();
      for (const path of ['a', 'ab', 'b']) {
        await cache.cacheFile(path, path);
        await cache.cacheAnalysis(path, 'lint', path);
        await cache.cacheAnalysis(path, 'types', path);
      }
      await cache.invalidateFile('a');
      expect(await cache.getFile('a')).toBeUndefined();
      expect(await cache.getAnalysis('a', 'lint')).toBeUndefined();
      expect(await cache.getAnalysis('a', 'types')).toBeUndefined();
      expect((await cache.getFile('ab'))?.content).toBe('ab');
      expect(await cache.stats()).toMatchObject({ files: 2, analyses: 4 });
      await expect(cache.invalidateFile('never')).resolves.toBeUndefined();
    });

    it('clear forgets everything', async () => {
      const cache = await cacheOf();
      await cache.cacheFile('a', 'A');
      await cache.cacheAnalysis('a', 'k', 1);
      await cache.clear();
      expect(await cache.getFile('a')).toBeUndefined();
      expect(await cache.stats()).toMatchObject({ files: 0, analyses: 0, bytes: 0 });
    });

    it('over cacheBytes the least recently used go first', async () => {
      const cache = await cacheOf({ limits: { cacheBytes: 10_000 } });
      const content = 'x'.repeat(3_000);
      for (const path of ['a', 'b', 'c']) await cache.cacheFile(path, content);
      await cache.getFile('a');
      await cache.cacheFile('d', content);
      expect(await cache.getFile('b')).toBeUndefined();
      for (const path of ['a', 'c', 'd']) expect((await cache.getFile(path))?.content).toBe(content);
      expect((await cache.stats()).bytes).toBeLessThanOrEqual(10_000);
    });

    it('over cacheBytes analyses go too', async () => {
      const cache = await cacheOf({ limits: { cacheBytes: 10_000 } });
      for (let i = 0; i < 100; i++) await cache.cacheAnalysis(`f${i}`, 'k', 'x'.repeat(1_000));
      const stats = await cache.stats();
      expect(stats.bytes).toBeLessThanOrEqual(10_000);
      expect(stats.analyses).toBeGreaterThan(0);
      expect(stats.analyses).toBeLessThanOrEqual(10);
      expect(await cache.getAnalysis('f99', 'k')).toBeDefined();
    });
  });

  describe('the statistics of a cache', () => {
    it('start at zero', async () => {
      expect(await (await cacheOf()).stats()).toEqual({
        files: 0,
        analyses: 0,
        bytes: 0,
        hits: 0,
        misses: 0,
      });
    });

    it('count hits and misses of files and analyses, and bytes', async () => {
      const cache = await cacheOf();
      await cache.getFile('a');
      await cache.getAnalysis('a', 'k');
      await cache.cacheFile('a', 'x'.repeat(1_000));
      await cache.cacheAnalysis('a', 'k', 1);
      await cache.getFile('a');
      await cache.getFile('a');
      await cache.getAnalysis('a', 'k');
      const stats = await cache.stats();
      expect(stats).toMatchObject({ files: 1, analyses: 1, hits: 3, misses: 2 });
      expect(stats.bytes).toBeGreaterThanOrEqual(1_000);
    });
  });

  describe('the arguments of a cache', () => {
    it.each([[null], [undefined], [42], [{}]])('refuse %j where a text is due', async (value) => {
      const cache = await cacheOf();
      const bad = value as string;
      const codes = [
        cache.cacheFile(bad, 'x'),
        cache.cacheFile('a', bad),
        cache.getFile(bad),
        cache.cacheAnalysis(bad, 'k', 1),
        cache.cacheAnalysis('a', bad, 1),
        cache.getAnalysis(bad, 'k'),
        cache.getAnalysis('a', bad),
        cache.invalidateFile(bad),
      ].map(codeOf);
      for (const code of codes) expect(await code).toBe('INVALID_ARGUMENT');
      expect(await cache.stats()).toMatchObject({ files: 0, analyses: 0 });
    });

    it.each([
      [null],
      [[]],
      ['x'],
      [{ mtimeMs: 'x' }],
      [{ mtimeMs: Number.NaN }],
      [{ metadata: null }],
      [{ metadata: [] }],
    ])('refuse the options %j', async (options) => {
      const cache = await cacheOf();
      expect(await codeOf(cache.cacheFile('a', 'A', options as never))).toBe('INVALID_ARGUMENT');
      expect(await cache.getFile('a')).toBeUndefined();
    });
  });
}
