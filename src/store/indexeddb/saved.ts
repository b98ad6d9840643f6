import { SessionError } from '../../errors.ts';
import type { SavedDocument, SavedSessions } from '../port.ts';
import { type Connection, native } from './connection.ts';
import type { Reading } from './format.ts';
import { readSaved, type SavedRow, savedRow } from './rows.ts';

/** Documents read at once. */
const PAGE = 64;

/** Saved sessions, in the order in which they were first put. */
export class SavedShelf implements SavedSessions {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async put(document: SavedDocument): Promise<void> {
    const { id } = document;
    const text = JSON.stringify(document);
    await this.#connection.write(async (transaction) => {
      const shelf = transaction.objectStore('saved');
      const [before, last] = await Promise.all([
        shelf.get(id),
        shelf.index('position').openKeyCursor(null, 'prev'),
      ]);
      native(transaction, 'saved').put(savedRow(id, before?.position ?? (last?.key ?? 0) + 1, text));
    });
  }

  /** `STORE_CORRUPT` when it is not what was written. */
  get(id: string): Promise<SavedDocument | undefined> {
    return this.#connection.read(async (transaction) => {
      const row = await transaction.objectStore('saved').get(id);
      const document = row && readSaved(row);
      if (!row || document) return document;
      throw new SessionError(
        'STORE_CORRUPT',
        `The saved session "${id}" cannot be read: it does not match its checksum. Delete it, or save it again.`,
        { sessionId: id },
      );
    });
  }

  /** Without those that are not what was written: one must not keep a caller from the others. */
  list(): Promise<SavedDocument[]> {
    return this.#connection.read(async (transaction) => {
      const documents: SavedDocument[] = [];
      for await (const row of rows(transaction)) {
        const document = readSaved(row);
        if (document) documents.push(document);
      }
      return documents;
    });
  }

  /** Of all, damaged or not. */
  ids(): Promise<string[]> {
    return this.#connection.read((transaction) =>
      transaction.objectStore('saved').index('position').getAllKeys(),
    );
  }

  delete(id: string): Promise<boolean> {
    return this.#connection.write(async (transaction) => {
      const found = await transaction.objectStore('saved').getKey(id);
      native(transaction, 'saved').delete(id);
      return found !== undefined;
    });
  }
}

async function* rows(transaction: Reading): AsyncGenerator<SavedRow, void> {
  const index = transaction.objectStore('saved').index('position');
  for (let behind = 0; ; ) {
    const page = await index.getAll(IDBKeyRange.lowerBound(behind, true), PAGE);
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    behind = last.position;
  }
}
