import type { SavedSession } from '../data.ts';
import type { Engine } from '../engine.ts';
import { asStoreError } from '../error-info.ts';
import { SessionError } from '../errors.ts';
import { freezeJson } from '../json.ts';
import type { SavedDocument, SavedSessions, StoreLease } from '../store/port.ts';
import type { Creator } from './creation.ts';
import type { SessionEntry } from './entry.ts';
import { duplicate } from './registry.ts';
import { FORMAT_VERSION, type SessionData, sessionData } from './snapshot.ts';

/** Saved sessions: copies in the store that outlive their session. */
export class SavedShelf {
  readonly #engine: Engine;
  readonly #creator: Creator;
  readonly #lease: StoreLease;

  constructor(engine: Engine, creator: Creator, lease: StoreLease) {
    this.#engine = engine;
    this.#creator = creator;
    this.#lease = lease;
  }

  /** The session as it is at this call; a later change is not in it. */
  async save({ state }: SessionEntry): Promise<SavedSession> {
    const document: SavedDocument = Object.freeze({
      id: state.id,
      savedAt: this.#engine.time.iso(),
      messageCount: state.conversation?.count ?? 0,
      metadata: state.metadata,
      version: FORMAT_VERSION,
      data: sessionData(state) as never,
    });
    await this.#ask((saved) => saved.put(document));
    return summaryOf(document);
  }

  async restore(id: string): Promise<SessionEntry> {
    const { dormant, registry } = this.#engine;
    if (registry.get(id)) throw duplicate(id);
    if (dormant.size > 0 && (await dormant.isAway(id))) throw duplicate(id);
    const document = await this.#ask((saved) => saved.get(id));
    if (!document) throw notSaved(id);
    if (document.version !== FORMAT_VERSION)
      throw new SessionError(
        'STORE_VERSION',
        `The saved session "${id}" has format ${document.version}; this version reads ${FORMAT_VERSION}.`,
        { sessionId: id },
      );
    const data = freezeJson(document.data) as unknown as SessionData;
    const { metadata, llmConfig, config } = data;
    return this.#creator.create({ id, metadata, llmConfig, config, signal: undefined, restored: data });
  }

  /** Oldest first. */
  async list(): Promise<SavedSession[]> {
    const documents = [...(await this.#ask((saved) => saved.list()))];
    documents.sort((a, b) => compare(a.savedAt, b.savedAt) || compare(a.id, b.id));
    return Object.freeze(documents.map(summaryOf)) as SavedSession[];
  }

  async delete(id: string): Promise<void> {
    if (!(await this.#ask((saved) => saved.delete(id)))) throw notSaved(id);
  }

  /** `STORE_FAILED`, with the cause, when the store does not do it. */
  async #ask<R>(request: (saved: SavedSessions) => R | Promise<R>): Promise<R> {
    try {
      return await request(this.#lease.saved);
    } catch (error) {
      throw asStoreError(error, 'The store of saved sessions failed');
    }
  }
}

function summaryOf({ id, savedAt, messageCount, metadata }: SavedDocument): SavedSession {
  return Object.freeze({ id, savedAt, messageCount, metadata: freezeJson(metadata) });
}

function notSaved(id: string): SessionError {
  const message = `There is no saved session "${id}"; listSavedSessions() shows what there is.`;
  return new SessionError('SESSION_NOT_FOUND', message, { sessionId: id });
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
