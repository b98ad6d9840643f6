import { describe, expect, it } from 'vitest';
import { testClock } from '../support/clock.ts';
import { codeOf } from '../support/errors.ts';
import { collect } from '../support/events.ts';
import { thawed } from '../support/frozen.ts';
import type { ClientSession, Subject } from './subject.ts';

const paths = async (session: ClientSession) => (await session.context.activeFiles()).map(({ path }) => path);

export function filesContract({ open, settle }: Subject): void {
  describe('active files', () => {
    it('are empty at first, and then in the order they were added', async () => {
      const client = await open();
      const session = await client.createSession();
      expect(await session.context.activeFiles()).toEqual([]);
      for (const path of ['b.ts', 'a.ts', 'c.ts']) await session.context.addFile(path);
      expect(await paths(session)).toEqual(['b.ts', 'a.ts', 'c.ts']);
      expect((await session.info()).activeFileCount).toBe(3);
    });

    it('have a path and the time they were added', async () => {
      const client = await open({ clock: testClock(60_000) });
      const session = await client.createSession();
      await session.context.addFile('a.ts');
      const files = await session.context.activeFiles();
      expect(files).toEqual([{ path: 'a.ts', addedAt: new Date(60_000).toISOString() }]);
      expect(thawed(files)).toBeUndefined();
    });

    it('are published by file_added', async () => {
      const client = await open();
      const session = await client.createSession();
      const seen = collect(client);
      await session.context.addFile('a.ts');
      await settle();
      expect(seen.events).toMatchObject([{ type: 'file_added', path: 'a.ts', sessionId: session.id }]);
    });

    it('do not change when a file is added that is there: no event, no new time, no new place', async () => {
      const clock = testClock();
      const client = await open({ clock });
      const session = await client.createSession();
      await session.context.addFile('a.ts');
      await session.context.addFile('b.ts');
      const before = await session.context.activeFiles();
      const seen = collect(client);
      await clock.advance(1_000);
      await session.context.addFile('a.ts');
      await settle();
      expect(await session.context.activeFiles()).toEqual(before);
      expect(seen.events).toEqual([]);
    });

    it('added ten times at once are there once', async () => {
      const client = await open();
      const session = await client.createSession();
      const seen = collect(client);
      await Promise.all(Array.from({ length: 10 }, () => session.context.addFile('a.ts')));
      await settle();
      expect(await paths(session)).toEqual(['a.ts']);
      expect(seen.types()).toEqual(['file_added']);
    });

    it('are taken out by removeFile, which publishes file_removed', async () => {
      const client = await open();
      const session = await client.createSession();
      await session.context.addFile('a.ts');
      await session.context.addFile('b.ts');
      const seen = collect(client);
      await session.context.removeFile('a.ts');
      await settle();
      expect(await paths(session)).toEqual(['b.ts']);
      expect(seen.of('file_removed').map(({ path }) => path)).toEqual(['a.ts']);
    });

    it('can be added again after they were removed', async () => {
      const client = await open();
      const session = await client.createSession();
      await session.context.addFile('a.ts');
      await session.context.removeFile('a.ts');
      await session.context.addFile('a.ts');
      expect(await paths(session)).toEqual(['a.ts']);
    });

    it('removing one that is not there resolves', async () => {
      const client = await open();
      const session = await client.createSession();
      await expect(session.context.removeFile('never.ts')).resolves.toBeUndefined();
    });

    it('belong to their session', async () => {
      const client = await open();
      const [a, b] = [await client.createSession(), await client.createSession()];
      await a.context.addFile('a.ts');
      await a.context.updateFileIndex('a.ts', { of: 'a' });
      expect(await paths(b)).toEqual([]);
      expect(await b.context.fileIndex()).toEqual({});
    });

    it.each([[null], [undefined], [42], [{}], [['a.ts']]])('refuse the path %j', async (path) => {
      const client = await open();
      const session = await client.createSession();
      const bad = path as string;
      expect(await codeOf(session.context.addFile(bad))).toBe('INVALID_ARGUMENT');
      expect(await codeOf(session.context.removeFile(bad))).toBe('INVALID_ARGUMENT');
      expect(await codeOf(session.context.updateFileIndex(bad, {}))).toBe('INVALID_ARGUMENT');
      expect(await session.context.activeFiles()).toEqual([]);
    });

    it('may have any text as a path: it is never resolved', async () => {
      const client = await open();
      const session = await client.createSession();
      const odd = ['../../etc/passwd', '/absolute', 'with space', 'ünï.ts', 'constructor', 'toString'];
      for (const path of odd) await session.context.addFile(path);
      expect(await paths(session)).toEqual(odd);
    });
  });

  describe('the file index', () => {
    it('is empty at first', async () => {
      const client = await open();
      expect(await (await client.createSession()).context.fileIndex()).toEqual({});
    });

    it('merges what is new into what is known of a path', async () => {
      const client = await open();
      const session = await client.createSession();
      await session.context.updateFileIndex('a.ts', { lines: 10, language: 'ts' });
      await session.context.updateFileIndex('a.ts', { lines: 12, exports: ['x'] });
      await session.context.updateFileIndex('b.ts', { lines: 1 });
      expect(await session.context.fileIndex()).toEqual({
        'a.ts': { lines: 12, language: 'ts', exports: ['x'] },
        'b.ts': { lines: 1 },
      });
    });

    it('is published by context_updated with the paths that changed', async () => {
      const client = await open();
      const session = await client.createSession();
      const seen = collect(client);
      await session.context.updateFileIndex('a.ts', { lines: 1 });
      await settle();
      expect(seen.events).toMatchObject([{ type: 'context_updated', filesChanged: ['a.ts'] }]);
    });

    it('loses a file that is removed', async () => {
      const client = await open();
      const session = await client.createSession();
      await session.context.addFile('a.ts');
      await session.context.updateFileIndex('a.ts', { lines: 1 });
      await session.context.updateFileIndex('b.ts', { lines: 2 });
      await session.context.removeFile('a.ts');
      expect(await session.context.fileIndex()).toEqual({ 'b.ts': { lines: 2 } });
    });

    it('knows nothing of the file any more when it is added again', async () => {
      const client = await open();
      const session = await client.createSession();
      await session.context.addFile('a.ts');
      await session.context.updateFileIndex('a.ts', { old: true });
      await session.context.removeFile('a.ts');
      await session.context.addFile('a.ts');
      await session.context.updateFileIndex('a.ts', { fresh: true });
      expect(await session.context.fileIndex()).toEqual({ 'a.ts': { fresh: true } });
    });

    it('is a deeply frozen copy', async () => {
      const client = await open();
      const session = await client.createSession();
      const metadata = { nested: { n: 1 } };
      await session.context.updateFileIndex('a.ts', metadata);
      metadata.nested.n = 2;
      const index = await session.context.fileIndex();
      await session.context.updateFileIndex('b.ts', {});
      expect(index).toEqual({ 'a.ts': { nested: { n: 1 } } });
      expect(thawed(index)).toBeUndefined();
    });

    it.each([[null], [[]], ['text'], [1], [undefined]])('refuses %j as metadata', async (metadata) => {
      const client = await open();
      const session = await client.createSession();
      expect(await codeOf(session.context.updateFileIndex('a', metadata as never))).toBe('INVALID_ARGUMENT');
      expect(await session.context.fileIndex()).toEqual({});
    });

    it('takes constructor and toString as ordinary paths', async () => {
      const client = await open();
      const session = await client.createSession();
      await session.context.updateFileIndex('constructor', { a: 1 });
      await session.context.updateFileIndex('toString', { b: 2 });
      expect(Object.entries(await session.context.fileIndex())).toEqual([
        ['constructor', { a: 1 }],
        ['toString', { b: 2 }],
      ]);
    });

    it('cannot be used to reach Object.prototype', async () => {
      const client = await open();
      const session = await client.createSession();
      await session.context.updateFileIndex('__proto__', { polluted: true }).catch(() => {});
      const index = await session.context.fileIndex();
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
      expect((index as { polluted?: unknown }).polluted).toBeUndefined();
    });
  });
}
