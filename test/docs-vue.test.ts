import { describe, expect, it } from 'vitest';
import { callsMissing, countBlocks, documented, linesOf, writeTypeChecked } from './support/documented.ts';
import { run, tool } from './support/program.ts';

const SECONDS = 1000;

describe('docs/vue.md', () => {
  it('has no code but what is tried', () => {
    expect(documented('vue').map(({ name }) => name)).toEqual([
      'main.ts',
      'App.vue',
      'outside.ts',
      'Sidebar.vue',
      'Files.vue',
      'Ask.vue',
      'talk.ts',
      'server.ts',
    ]);
    expect(countBlocks('vue')).toBe(8);
  });

  it('has only code that type-checks', { timeout: 120 * SECONDS }, async () => {
    const shim = `declare module '*.vue' {
  import type { DefineComponent } from 'vue';
  const component: DefineComponent;
  export default component;
}
// A macro of the compiler.
declare function defineProps<T>(): T;
`;
    const folder = writeTypeChecked('vue', {}, shim);
    expect(await run(tool('tsc'), ['-p', folder])).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('comes to a first session in ten lines and its imports', () => {
    expect(linesOf('vue', ['main.ts', 'App.vue'])).toBeLessThanOrEqual(10);
  });

  it('names every call', () => {
    expect(callsMissing('vue')).toEqual([]);
  });
});
