import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensureInspector } from '../../scripts/ensure-inspector.ts';
import { formatDocument } from '../../src/store/document.ts';
import { sqliteStore } from '../../src/store/sqlite.ts';
import { importSession } from '../../src/store/transfer.ts';
import { documentOf } from '../store/documents.ts';
import { scratchFolder } from '../store/media.ts';
import { run } from '../support/program.ts';
import { root } from '../support/source-tree.ts';

const MAIN = join(root, 'src/cli/main.ts');

/** The program as a person would start it, in a folder of their own. */
const chartroom = (cwd: string, ...argv: string[]) => run(process.execPath, [MAIN, ...argv], { cwd });

async function storeIn(folder: string, count: number): Promise<void> {
  await using lease = await sqliteStore(join(folder, 'a.db')).open({ owner: 'test' });
  for (let n = 0; n < count; n += 1) await importSession(lease, documentOf(`session-${n}`));
}

describe('the program', () => {
  it('moves a session from one file to another, which then says the same of it', async () => {
    const folder = scratchFolder();
    await storeIn(folder, 2);
    expect(await chartroom(folder, 'export', 'a.db', 'session-1', '-o', 'moved.json')).toEqual({
      code: 0,
      stdout: 'Exported session-1 with 2 messages to moved.json.\n',
      stderr: '',
    });
    expect(await chartroom(folder, 'import', 'b.db', 'moved.json')).toEqual({
      code: 0,
      stdout: 'Imported 1 session into the new store b.db: session-1.\n',
      stderr: '',
    });
    const [there, here] = await Promise.all([
      chartroom(folder, 'export', 'b.db', 'session-1'),
      chartroom(folder, 'check', 'b.db'),
    ]);
    const { savedAt: _, ...moved } = JSON.parse(there.stdout);
    const { savedAt: __, ...original } = JSON.parse(readFileSync(join(folder, 'moved.json'), 'utf8'));
    expect(moved).toEqual(original);
    expect(here).toMatchObject({ code: 0, stderr: '' });
    expect(here.stdout).toContain('b.db: 1 session (1 active), 0 saved sessions;');
  });

  it('reads a store that another process owns, and is told who when it would write', async () => {
    const folder = scratchFolder();
    await storeIn(folder, 1);
    writeFileSync(join(folder, 'ada.json'), formatDocument(documentOf('ada')));
    await using _ = await sqliteStore(join(folder, 'a.db')).open({ owner: 'the chat server' });
    const [sessions, refused] = await Promise.all([
      chartroom(folder, 'sessions', 'a.db', '--json'),
      chartroom(folder, 'import', 'a.db', 'ada.json'),
    ]);
    expect(JSON.parse(sessions.stdout)).toMatchObject([{ id: 'session-0', status: 'active' }]);
    expect(refused).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'chartroom import: a.db belongs to "the chat server"; close that first. sessions, export and check work meanwhile.\n',
    });
  });

  it('serves the inspector of a store that another process owns, until Ctrl-C', async () => {
    await ensureInspector();
    const folder = scratchFolder();
    await storeIn(folder, 1);
    await using _ = await sqliteStore(join(folder, 'a.db')).open({ owner: 'the chat server' });
    const child = spawn(process.execPath, [MAIN, 'inspect', 'a.db', '--port', '0'], { cwd: folder });
    const told = { stdout: '', stderr: '' };
    child.stderr.on('data', (text) => {
      told.stderr += text;
    });
    const ended = once(child, 'close');
    for await (const text of child.stdout) {
      told.stdout += text;
      if (told.stdout.includes('Ctrl-C')) break;
    }
    const [, url = ''] = /^ {2}(http\S+)$/m.exec(told.stdout) ?? [];
    const page = await fetch(url);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<title>')]);
    child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
    expect(told.stderr).toBe('');
  });

  it('fails in words when a module keeps it waiting for ever', async () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'hang.mjs'), 'export default () => new Promise(() => {});');
    expect(await chartroom(folder, 'inspect', 'hang.mjs')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'chartroom: The command waits for something that will never come, such as a promise.\n',
    });
  });

  it('tells its version, and wrong usage by 2', async () => {
    const folder = scratchFolder();
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const [told, wrong] = await Promise.all([chartroom(folder, '--version'), chartroom(folder, 'bogus')]);
    expect(told).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
  });

  it('ends in peace when its reader has seen enough', async () => {
    const folder = scratchFolder();
    await storeIn(folder, 400);
    const child = spawn(process.execPath, [MAIN, 'sessions', 'a.db', '--json'], { cwd: folder });
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(stderr).toBe('');
  });

  it.runIf(process.platform === 'linux')('says that its output was lost, and fails', async () => {
    const folder = scratchFolder();
    await storeIn(folder, 1);
    const child = spawn(process.execPath, [MAIN, 'sessions', 'a.db'], {
      cwd: folder,
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
    });
    let stderr = '';
    child.stderr?.on('data', (text) => {
      stderr += text;
    });
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(stderr).toMatch(/^chartroom: The output could not be written: ENOSPC.*\.\n$/);
  });
});
