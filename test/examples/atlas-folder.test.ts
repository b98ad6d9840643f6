import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  FolderError,
  languageOf,
  lineReader,
  MAX_FILE_BYTES,
  scanFolder,
} from '../../examples/atlas/folder.ts';
import { ignoring } from '../../examples/atlas/ignore.ts';
import { partsOf } from '../../examples/atlas/parts.ts';

const roots: string[] = [];
function folderWith(files: Record<string, string | Uint8Array>): string {
  const root = mkdtempSync(join(tmpdir(), 'atlas-'));
  roots.push(root);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true });
});

describe('scanning a folder', () => {
  it('finds its text files, with their bytes, by path', async () => {
    const root = folderWith({ 'b.ts': 'let b;', 'a/c.md': 'é', 'a/b/d.txt': '' });
    expect((await scanFolder(root)).files).toEqual([
      { path: 'a/b/d.txt', bytes: 0 },
      { path: 'a/c.md', bytes: 2 },
      { path: 'b.ts', bytes: 6 },
    ]);
  });

  it('leaves out what is nobody’s source, and what git ignores', async () => {
    const root = folderWith({
      '.gitignore': '*.log\n/tmp\n',
      'a.ts': '',
      'a.log': '',
      'tmp/b.ts': '',
      'src/tmp/c.ts': '',
      'node_modules/x/index.js': '',
      '.git/config': '',
      'dist/a.js': '',
      'package-lock.json': '{}',
    });
    expect((await scanFolder(root)).files.map(({ path }) => path)).toEqual([
      '.gitignore',
      'a.ts',
      'src/tmp/c.ts',
    ]);
  });

  it('leaves out binary and huge files, and counts them', async () => {
    const root = folderWith({
      'a.ts': '',
      'b.png': Uint8Array.of(1, 0, 2),
      'c.txt': 'x'.repeat(MAX_FILE_BYTES + 1),
    });
    const { files, skipped } = await scanFolder(root);
    expect(files.map(({ path }) => path)).toEqual(['a.ts']);
    expect(skipped).toEqual({ binary: 1, huge: 1, unreadable: 0 });
  });

  it('follows no link: it may lead out, or in a circle', async () => {
    const root = folderWith({ 'a.ts': '' });
    symlinkSync(root, join(root, 'loop'));
    symlinkSync('/etc/hostname', join(root, 'out.txt'));
    expect((await scanFolder(root)).files.map(({ path }) => path)).toEqual(['a.ts']);
  });

  it('refuses a missing folder, a file, and a folder without text', async () => {
    const root = folderWith({ 'a.png': Uint8Array.of(0) });
    for (const [path, message] of [
      [join(root, 'missing'), /There is no folder .*missing/],
      [join(root, 'a.png'), /is a file; the atlas reads a folder/],
      [join(root, 'a.png/b'), /There is no folder/],
      [root, /holds no text file to read \(1 left out/],
    ] as const) {
      const failure = await scanFolder(path).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(FolderError);
      expect(String(failure)).toMatch(message);
    }
  });

  it('reads lines from the disk, but not of a file that has changed since', async () => {
    const root = folderWith({ 'a.ts': 'one\ntwo', 'b.ts': 'new' });
    utimesSync(join(root, 'a.ts'), 1, 1);
    const read = lineReader(root, Date.now() - 60_000);
    expect(read('a.ts')).toEqual(['one', 'two']);
    expect(read('b.ts')).toBeUndefined();
    expect(read('gone.ts')).toBeUndefined();
  });

  it('names languages by extension', () => {
    expect(['a.ts', 'x/b.py', 'c.zig', 'Makefile'].map(languageOf)).toEqual([
      'TypeScript',
      'Python',
      'zig',
      'text',
    ]);
  });
});

describe('a .gitignore', () => {
  it.each([
    ['*.log', 'a.log', true],
    ['*.log', 'deep/er/a.log', true],
    ['*.log', 'a.logs', false],
    ['/top', 'top', true],
    ['/top', 'deep/top', false],
    ['docs/*.md', 'docs/a.md', true],
    ['docs/*.md', 'docs/deep/a.md', false],
    ['docs/**/a.md', 'docs/x/y/a.md', true],
    ['docs/**/a.md', 'docs/a.md', true],
    ['a?c', 'abc', true],
    ['a.c', 'abc', false],
    ['# a comment', '# a comment', false],
    ['!kept', 'kept', false],
    ['', 'a', false],
  ])('with %s, for %s: %s', (rule, path, ignored) => {
    expect(ignoring(rule)(path, false)).toBe(ignored);
  });

  it('may mean folders only', () => {
    expect(ignoring('logs/')('logs', true)).toBe(true);
    expect(ignoring('logs/')('logs', false)).toBe(false);
  });
});

describe('the parts of a folder', () => {
  const files = (...paths: string[]) => paths.map((path) => ({ path, bytes: 1 }));
  const many = files(
    ...Array.from({ length: 30 }, (_, i) => `src/a/${String(i).padStart(2, '0')}.ts`),
    ...Array.from({ length: 10 }, (_, i) => `src/b/${i}.ts`),
    'src/index.ts',
    ...Array.from({ length: 6 }, (_, i) => `test/${i}.ts`),
    'README.md',
  );

  it.each([1, 2, 3, 7, 10, 48])('are %i, and hold every file exactly once', (count) => {
    const parts = partsOf(many, count);
    expect(parts).toHaveLength(count);
    expect(parts.flatMap((part) => part.files.map(({ path }) => path)).sort()).toEqual(
      many.map(({ path }) => path).sort(),
    );
    expect(parts.every((part) => part.files.length > 0)).toBe(true);
    expect(new Set(parts.map(({ id }) => id)).size).toBe(count);
    expect(new Set(parts.map(({ name }) => name)).size).toBe(count);
  });

  it('follow the sub-folders', () => {
    const names = partsOf(many, 4).map(({ name, files: { length } }) => `${name} ${length}`);
    expect(names).toEqual(['. 7', 'src 11', 'src/a #1 15', 'src/a #2 15']);
  });

  it('share files when there are fewer than parts', () => {
    const parts = partsOf(files('a.ts', 'b.ts'), 5);
    expect(parts.map((part) => part.files.map(({ path }) => path).join())).toEqual([
      'a.ts',
      'b.ts',
      'a.ts',
      'b.ts',
      'a.ts',
    ]);
    expect(new Set(parts.map(({ id }) => id)).size).toBe(5);
  });

  it('have ids that a session may have, whatever the folders are called', () => {
    const odd = files('über/ä b/x.ts', `${'n'.repeat(200)}/y.ts`, '.hidden/z.ts', 'w.ts');
    for (const { id } of partsOf(odd, 4)) expect(id).toMatch(/^[A-Za-z0-9_:-][A-Za-z0-9_.:-]{0,127}$/);
  });
});
