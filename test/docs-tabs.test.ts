import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SessionError } from '../src/errors.ts';
import type { TabState } from '../src/tabs/index.ts';
import { countBlocks, documented, writeTypeChecked } from './support/documented.ts';
import { run, tool } from './support/program.ts';
import { root } from './support/source-tree.ts';

const SECONDS = 1000;
const page = readFileSync(`${root}/docs/tabs.md`, 'utf8');

const folder = writeTypeChecked('tabs');

// The first block is run by two pages, in test/browser/tabs.test.ts.
describe('docs/tabs.md', () => {
  it('has no code but what is tried here', () => {
    expect(documented('tabs').map(({ name }) => name)).toEqual(['rooms.ts', 'banner.ts']);
    expect(countBlocks('tabs')).toBe(2);
  });

  it('has only code that type-checks', { timeout: 60 * SECONDS }, async () => {
    expect(await run(tool('tsc'), ['-p', folder])).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('has a row for each state, and a banner that says something for those that want it', async () => {
    const reason = new SessionError('STORE_LOCKED', 'Another tab has it.');
    const said: Record<TabState['is'], string | undefined> = {
      joining: undefined,
      owner: undefined,
      follower: undefined,
      alone: 'Other tabs do not see what you do here. Another tab has it.',
      failed: 'STORE_LOCKED: Another tab has it.',
      closed: undefined,
    };
    const rows = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, is]) => is);
    expect(rows).toEqual(Object.keys(said));
    const { banner } = await import(`${root}/${folder}/banner.ts`);
    for (const [is, text] of Object.entries(said)) expect(banner({ state: { is, reason } })).toBe(text);
  });
});
