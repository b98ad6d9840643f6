import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useChromium } from './support/browser.ts';
import { countBlocks, documented, writeTypeChecked } from './support/documented.ts';
import { usePageServer } from './support/page-server.ts';
import { run, tool } from './support/program.ts';
import { root } from './support/source-tree.ts';

const SECONDS = 1000;
const page = readFileSync(`${root}/docs/indexeddb.md`, 'utf8');
const folder = writeTypeChecked('indexeddb');

const pages = useChromium();
const first = usePageServer(`${folder}/first.ts`);
const banner = usePageServer(`${folder}/banner.ts`);

describe('docs/indexeddb.md', () => {
  it('has no code but what is tried here', () => {
    expect(documented('indexeddb').map(({ name }) => name)).toEqual(['first.ts', 'banner.ts']);
    expect(countBlocks('indexeddb')).toBe(2);
  });

  it('has only code that type-checks', { timeout: 60 * SECONDS }, async () => {
    expect(await run(tool('tsc'), ['-p', folder])).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('comes to a first session in ten lines', () => {
    const [example] = documented('indexeddb');
    const lines = example?.code.split('\n').filter((line) => line !== '' && !line.startsWith('//'));
    expect(lines?.length).toBeLessThanOrEqual(10);
  });

  it('has a first example that has one message more each time the page is loaded', async () => {
    const { page: tab } = await pages.open();
    for (const loads of [1, 2, 3]) {
      await tab.goto(first.url);
      await tab.waitForFunction((title) => document.title === title, `${loads} messages`);
    }
  });

  it('has a banner that can be loaded', async () => {
    const { page: tab } = await pages.open();
    await tab.goto(banner.url);
    expect(await tab.title()).toBe('rooms');
  });

  it('says of every state and option what it is', () => {
    const source = (file: string) => readFileSync(`${root}/src/store/${file}`, 'utf8');
    const states = [...source('indexeddb/state.ts').matchAll(/readonly is: '(\w+)'/g)].map(
      ([, is = '']) => is,
    );
    expect(states).toHaveLength(8);
    expect(states.filter((is) => !page.includes(`| \`'${is}'\` |`))).toEqual([]);
    const [, options = ''] = /interface IndexedDbStoreOptions {(.*?)^}/ms.exec(source('indexeddb.ts')) ?? [];
    const names = [...options.matchAll(/^ {2}(\w+)\?:/gm)].map(([, name = '']) => name);
    expect(names).toHaveLength(4);
    expect(names.filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([]);
  });
});
