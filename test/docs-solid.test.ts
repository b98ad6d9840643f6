import { describe, expect, it } from 'vitest';
import { callsMissing, countBlocks, documented, linesOf, writeTypeChecked } from './support/documented.ts';
import { run, tool } from './support/program.ts';

const SECONDS = 1000;

describe('docs/solid.md', () => {
  it('has no code but what is tried', () => {
    const names = ['main.tsx', 'outside.ts', 'sidebar.tsx', 'files.tsx', 'ask.tsx', 'talk.tsx', 'server.tsx'];
    expect(documented('solid').map(({ name }) => name)).toEqual(names);
    expect(countBlocks('solid')).toBe(names.length);
  });

  it('has only code that type-checks', { timeout: 120 * SECONDS }, async () => {
    const folder = writeTypeChecked('solid', { jsx: 'preserve', jsxImportSource: 'solid-js' });
    expect(await run(tool('tsc'), ['-p', folder])).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('comes to a first session in ten lines and its imports', () => {
    expect(linesOf('solid', ['main.tsx'])).toBeLessThanOrEqual(10);
  });

  it('names every call', () => {
    expect(callsMissing('solid')).toEqual([]);
  });
});
