import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatDocument, type SessionDocument } from '../../src/store/document.ts';
import { storedIds } from '../../src/store/inventory.ts';
import { exportSaved, exportSession } from '../../src/store/transfer.ts';
import { documentOf } from '../store/documents.ts';
import { scratchFolder } from '../store/media.ts';
import { NOW, stage } from './stage.ts';

/** Files with these documents, or with these texts. */
function files(...contents: Array<SessionDocument | string>): string[] {
  const folder = scratchFolder();
  return contents.map((content, n) => {
    const path = join(folder, `${n}.json`);
    writeFileSync(path, typeof content === 'string' ? content : formatDocument(content));
    return path;
  });
}

describe('chartroom import', () => {
  it('puts documents into a store, one that is not there yet included', async () => {
    const { chartroom, within, opened } = stage();
    const paths = files(documentOf('ada'), documentOf('bob'));
    expect(await chartroom('import', 'a.db', ...paths)).toEqual({
      code: 0,
      out: 'Imported 2 sessions into the new store a.db.\n',
      err: '',
    });
    expect(opened).toEqual([['a.db', false]]);
    await within('a.db', async (lease) => {
      expect(await storedIds(lease)).toEqual(['ada', 'bob']);
      const savedAt = new Date(NOW).toISOString();
      expect(await exportSession(lease, 'bob', { now: NOW })).toEqual({ ...documentOf('bob'), savedAt });
    });
  });

  it('of one document says which it was; a store that is there is not called new', async () => {
    const [path = ''] = files(documentOf());
    const store = join(scratchFolder(), 'a.db');
    writeFileSync(store, '');
    const { out } = await stage().chartroom('import', store, path);
    expect(out).toBe(`Imported 1 session into ${store}: ada.\n`);
  });

  it('with --as gives it another id', async () => {
    const { chartroom, within } = stage();
    const [path = ''] = files(documentOf());
    expect((await chartroom('import', 'a.db', path, '--as', 'Zoe')).out).toContain('new store a.db: Zoe.');
    await within('a.db', async (lease) => {
      expect((await exportSession(lease, 'Zoe')).data.conversation.map(([{ id }]) => id)).toEqual([
        'Zoe:4',
        'Zoe:5',
      ]);
    });
  });

  it('with --saved puts it on the shelf, and replaces what is there only with --force', async () => {
    const { chartroom, within } = stage();
    const later = { ...documentOf(), savedAt: '2026-02-02T00:00:00.000Z' };
    const [first = '', second = ''] = files(documentOf(), later);
    expect((await chartroom('import', 'a.db', first, '--saved')).out).toBe(
      'Imported 1 saved session into the new store a.db: ada.\n',
    );
    expect(await chartroom('import', 'a.db', second, '--saved')).toEqual({
      code: 1,
      out: '',
      err: `chartroom import: ${second} was not imported: a.db has a saved session "ada" already; --force replaces it, --as ID gives it another id.\n`,
    });
    expect((await chartroom('import', 'a.db', second, '--saved', '--force')).code).toBe(0);
    await within('a.db', async (lease) => {
      expect(await exportSaved(lease, 'ada')).toEqual(later);
      expect(await storedIds(lease)).toEqual([]);
    });
  });
});

describe('nothing is imported', () => {
  it('when one of the ids is taken', async () => {
    const { chartroom, within } = stage();
    const [ada = '', bob = ''] = files(documentOf('ada'), documentOf('bob'));
    await chartroom('import', 'a.db', bob);
    expect(await chartroom('import', 'a.db', ada, bob)).toEqual({
      code: 1,
      out: '',
      err: `chartroom import: ${bob} was not imported: a.db has a session "bob" already; --as ID gives it another id.\n`,
    });
    expect(await within('a.db', storedIds)).toEqual(['bob']);
  });

  it('when any document is wrong; each of them is named, and the store not even opened', async () => {
    const { chartroom, opened } = stage();
    const wrong = formatDocument(documentOf('eve')).replace('"role": "assistant"', '"role": "root"');
    const newer = formatDocument(documentOf('new')).replace('"version": 1', '"version": 2');
    const [good = '', bad = '', text = '', next = '', twin = ''] = files(
      documentOf('ada'),
      wrong,
      'hello',
      newer,
      documentOf('ada'),
    );
    const { code, out, err } = await chartroom(
      'import',
      'a.db',
      good,
      bad,
      text,
      next,
      twin,
      '/missing.json',
    );
    expect([code, out, opened]).toEqual([1, '', []]);
    expect(err.split('\n')).toEqual([
      `chartroom import: ${bad} cannot be imported: document.data.conversation[0][0].role must be 'system', 'user', 'assistant' or 'tool'; received the string "root".`,
      expect.stringMatching(/ cannot be imported: The document is not JSON: .*\.$/),
      `chartroom import: ${next} cannot be imported: The document has version 2; this version of chartroom reads 1. Update chartroom.`,
      `chartroom import: ${twin} and ${good} are both of the session "ada".`,
      'chartroom import: /missing.json could not be read: there is no such file or folder.',
      'chartroom import: Nothing was imported.',
      '',
    ]);
  });

  it.each(['../escaped', '/etc/cron.d/x', '__proto__', 'a\\b', ''])(
    'of a document that calls itself %j',
    async (id) => {
      const { chartroom, opened } = stage();
      const [path = ''] = files(JSON.stringify({ ...documentOf(), id }));
      const { code, err } = await chartroom('import', 'a.db', path);
      expect([code, opened]).toEqual([1, []]);
      expect(err).toContain('cannot be imported: document.id: A session id must be');
      expect((await chartroom('import', 'a.db', path, '--as', 'fine')).code).toBe(1);
    },
  );

  it('of what is too large, unless the managers of the store allow it', async () => {
    const { chartroom } = stage();
    const data = { ...documentOf().data, workingContext: [['plan', 'x'.repeat(2_000_000)] as const] };
    const [path = ''] = files({ ...documentOf(), data });
    const refused = await chartroom('import', 'a.db', path);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain(
      'is larger than 1048576 bytes of JSON (limits.maxMessageBytes). If the managers of this store have a higher limit, give it: --max-message-bytes, --max-metadata-bytes.',
    );
    expect((await chartroom('import', 'a.db', path, '--max-message-bytes', '2000002')).code).toBe(0);
    expect(
      (await chartroom('import', 'b.db', path, '--max-message-bytes', '2000002', '--max-metadata-bytes', '3'))
        .code,
    ).toBe(1);
  });

  it.each([
    [['a.db'], 'DOCUMENT is missing.'],
    [['a.db', 'x', 'y', '--as', 'z'], '--as takes one document only.'],
    [['a.db', 'x', '--as', '../z'], 'A session id must be'],
    [['a.db', 'x', '--force'], '--force needs --saved: no living session is replaced.'],
    [['a.db', 'x', '--max-message-bytes', '1MB'], '--max-message-bytes must be a whole number of bytes'],
  ])('by wrong usage: %j', async (argv, says) => {
    const { code, out, err } = await stage().chartroom('import', ...argv);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(`chartroom import: ${says}`);
  });

  it('while a program has the store open', async () => {
    const { chartroom, within } = stage();
    const [path = ''] = files(documentOf());
    await within('a.db', async (lease) => {
      const { code, err } = await chartroom('import', 'a.db', path);
      expect([code, await storedIds(lease)]).toEqual([1, []]);
      expect(err).toContain('belongs to "test" until');
    });
  });
});
