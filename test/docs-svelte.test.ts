import { describe, expect, it } from 'vitest';
import { countBlocks, documented, writeTypeChecked } from './support/documented.ts';
import { run, tool } from './support/program.ts';

const SECONDS = 1000;

describe('docs/svelte.md', () => {
  it('has no code but what is tried', () => {
    const names = ['App.svelte', 'main.ts', 'rooms.ts', 'Files.svelte', 'Ask.svelte', 'server.ts'];
    expect(documented('svelte').map(({ name }) => name)).toEqual(names);
    expect(countBlocks('svelte')).toBe(names.length);
  });

  it('has only code that type-checks', { timeout: 120 * SECONDS }, async () => {
    const folder = writeTypeChecked('svelte', {}, '/// <reference types="svelte" />\n');
    expect(await run(tool('tsc'), ['-p', folder])).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});
