import { SessionError } from '../../errors.ts';
import { checksum } from './checksum.ts';
import type { Connection } from './driver.ts';
import type { SavedRow, Text } from './protocol.ts';
import { unescapeText } from './text.ts';

interface SavedColumns {
  readonly id: string;
  readonly document: string;
  readonly checksum: number;
}

/** Saved sessions, in the order in which they were first put. */
export class SavedTable {
  readonly #statements: ReturnType<typeof prepare>;

  constructor(connection: Connection) {
    this.#statements = prepare(connection);
  }

  put({ id, document }: SavedRow): void {
    this.#statements.put.run(id, document, documentChecksum(id, document));
  }

  /** `STORE_CORRUPT` when it is not what was written. */
  get(id: string): Text | undefined {
    const row = this.#statements.get.get(id) as SavedColumns | undefined;
    if (!row || isIntact(row)) return row?.document;
    const sessionId = unescapeText(id);
    throw new SessionError(
      'STORE_CORRUPT',
      `The saved session "${sessionId}" cannot be read: it does not match its checksum. Delete it, or save it again.`,
      { sessionId },
    );
  }

  /** Without those that are not what was written: one must not keep a caller from the others. */
  list(): Text {
    const rows = this.#statements.list.all() as SavedColumns[];
    return `[${rows
      .filter(isIntact)
      .map(({ document }) => document)
      .join()}]`;
  }

  /** Of all, damaged or not. */
  ids(): Text {
    return JSON.stringify((this.#statements.ids.all() as SavedColumns[]).map(({ id }) => unescapeText(id)));
  }

  delete(id: string): boolean {
    return this.#statements.delete.run(id).changes > 0;
  }
}

function isIntact({ id, document, checksum: stored }: SavedColumns): boolean {
  return stored === documentChecksum(id, document);
}

function documentChecksum(id: string, document: Text): number {
  return checksum(document, checksum(id, 0));
}

function prepare(connection: Connection) {
  return {
    put: connection.prepare(`
      INSERT INTO saved (id, document, checksum) VALUES (?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET document = excluded.document, checksum = excluded.checksum`),
    get: connection.prepare('SELECT * FROM saved WHERE id = ?'),
    list: connection.prepare('SELECT * FROM saved ORDER BY position'),
    ids: connection.prepare('SELECT id FROM saved ORDER BY position'),
    delete: connection.prepare('DELETE FROM saved WHERE id = ?'),
  };
}
