import { describe, expect, it } from 'vitest';
import { callsMissing, countBlocks, documented, linesOf, writeTypeChecked } from './support/documented.ts';
import { run, tool } from './support/program.ts';

const SECONDS = 1000;

describe('docs/svelte.md', () => {
  it('has no code but what is tried', () => {
    const names = [
      'App.svelte',
      'main.ts',
      'rooms.ts',
      'Sidebar.svelte',
      'Files.svelte',
      'Ask.svelte',
      'server.ts',
    ];
    expect(documented('svelte').map(({ name }) => name)).toEqual(names);
    expect(countBlocks('svelte')).toBe(names.length);
  });

  it('has only code that type-checks', { timeout: 120 * SECONDS }, async () => {
    const folder = writeTypeChecked('svelte', {}, '/// <reference types="svelte" />\n');
    expect(await run(tool('tsc'), ['-p', folder])).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('comes to a first session in ten lines and its imports', () => {
    expect(linesOf('svelte', ['App.svelte', 'main.ts'])).toBeLessThanOrEqual(10);
  });

  it('names every call', () => {
    expect(callsMissing('svelte')).toEqual([]);
  });
});
