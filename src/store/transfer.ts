import { checkOptions } from '../check.ts';
import { SessionError } from '../errors.ts';
import { checkSessionId, messageId, messageNumber } from '../ids.ts';
import type { SessionData } from '../session/snapshot.ts';
import { wakeTime } from '../session/wake-time.ts';
import { checkDocument, type SessionDocument, toSaved } from './document.ts';
import type { JournalRecord, StoreLease } from './port.ts';
import { documentOf, readSaved, readSession } from './reading.ts';
import type { DocumentLimits } from './session-data.ts';

export interface ExportOptions {
  /** Milliseconds since the epoch, for `savedAt`. Default now. */
  now?: number;
}

export interface ImportOptions {
  /** The id it gets in place of its own. */
  as?: string;
  /** Of the managers of this store, where they are not the default. */
  limits?: DocumentLimits;
  /** Milliseconds since the epoch, for the facts that bring it in. Default now. */
  now?: number;
}

export interface ImportSavedOptions extends Omit<ImportOptions, 'now'> {
  /** Take the place of a saved session of the same id. Default false. */
  replace?: boolean;
}

/**
 * A stored session as a document: what it holds by its newest durable fact, whatever its status. It may live on
 * meanwhile. Rejects `SESSION_NOT_FOUND`; `STORE_CORRUPT` or `STORE_VERSION` when it cannot be read.
 */
export async function exportSession(
  lease: StoreLease,
  id: string,
  options?: ExportOptions,
): Promise<SessionDocument> {
  const { now = Date.now() } = checkOptions(options, 'options', ['now']);
  const state = await readSession(lease, checkSessionId(id));
  if (state) return documentOf(state, now);
  throw new SessionError('SESSION_NOT_FOUND', `The store has no session "${id}".`, { sessionId: id });
}

/** A saved session, as it was saved. Rejects as {@link exportSession} does. */
export async function exportSaved(lease: StoreLease, id: string): Promise<SessionDocument> {
  const saved = await lease.saved.get(checkSessionId(id));
  if (saved) return readSaved(saved);
  throw new SessionError('SESSION_NOT_FOUND', `The store has no saved session "${id}".`, { sessionId: id });
}

/**
 * Puts the document in as a session: the next manager on the store finds it active. Gives its id. The document is
 * checked as if it had just been parsed. Rejects what {@link checkDocument} throws, and `DUPLICATE_SESSION`.
 */
export async function importSession(
  lease: StoreLease,
  document: SessionDocument,
  options?: ImportOptions,
): Promise<string> {
  const { as, limits, now = Date.now() } = checkOptions(options, 'options', ['as', 'limits', 'now']);
  const { id, data } = named(checkDocument(document, limits), as);
  if (await lease.head(id)) throw taken(id, 'session', 'terminate it first, or import under another id');
  const { metadata, llmConfig, config } = data;
  const at = new Date(now).toISOString();
  // A message is a cursor too: whoever reads on from it must not wait for facts that this store has yet to reach.
  const seq = Math.max(lease.lastSeq, newestSeq(data));
  const created: JournalRecord = {
    seq: seq + 1,
    sessionId: id,
    sessionSeq: 1,
    type: 'session_created',
    at,
    payload: { metadata, llmConfig, config, restored: data },
    wakeAt: wakeTime(config, 'initializing', now),
  };
  const active: JournalRecord = {
    seq: seq + 2,
    sessionId: id,
    sessionSeq: 2,
    type: 'session_status',
    at,
    payload: { status: 'active', previousStatus: 'initializing' },
    wakeAt: wakeTime(config, 'active', now),
  };
  await lease.append([created, active]);
  return id;
}

/** Puts the document among the saved sessions. Gives its id. Rejects as {@link importSession} does. */
export async function importSaved(
  lease: StoreLease,
  document: SessionDocument,
  options?: ImportSavedOptions,
): Promise<string> {
  const { as, limits, replace } = checkOptions(options, 'options', ['as', 'limits', 'replace']);
  const checked = named(checkDocument(document, limits), as);
  const { id } = checked;
  if (!replace && (await lease.saved.get(id)))
    throw taken(id, 'saved session', 'replace it, or import under another id');
  await lease.saved.put(toSaved(checked));
  return id;
}

function newestSeq({ conversation, keyed }: SessionData): number {
  let newest = 0;
  for (const [{ seq }] of conversation) newest = Math.max(newest, seq);
  for (const [, { seq }] of keyed) newest = Math.max(newest, seq);
  return newest;
}

/** Under another id its messages are numbered under that: a page of history is asked for by a message's id. */
function named(document: SessionDocument, as: string | undefined): SessionDocument {
  if (as === undefined || as === document.id) return document;
  const id = checkSessionId(as);
  const renamed = <M extends { readonly id: string }>(message: M): M => ({
    ...message,
    id: messageId(id, messageNumber(document.id, message.id) ?? 0),
  });
  const { data } = document;
  const conversation = data.conversation.map(([message, tokens]) => [renamed(message), tokens] as const);
  const keyed = data.keyed.map(([key, message]) => [key, renamed(message)] as const);
  return { ...document, id, data: { ...data, conversation, keyed } };
}

function taken(id: string, what: string, remedy: string): SessionError {
  const message = `The store has a ${what} "${id}" already; ${remedy}.`;
  return new SessionError('DUPLICATE_SESSION', message, { sessionId: id });
}
