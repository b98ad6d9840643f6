import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeFiles } from '../../src/node/index.ts';
import type { FileSource } from '../../src/options.ts';
import { CacheScope } from '../../src/session/cache.ts';

const invalid = expect.objectContaining({ code: 'INVALID_ARGUMENT' });

describe('nodeFiles', () => {
  let place: string;
  let root: string;
  let files: FileSource;

  beforeAll(() => {
    place = mkdtempSync(join(tmpdir(), 'chartroom-files-'));
    root = join(place, 'root');
    mkdirSync(join(root, 'src', '..hidden'), { recursive: true });
    mkdirSync(join(place, 'root-of-another'));
    writeFileSync(join(root, 'a.txt'), 'héllo');
    writeFileSync(join(root, 'src', 'b.txt'), 'b');
    writeFileSync(join(root, 'src', '..hidden', 'c.txt'), 'c');
    writeFileSync(join(root, '..d'), 'd');
    writeFileSync(join(place, 'secret.txt'), 'secret');
    writeFileSync(join(place, 'root-of-another', 'secret.txt'), 'secret');
    symlinkSync(join(place, 'secret.txt'), join(root, 'to-secret'));
    symlinkSync(place, join(root, 'to-outside'));
    symlinkSync('../root-of-another/secret.txt', join(root, 'to-neighbour'));
    symlinkSync('src/b.txt', join(root, 'to-b'));
    symlinkSync(join(root, 'src'), join(root, 'to-src'));
    symlinkSync('nowhere', join(root, 'dangling'));
    symlinkSync('loop', join(root, 'loop'));
    files = nodeFiles(root);
  });

  afterAll(() => {
    rmSync(place, { recursive: true });
  });

  it('gives time and size of a file, and its text', async () => {
    const { mtimeMs } = statSync(join(root, 'a.txt'));
    expect(await files.stat('a.txt')).toStrictEqual({ mtimeMs, size: 6 });
    expect(await files.read('a.txt')).toBe('héllo');
    expect(await files.read('src/b.txt')).toBe('b');
    expect(await files.read('./src/./b.txt')).toBe('b');
  });

  it('takes names that only look like a way up', async () => {
    expect(await files.read('..d')).toBe('d');
    expect(await files.read('src/..hidden/c.txt')).toBe('c');
  });

  it('follows links that stay inside', async () => {
    expect(await files.read('to-b')).toBe('b');
    expect(await files.read('to-src/b.txt')).toBe('b');
    expect(await files.stat('to-b')).toMatchObject({ size: 1 });
  });

  it.each(['nothing.txt', 'no/such/folder.txt', 'a.txt/below', 'dangling', 'src', '.', 'to-src'])(
    'knows no file %j: its stat is undefined, its read rejects ENOENT',
    async (path) => {
      expect(await files.stat(path)).toBeUndefined();
      await expect(files.read(path)).rejects.toMatchObject({ code: 'ENOENT' });
    },
  );

  it.each([
    '/etc/passwd',
    '..',
    '../secret.txt',
    'src/../../secret.txt',
    'src/../a.txt',
    'to-secret',
    'to-neighbour',
    'to-outside',
    'to-outside/secret.txt',
    'to-outside/root/a.txt/../../secret.txt',
    'a.txt\0.png',
    '',
    '__proto__',
    undefined,
    7,
  ])('refuses %j, for stat and for read', async (path) => {
    await expect(files.stat(path as string)).rejects.toThrow(invalid);
    await expect(files.read(path as string)).rejects.toThrow(invalid);
  });

  it('refuses an absolute path also when it lies inside', async () => {
    await expect(files.read(join(root, 'a.txt'))).rejects.toThrow(invalid);
  });

  it('passes on what is neither missing nor outside', async () => {
    await expect(files.stat('loop')).rejects.toMatchObject({ code: 'ELOOP' });
  });

  it('serves a root that is itself a link, and the root of the whole disk', async () => {
    symlinkSync(root, join(place, 'link-to-root'));
    expect(await nodeFiles(join(place, 'link-to-root')).read('a.txt')).toBe('héllo');
    expect(await nodeFiles('/').read(join(root, 'a.txt').slice(1))).toBe('héllo');
  });

  it('refuses a root that is no folder at once, and says why', () => {
    for (const bad of ['', join(place, 'nowhere'), join(root, 'a.txt'), undefined, 7]) {
      expect(() => nodeFiles(bad as string)).toThrow(invalid);
    }
    expect(() => nodeFiles(join(root, 'a.txt'))).toThrow(
      /^root must be an existing folder; received the string/,
    );
  });

  it('keeps why a root cannot be served as the cause', () => {
    expect(() => nodeFiles(join(place, 'nowhere'))).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ code: 'ENOENT' }) }),
    );
  });

  it('lets the cache see a change on disk', async () => {
    const scope = new CacheScope({ maxBytes: 1000, files, now: () => 0, isoNow: () => '' });
    const path = join(root, 'changing.txt');
    writeFileSync(path, 'one');
    utimesSync(path, 1, 1);
    expect(await scope.getFile('changing.txt')).toMatchObject({ content: 'one', mtimeMs: 1000, size: 3 });
    writeFileSync(path, 'two');
    utimesSync(path, 2, 2);
    expect(await scope.getFile('changing.txt')).toMatchObject({ content: 'two', mtimeMs: 2000 });
    rmSync(path);
    expect(await scope.getFile('changing.txt')).toBeUndefined();
    await expect(scope.getFile('../secret.txt')).rejects.toThrow(invalid);
  });
});
