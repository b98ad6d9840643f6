/** Disks that run full, and writes that fail: in a process of its own, so that the disk or the limit is its own too. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { contentOf, newFile, openFile } from './storage-files.ts';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const quoted = (text: string) => `'${text}'`;

/** Runs a program of this folder through a shell, which may prepare its surroundings before. */
function run(
  program: string,
  env: Record<string, string>,
  { before = '', through = ['sh', '-c'], hook = '' } = {},
) {
  const node = [process.execPath, ...(hook ? ['--import', here(hook)] : []), here(program)]
    .map(quoted)
    .join(' ');
  const [shell = 'sh', ...args] = through;
  const { status, stdout, stderr } = spawnSync(shell, [...args, `${before} exec ${node}`], {
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

/** How a disk of one's own is had here: a mount that only this process tree sees, as root or as one's own root. */
function mounter(): readonly string[] | undefined {
  const folder = join(dirname(newFile()), 'disk');
  mkdirSync(folder);
  const ways = [
    ['unshare', '-m', 'sh', '-c'],
    ['unshare', '-rm', 'sh', '-c'],
  ];
  return ways.find(([command = '', ...args]) => spawnSync(command, [...args, mount(folder)]).status === 0);
}
const mount = (folder: string) => `mount -t tmpfs -o size=2m none '${folder}'`;
const way = mounter();

/** What the program must say: see storage-full-disk.ts. */
const EXPECTED = {
  send: 'STORE_FAILED full',
  keptByASend: true,
  create: 'STORE_FAILED full',
  created: 'SESSION_NOT_FOUND',
  sendWithRoom: 'done',
  createWithRoom: 'done',
  terminate: 'STORE_FAILED full',
  status: 'terminating',
  sendToIt: 'SESSION_NOT_ACTIVE',
  readOfIt: ['there is room'],
  terminateWithRoom: 'done',
  found: 'SESSION_NOT_FOUND',
  keptByATerminate: true,
  recovered: 2,
  sessions: ['a', 'c'],
  keptByTheFile: true,
};
const MEANING =
  'ENOSPC on create and send: typed rejection, memory unchanged, the next write works; on terminate: it stays terminating and can be retried';

describe('storage faults: a full disk', () => {
  it.skipIf(!way)(
    `${MEANING} (${way ? 'on a real disk of 2 MB' : 'no mount is permitted here: see the page limit below'})`,
    () => {
      const folder = dirname(newFile());
      const through = [...(way ?? [])];
      const said = run(
        'storage-full-disk.ts',
        { FOLDER: folder, DISK: 'files' },
        { through, before: `${mount(folder)} &&` },
      );
      expect(said).toMatchObject(EXPECTED);
      expect(said.acknowledged).toBeGreaterThan(5);
    },
  );

  it(`${MEANING} (by SQLite's limit of pages)`, () => {
    const folder = dirname(newFile());
    const said = run(
      'storage-full-disk.ts',
      { FOLDER: folder, DISK: 'pages' },
      { hook: 'storage-page-limit.ts' },
    );
    expect(said).toMatchObject(EXPECTED);
    expect(said.acknowledged).toBeGreaterThan(5);
  });
});

/** After a failed write nobody knows what the disk holds: only what is in memory can still be told. */
const POISONED = {
  send: 'STORE_FAILED poisoned',
  create: 'STORE_FAILED poisoned',
  save: 'STORE_FAILED poisoned',
  terminate: 'STORE_FAILED poisoned',
  lookUp: 'done',
};

/** The one write that failed may be there, but wholly. */
async function expectKept(file: string, acknowledged: readonly string[]): Promise<void> {
  const manager = openFile(file);
  expect(await manager.ready).toMatchObject({ recovered: 1, quarantined: [] });
  const found = (await contentOf(manager, 'a')) as string[];
  expect(found.slice(0, acknowledged.length)).toEqual(acknowledged);
  expect(found.length - acknowledged.length).toBeLessThanOrEqual(1);
  expect((await manager.sendMessage('a', 'user', 'goes on')).id).toBe(`a:${found.length + 1}`);
}

describe('storage faults: a write that fails', () => {
  it('a file that may not grow (ulimit -f): the store is poisoned, and what was acknowledged is there at the next start', async () => {
    const file = newFile();
    const said = run('storage-failing.ts', { FILE: file }, { before: 'ulimit -f 1000;' });
    expect(said).toMatchObject({ refused: 'STORE_FAILED', kept: true, afterwards: POISONED });
    expect(said.acknowledged.length).toBeGreaterThan(3);
    await expectKept(file, said.acknowledged);
  });

  it('an fsync error: the store is poisoned, and no later sync is taken for a success', async () => {
    const file = newFile();
    const said = run('storage-failing.ts', { FILE: file, HOW: 'sync' }, { hook: 'storage-failing-sync.ts' });
    expect(said).toMatchObject({ refused: 'STORE_FAILED', kept: true, afterwards: POISONED });
    expect(said.acknowledged).toHaveLength(5);
    await expectKept(file, said.acknowledged);
  });
});
