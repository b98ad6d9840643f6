import type { FileSource, FileStat, Session } from 'chartroom';
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { TextFile } from './dropped.ts';

interface Schema extends DBSchema {
  stats: { key: string; value: FileStat };
  texts: { key: string; value: string };
}

/** The files that were dropped into sessions, in a database of their own: the engine reads them from there. */
export interface FileShelf {
  /** What the engine is given. */
  readonly source: FileSource;
  /** Undefined where all is well; else why the files last no longer than the page. */
  readonly trouble: string | undefined;
  /** Keeps the file, in place of an earlier one of that path, and makes it one of the session's active files. */
  put(session: Pick<Session, 'id' | 'context' | 'cache'>, file: TextFile): Promise<void>;
  /** How many files are kept of a session, also when it has fallen. */
  count(sessionId: string): Promise<number>;
  /** Forgets one that is no longer active. */
  remove(sessionId: string, path: string): Promise<void>;
  /** Forgets all files of a session that is gone. */
  clear(sessionId: string): Promise<void>;
}

/** Every session has a folder of its own on the shelf: two may hold different files of the same name. */
export function shelved(sessionId: string, path: string): string {
  return `${sessionId}/${path}`;
}

export async function openFileShelf(name: string): Promise<FileShelf> {
  try {
    return durableShelf(await openDatabase(name));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return memoryShelf(
      `The browser does not let this page keep files: they are gone when it is closed. (${reason})`,
    );
  }
}

/** All that is in the folder of a session. */
function folderOf(sessionId: string): IDBKeyRange {
  return IDBKeyRange.bound(`${sessionId}/`, `${sessionId}0`, false, true);
}

function openDatabase(name: string): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>(name, 1, {
    upgrade: (database) => {
      // Apart, since the one is looked at for every question, and the other may be long.
      database.createObjectStore('stats');
      database.createObjectStore('texts');
    },
    // A later version of the page wants to change the database: it is not kept waiting.
    blocking: (_current, _next, event) => (event.target as IDBDatabase).close(),
  });
}

function durableShelf(database: IDBPDatabase<Schema>): FileShelf {
  return {
    trouble: undefined,
    source: {
      stat: (path) => database.get('stats', path),
      async read(path) {
        const text = await database.get('texts', path);
        if (text !== undefined) return text;
        throw Object.assign(new Error(`There is no file ${path} on the shelf.`), { code: 'ENOENT' });
      },
    },
    async put({ id, context }, { path, text, size }) {
      const key = shelved(id, path);
      const transaction = database.transaction(['stats', 'texts'], 'readwrite');
      await Promise.all([
        transaction.objectStore('stats').put({ size, mtimeMs: Date.now() }, key),
        transaction.objectStore('texts').put(text, key),
        transaction.done,
      ]);
      await context.addFile(path);
    },
    count: (sessionId) => database.count('stats', folderOf(sessionId)),
    async remove(sessionId, path) {
      const key = shelved(sessionId, path);
      await Promise.all([database.delete('stats', key), database.delete('texts', key)]);
    },
    async clear(sessionId) {
      const all = folderOf(sessionId);
      await Promise.all([database.delete('stats', all), database.delete('texts', all)]);
    },
  };
}

/** Without a database the session's cache holds them, as long as the engine lives. */
function memoryShelf(trouble: string): FileShelf {
  return {
    trouble,
    source: { stat: () => undefined, read: () => '' },
    async put({ id, context, cache }, { path, text }) {
      await cache.cacheFile(shelved(id, path), text);
      await context.addFile(path);
    },
    count: async () => 0,
    async remove() {},
    async clear() {},
  };
}
