import { existsSync, linkSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../src/store/document.ts';
import type { StoreLease } from '../../src/store/port.ts';
import { importSaved, importSession } from '../../src/store/transfer.ts';
import { documentOf } from '../store/documents.ts';
import { scratchFolder } from '../store/media.ts';
import { stage } from './stage.ts';

async function filled(ids: readonly string[] = ['ada', 'bob'], wrap?: (lease: StoreLease) => StoreLease) {
  const on = stage(wrap && { wrap });
  await on.within('a.db', async (lease) => {
    for (const id of ids) await importSession(lease, documentOf(id));
    await importSaved(lease, documentOf('zoe'));
  });
  return on;
}

const documentIn = (path: string) => parseDocument(readFileSync(path, 'utf8'));

describe('chartroom export', () => {
  it('writes a document to standard output, and nothing else', async () => {
    const { chartroom, opened } = await filled();
    const { code, out, err } = await chartroom('export', 'a.db', 'ada');
    expect([code, err]).toEqual([0, '']);
    expect(parseDocument(out)).toEqual({ ...documentOf(), savedAt: '2026-06-01T00:00:00.000Z' });
    expect(opened).toEqual([['a.db', true]]);
  });

  it('writes it to a file, which is replaced only with --force', async () => {
    const { chartroom } = await filled();
    const path = join(scratchFolder(), 'ada.json');
    expect(await chartroom('export', 'a.db', 'ada', '-o', path)).toEqual({
      code: 0,
      out: `Exported ada with 2 messages to ${path}.\n`,
      err: '',
    });
    expect(documentIn(path)).toMatchObject({ id: 'ada', messageCount: 2 });
    expect(await chartroom('export', 'a.db', 'bob', '-o', path)).toEqual({
      code: 1,
      out: '',
      err: `chartroom export: ${path} is there already; --force replaces it.\n`,
    });
    expect(documentIn(path).id).toBe('ada');
    expect((await chartroom('export', 'a.db', 'bob', '--output', path, '--force')).code).toBe(0);
    expect(documentIn(path).id).toBe('bob');
  });

  it('with --saved writes what was saved', async () => {
    const { chartroom } = await filled();
    expect(parseDocument((await chartroom('export', 'a.db', 'zoe', '--saved')).out)).toEqual(
      documentOf('zoe'),
    );
    expect((await chartroom('export', 'a.db', 'zoe')).err).toBe(
      'chartroom export: The store has no session "zoe".\n',
    );
  });

  it.each([
    [['a.db'], 'ID is missing.'],
    [['a.db', 'ada', 'bob'], '"bob" is too much.'],
    [['a.db', '../ada'], 'A session id must be'],
    [['a.db', '--all'], '--all needs a folder to write to: -o FOLDER.'],
    [['a.db', 'ada', '--all', '-o', 'x'], '"ada" is too much.'],
    [['a.db', 'ada', '-o', ''], '--output is an empty text.'],
    [['a.db', 'ada', '--force'], '--force needs --output.'],
  ])('%j is wrong usage', async (argv, says) => {
    const { chartroom, opened } = await filled();
    const { code, out, err } = await chartroom('export', ...argv);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(`chartroom export: ${says}`);
    expect(opened).toEqual([]);
  });

  it('never replaces a file of the store itself, by whatever name', async () => {
    const folder = scratchFolder();
    const store = join(folder, 'a.db');
    const on = stage();
    await on.within(store, (lease) => importSession(lease, documentOf()));
    for (const name of ['a.db', 'a.db-wal', 'a.db-shm', 'a.db.lock'])
      writeFileSync(join(folder, name), 'store');
    linkSync(store, join(folder, 'alias'));
    for (const name of [...readdirSync(folder)]) {
      const { code, err } = await on.chartroom('export', store, 'ada', '-o', join(folder, name), '--force');
      expect([code, err]).toEqual([
        1,
        `chartroom export: ${join(folder, name)} belongs to the store itself; name another file.\n`,
      ]);
      expect(readFileSync(join(folder, name), 'utf8')).toBe('store');
    }
  });
});

describe('chartroom export --all', () => {
  it('writes every session to a file of its own, in a folder that is made', async () => {
    const { chartroom } = await filled(['ada', 'Bob', 'room:1']);
    const folder = join(scratchFolder(), 'new', 'folder');
    expect(await chartroom('export', 'a.db', '--all', '-o', folder)).toEqual({
      code: 0,
      out: `Exported 3 sessions to ${folder}.\n`,
      err: '',
    });
    expect(readdirSync(folder).sort()).toEqual(['Bob.json', 'ada.json', 'room_1~4217a7ce1ff7.json']);
    expect(documentIn(join(folder, 'room_1~4217a7ce1ff7.json')).id).toBe('room:1');
    const saved = await chartroom('export', 'a.db', '--all', '--saved', '-o', folder);
    expect(saved.out).toBe(`Exported 1 saved session to ${folder}.\n`);
    expect(documentIn(join(folder, 'zoe.json'))).toEqual(documentOf('zoe'));
  });

  it('changes nothing in a folder that has one of the files, unless it is forced', async () => {
    const { chartroom } = await filled(['ada', 'bob']);
    const folder = scratchFolder();
    writeFileSync(join(folder, 'bob.json'), 'mine');
    const refused = await chartroom('export', 'a.db', '--all', '-o', folder);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('bob.json is there already; --force replaces it.');
    expect(readdirSync(folder)).toEqual(['bob.json']);
    expect((await chartroom('export', 'a.db', '--all', '-o', folder, '--force')).code).toBe(0);
    expect(documentIn(join(folder, 'bob.json')).id).toBe('bob');
  });

  it('keeps two ids apart that differ in nothing but case, also from what is there already', async () => {
    const { chartroom } = await filled(['ada', 'Ada', 'bob']);
    const folder = scratchFolder();
    writeFileSync(join(folder, 'BOB.json'), 'mine');
    expect((await chartroom('export', 'a.db', '--all', '-o', folder, '--force')).code).toBe(0);
    const names = readdirSync(folder).map((name) => name.toLowerCase());
    expect([names.length, new Set(names).size]).toEqual([4, 4]);
    expect(readFileSync(join(folder, 'BOB.json'), 'utf8')).toBe('mine');
  });

  it('names what cannot be read, writes the others, and ends with 1', async () => {
    const { chartroom } = await filled(['ada', 'bob', 'eve'], (lease) => {
      const load = lease.load.bind(lease);
      return Object.assign(lease, { load: (id: string) => (id === 'bob' ? { records: [] } : load(id)) });
    });
    const folder = scratchFolder();
    expect(await chartroom('export', 'a.db', '--all', '-o', folder)).toEqual({
      code: 1,
      out: `Exported 2 sessions to ${folder}.\n`,
      err: 'chartroom export: Session "bob" is stored without a single fact.\n',
    });
    expect(readdirSync(folder).sort()).toEqual(['ada.json', 'eve.json']);
  });

  it('leaves out what ended meanwhile, and ends at the failure of a store', async () => {
    const on = await filled(['ada', 'bob'], (lease) => {
      const heads = lease.heads.bind(lease);
      const none = { id: 'gone', seq: 99, sessionSeq: 1, status: 'active', wakeAt: null };
      return Object.assign(lease, { heads: async () => [...(await heads()), none] });
    });
    expect(await on.chartroom('export', 'a.db', '--all', '-o', scratchFolder())).toMatchObject({
      code: 0,
      err: '',
    });
    const failing = await filled(['ada'], (lease) =>
      Object.assign(lease, { load: () => Promise.reject(new Error('the disk is gone')) }),
    );
    expect(await failing.chartroom('export', 'a.db', '--all', '-o', scratchFolder())).toMatchObject({
      code: 1,
      err: 'chartroom export: the disk is gone\n',
    });
  });

  it('refuses a folder that is none', async () => {
    const { chartroom } = await filled();
    const file = join(scratchFolder(), 'file');
    writeFileSync(file, '');
    for (const folder of [file, join(file, 'x')]) {
      const { code, err } = await chartroom('export', 'a.db', '--all', '-o', folder);
      expect(code).toBe(1);
      expect(err).toMatch(/^chartroom export: \S+ could not be opened: /);
    }
  });
});

describe('an id out of a hostile store', () => {
  const hostile = [
    '../escaped',
    '/tmp/chartroom-escaped',
    '..',
    'a/../../escaped',
    'x\0y',
    '__proto__',
    '\u001b[2J',
    '',
  ];

  it('writes no file, in the folder or outside of it', async () => {
    const around = scratchFolder();
    const folder = join(around, 'out');
    const { chartroom } = await filled(['ada'], (lease) => {
      const heads = lease.heads.bind(lease);
      const forged = hostile.map((id, n) => ({
        id,
        seq: 100 + n,
        sessionSeq: 1,
        status: 'active',
        wakeAt: null,
      }));
      return Object.assign(lease, { heads: async () => [...(await heads()), ...forged] });
    });
    const { code, out, err } = await chartroom('export', 'a.db', '--all', '-o', folder, '--force');
    expect([code, out]).toEqual([1, `Exported 1 session to ${folder}.\n`]);
    expect(err.split('\n')).toHaveLength(hostile.length + 1);
    expect(err).toContain('chartroom export: "../escaped" names no file. A session id must be');
    expect(err).not.toContain('\u001b');
    expect([readdirSync(around), readdirSync(folder)]).toEqual([['out'], ['ada.json']]);
    expect(existsSync('/tmp/chartroom-escaped.json')).toBe(false);
  });

  it('of the saved shelf neither', async () => {
    const folder = scratchFolder();
    const { chartroom } = await filled(['ada'], (lease) => {
      const { saved } = lease;
      const list = async () =>
        [...(await saved.list()), ...hostile.map((id) => ({ ...documentOf(), id }))] as never;
      return new Proxy(lease, {
        get: (target, key) => (key === 'saved' ? { ...saved, list } : Reflect.get(target, key, target)),
      });
    });
    expect(await chartroom('export', 'a.db', '--all', '--saved', '-o', folder)).toMatchObject({ code: 1 });
    expect(readdirSync(folder)).toEqual(['zoe.json']);
  });

  it('does not lead through a link that lies in the folder', async () => {
    const { chartroom } = await filled(['ada']);
    const [folder, elsewhere] = [scratchFolder(), scratchFolder()];
    writeFileSync(join(elsewhere, 'victim'), 'precious');
    symlinkSync(join(elsewhere, 'victim'), join(folder, 'ada.json'));
    expect((await chartroom('export', 'a.db', '--all', '-o', folder)).code).toBe(1);
    expect((await chartroom('export', 'a.db', '--all', '-o', folder, '--force')).code).toBe(0);
    expect(readFileSync(join(elsewhere, 'victim'), 'utf8')).toBe('precious');
    expect(documentIn(join(folder, 'ada.json')).id).toBe('ada');
  });
});
