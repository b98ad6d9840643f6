import { describe, expect, it } from 'vitest';
import type { FileSource } from '../../src/options.ts';
import { strays } from '../support/errors.ts';
import type { Subject } from './subject.ts';

/** A disk in memory that counts how often it is asked. */
function disk(contents: Record<string, string> = {}) {
  const files = new Map(Object.entries(contents).map(([path, text]) => [path, { text, mtimeMs: 1 }]));
  const asked = { stats: 0, reads: 0 };
  const source: FileSource = {
    async stat(path) {
      asked.stats++;
      const file = files.get(path);
      return file && { mtimeMs: file.mtimeMs, size: new TextEncoder().encode(file.text).length };
    },
    async read(path) {
      asked.reads++;
      const file = files.get(path);
      if (file === undefined) throw Object.assign(new Error(`no such file: ${path}`), { code: 'ENOENT' });
      return file.text;
    },
  };
  return { source, files, asked };
}

export function fileSourceContract({ open }: Subject): void {
  const cacheOn = async (files: FileSource) => (await (await open({ files })).createSession()).cache;

  describe('a cache with a file source', () => {
    it('reads through it what it does not have', async () => {
      const { source } = disk({ 'a.ts': 'é from disk' });
      const cache = await cacheOn(source);
      expect(await cache.getFile('a.ts')).toEqual({
        content: 'é from disk',
        mtimeMs: 1,
        size: 12,
        metadata: {},
      });
      expect((await cache.stats()).files).toBe(1);
    });

    it('does not read again what has not changed, but looks', async () => {
      const { source, asked } = disk({ 'a.ts': 'A' });
      const cache = await cacheOn(source);
      for (let i = 0; i < 5; i++) expect((await cache.getFile('a.ts'))?.content).toBe('A');
      expect(asked.reads).toBe(1);
      expect(asked.stats).toBeGreaterThanOrEqual(5);
    });

    it('reads again when the modification time has changed', async () => {
      const { source, files } = disk({ 'a.ts': 'A' });
      const cache = await cacheOn(source);
      await cache.getFile('a.ts');
      files.set('a.ts', { text: 'B', mtimeMs: 2 });
      expect(await cache.getFile('a.ts')).toMatchObject({ content: 'B', mtimeMs: 2 });
    });

    it('reads again when only the size has changed', async () => {
      const { source, files } = disk({ 'a.ts': 'A' });
      const cache = await cacheOn(source);
      await cache.getFile('a.ts');
      files.set('a.ts', { text: 'AA', mtimeMs: 1 });
      expect((await cache.getFile('a.ts'))?.content).toBe('AA');
    });

    it('gives undefined for a file that is not there, or no longer there', async () => {
      const { source, files } = disk({ 'a.ts': 'A' });
      const cache = await cacheOn(source);
      expect(await cache.getFile('never.ts')).toBeUndefined();
      await cache.getFile('a.ts');
      files.delete('a.ts');
      expect(await cache.getFile('a.ts')).toBeUndefined();
    });

    it('gives undefined when stat throws ENOENT', async () => {
      const cache = await cacheOn({
        stat: () => {
          throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
        },
        read: () => 'never read',
      });
      expect(await cache.getFile('a.ts')).toBeUndefined();
    });

    it('does not revalidate what a caller cached', async () => {
      const { source, asked } = disk({ 'a.ts': 'on disk' });
      const cache = await cacheOn(source);
      await cache.cacheFile('a.ts', 'in memory', { mtimeMs: 99 });
      expect((await cache.getFile('a.ts'))?.content).toBe('in memory');
      expect(asked).toEqual({ stats: 0, reads: 0 });
    });

    it('goes back to the disk after invalidateFile and clear', async () => {
      const { source, asked } = disk({ 'a.ts': 'on disk' });
      const cache = await cacheOn(source);
      await cache.cacheFile('a.ts', 'in memory');
      await cache.invalidateFile('a.ts');
      expect((await cache.getFile('a.ts'))?.content).toBe('on disk');
      await cache.clear();
      expect((await cache.getFile('a.ts'))?.content).toBe('on disk');
      expect(asked.reads).toBe(2);
    });

    it('keeps the sessions apart', async () => {
      const { source, asked } = disk({ 'a.ts': 'A' });
      const client = await open({ files: source });
      const [one, two] = [await client.createSession(), await client.createSession()];
      await one.cache.getFile('a.ts');
      await two.cache.getFile('a.ts');
      expect(asked.reads).toBe(2);
    });

    it('may be synchronous', async () => {
      const cache = await cacheOn({ stat: () => ({ mtimeMs: 5, size: 1 }), read: () => 'A' });
      expect(await cache.getFile('a')).toMatchObject({ content: 'A', mtimeMs: 5, size: 1 });
    });

    it('that fails rejects that call, and harms neither session nor sibling', async () => {
      const failing: FileSource = {
        stat: () => ({ mtimeMs: 1, size: 1 }),
        read: () => Promise.reject(new Error('disk on fire')),
      };
      const client = await open({ files: failing, logger: {} });
      const [one, two] = [await client.createSession(), await client.createSession()];
      const thrown = await strays(async () => {
        await expect(one.cache.getFile('a')).rejects.toBeInstanceOf(Error);
      });
      expect(thrown).toEqual([]);
      expect((await one.info()).status).toBe('active');
      await two.cache.cacheFile('a', 'fine');
      expect((await two.cache.getFile('a'))?.content).toBe('fine');
    });
  });
}
