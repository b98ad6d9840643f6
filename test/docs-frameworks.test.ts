import { describe, expect, it } from 'vitest';
import { callsMissing, countBlocks, documented, linesOf, writeTypeChecked } from './support/documented.ts';
import { run, tool } from './support/program.ts';

const SECONDS = 1000;

/** `first` is the first example, which is run in a page: test/<framework>/documentation.browser.test.ts. */
interface Guide {
  readonly framework: string;
  readonly first: readonly string[];
  readonly more: readonly string[];
  readonly compilerOptions?: object;
  readonly ambient?: string;
}

const VUE = `declare module '*.vue' {
  import type { DefineComponent } from 'vue';
  const component: DefineComponent;
  export default component;
}
// A macro of the compiler.
declare function defineProps<T>(): T;
`;

const guides: readonly Guide[] = [
  {
    framework: 'react',
    first: ['first.tsx'],
    more: ['sessions.tsx', 'session.tsx', 'conversation.tsx', 'selector.tsx', 'actions.tsx', 'server.tsx'],
    compilerOptions: { jsxImportSource: 'react' },
  },
  {
    framework: 'vue',
    first: ['main.ts', 'App.vue'],
    more: ['outside.ts', 'Sidebar.vue', 'Files.vue', 'Ask.vue', 'talk.ts', 'server.ts'],
    ambient: VUE,
  },
  {
    framework: 'svelte',
    first: ['App.svelte', 'main.ts'],
    more: ['rooms.ts', 'Sidebar.svelte', 'Files.svelte', 'Ask.svelte', 'server.ts'],
    ambient: '/// <reference types="svelte" />\n',
  },
  {
    framework: 'solid',
    first: ['main.tsx'],
    more: ['outside.ts', 'sidebar.tsx', 'files.tsx', 'ask.tsx', 'talk.tsx', 'server.tsx'],
    compilerOptions: { jsx: 'preserve', jsxImportSource: 'solid-js' },
  },
];

describe.each(guides)('docs: $framework', ({ framework, first, more, compilerOptions = {}, ambient }) => {
  it('has no code but what is tried', () => {
    const names = [...first, ...more];
    expect(documented(framework).map(({ name }) => name)).toEqual(names);
    expect(countBlocks(framework)).toBe(names.length);
  });

  it('has only code that type-checks', { timeout: 120 * SECONDS }, async () => {
    const folder = writeTypeChecked(framework, compilerOptions, ambient);
    expect(await run(tool('tsc'), ['-p', folder])).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('comes to a first session in ten lines and its imports', () => {
    expect(linesOf(framework, first)).toBeLessThanOrEqual(10);
  });

  it('names every call', () => {
    expect(callsMissing(framework)).toEqual([]);
  });
});
