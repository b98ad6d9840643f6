import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { specifier, subpaths } from '../scripts/subpaths.ts';
import { launchChromium } from './support/chromium.ts';
import { run, tool } from './support/program.ts';
import { root } from './support/source-tree.ts';

const SECONDS = 1000;
const page = readFileSync(`${root}/docs/react.md`, 'utf8');
const folder = '.cache/docs-react';
const blocks = [...page.matchAll(/^```tsx\n\/\/ ([\w-]+\.tsx)\n(.*?)^```$/gms)].map(
  ([, name = '', code = '']) => ({ name, code }),
);

beforeAll(() => {
  rmSync(`${root}/${folder}`, { recursive: true, force: true });
  mkdirSync(`${root}/${folder}`, { recursive: true });
  const config = {
    extends: '../../tsconfig.json',
    compilerOptions: { declaration: false, jsxImportSource: 'react' },
    include: ['*.tsx'],
  };
  writeFileSync(`${root}/${folder}/tsconfig.json`, JSON.stringify(config));
  for (const { name, code } of blocks) writeFileSync(`${root}/${folder}/${name}`, code);
});

describe('docs/react.md', () => {
  it('has no code but what is tried here', () => {
    expect(page.match(/^```/gm)).toHaveLength(2 * blocks.length);
    expect(blocks[0]?.name).toBe('first.tsx');
  });

  it('has only code that type-checks', { timeout: 60 * SECONDS }, async () => {
    expect(await run(tool('tsc'), ['-p', folder])).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('comes to a first session in ten lines and its imports', () => {
    const lines = blocks[0]?.code.split('\n').filter((line) => line !== '' && !line.startsWith('import '));
    expect(lines).toHaveLength(10 - 1);
  });

  it('has a first example that runs in a page', { timeout: 120 * SECONDS }, async () => {
    const alias = Object.entries(subpaths).map(([subpath, source]) => [
      specifier(subpath),
      `${root}/${source}`,
    ]);
    // The longest first: `chartroom` is the start of the others.
    const bundle = await build({
      entryPoints: [`${root}/${folder}/first.tsx`],
      bundle: true,
      write: false,
      format: 'esm',
      jsx: 'automatic',
      alias: Object.fromEntries(alias.reverse()),
      define: { 'process.env.NODE_ENV': '"production"' },
    });
    const browser = await launchChromium();
    try {
      const opened = await browser.newPage();
      const failures: unknown[] = [];
      opened.on('pageerror', (error) => failures.push(error));
      await opened.setContent('<!doctype html><title>first</title><body></body>');
      await opened.addScriptTag({ content: bundle.outputFiles[0]?.text ?? '', type: 'module' });
      const button = opened.getByRole('button');
      await button.filter({ hasText: '0 messages' }).waitFor();
      await button.click();
      await button.filter({ hasText: '1 messages' }).waitFor();
      expect(failures).toEqual([]);
    } finally {
      await browser.close();
    }
  });

  it('names every call', () => {
    const source = readFileSync(`${root}/src/bindings/actions.ts`, 'utf8');
    const calls = [...source.matchAll(/tracked\('(\w+)'/g)].map(([, name]) => name);
    expect(calls.length).toBeGreaterThan(10);
    expect(calls.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});
