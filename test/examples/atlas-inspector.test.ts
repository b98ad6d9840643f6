import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSessionManager } from 'chartroom';
import { afterAll, describe, expect, it } from 'vitest';
import { openInspector } from '../../examples/atlas/inspector.ts';
import { atlas, shopFiles, writeFiles } from './run-atlas.ts';

const scratch = mkdtempSync(join(tmpdir(), 'atlas-inspector-'));
afterAll(() => rmSync(scratch, { recursive: true }));

describe('the inspector of the atlas', { timeout: 60_000 }, () => {
  it('is there while the sessions run, and gone when the job has ended by itself', async () => {
    const shop = writeFiles(join(scratch, 'shop'), shopFiles);
    const run = await atlas([shop, '--store', join(scratch, 'atlas.db')]);
    const [, url = ''] = /^Watch them: (http:\S+#token=\S+)$/m.exec(run.stdout) ?? [];
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{20,}$/);
    expect(run.stdout.indexOf('Watch them:')).toBeLessThan(run.stdout.indexOf('opened'));
    expect(run.stdout).not.toContain('Ctrl-C');
    expect(run.code).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  });

  it('serves the page at the address that it says', async () => {
    await using rooms = createSessionManager();
    const { url, text, close } = await openInspector(rooms as never, false);
    expect(text).toBe(`Watch them: ${url}`);
    expect(await (await fetch(String(url))).text()).toContain('<html');
    await close();
  });

  it('that cannot be served is said, and nothing else happens', async () => {
    const { url, text, close } = await openInspector(null as never, false);
    expect(url).toBeUndefined();
    expect(text).toMatch(/^There is no inspector: .*createSessionManager/);
    await close();
  });
});
