import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bundleFolder, ownVersion, readBundle } from '../../../src/inspect/server/bundle.ts';
import { scratchFolder } from '../../store/media.ts';
import { root } from '../../support/source-tree.ts';

function built(files: Readonly<Record<string, string>>): string {
  const folder = join(scratchFolder(), 'inspector');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

describe('the files of the page', () => {
  it('are found in dist/inspector of the package, from the sources and from dist alike', () => {
    expect(bundleFolder()).toBe(join(root, 'dist', 'inspector'));
    const package_ = built({
      'package.json': '{"name":"chartroom"}',
      'dist/node_modules/x/package.json': '{}',
    });
    const from = (path: string) => bundleFolder(pathToFileURL(join(package_, path)).href);
    expect(from('dist/server-ab12cd34.js')).toBe(join(package_, 'dist', 'inspector'));
    expect(from('dist/node_modules/x/index.js')).toBe(join(package_, 'dist', 'inspector'));
  });

  it('are of the version that the package has', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(ownVersion()).toBe(version);
  });

  it('belong to no package when there is none', () => {
    const alone = pathToFileURL(join(scratchFolder(), 'a.js')).href;
    expect(() => bundleFolder(alone)).toThrow('No package.json of chartroom');
  });

  it('are known by their names, with their types and what a cache has to know', async () => {
    const folder = built({
      'index.html': '<!doctype html>',
      'viewer.html': '<!doctype html>',
      'assets/index-Ab_3-d9Z.js': 'export {}',
      'assets/index.css': 'a{}',
    });
    const bundle = await readBundle(folder);
    const shown = [...bundle].map(([name, { type, immutable }]) => [name, type.split(';')[0], immutable]);
    expect(shown.sort()).toEqual([
      ['assets/index-Ab_3-d9Z.js', 'text/javascript', true],
      ['assets/index.css', 'text/css', false],
      ['index.html', 'text/html', false],
      ['viewer.html', 'text/html', false],
    ]);
    const [index, viewer] = [bundle.get('index.html'), bundle.get('viewer.html')];
    expect(index?.body.toString()).toBe('<!doctype html>');
    expect(index?.etag).toMatch(/^"[\w-]{22}"$/);
    expect(index?.etag).toBe(viewer?.etag);
    expect(bundle.get('assets/index.css')?.etag).not.toBe(index?.etag);
  });

  it('hold no link that leads elsewhere, and nothing of a type that no page needs', async () => {
    const folder = built({ 'index.html': '', 'assets/index.js.map': '{}', secret: 'x', '.env': 'KEY=1' });
    symlinkSync('/etc/passwd', join(folder, 'passwd.txt'));
    symlinkSync('/etc', join(folder, 'etc'));
    expect([...(await readBundle(folder)).keys()]).toEqual(['index.html']);
  });

  it('that were not built are asked for by the command that builds them', async () => {
    const folder = built({ 'readme.txt': '' });
    await expect(readBundle(folder)).rejects.toThrow(/is not in .*inspector; .* npm run build$/);
    rmSync(folder, { recursive: true });
    await expect(readBundle(folder)).rejects.toThrow('npm run build');
  });
});
