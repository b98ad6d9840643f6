import { asyncDispose } from '../../dispose.ts';
import { SessionError } from '../../errors.ts';
import type {
  FactQuery,
  HeadQuery,
  JournalRecord,
  SavedDocument,
  SavedSessions,
  SessionHead,
  StoredSession,
  StoredSnapshot,
  StoreLease,
} from '../port.ts';
import { Channel, type Thread } from './channel.ts';
import type { FactRow, OpenRequest, OperationName, Operations } from './protocol.ts';
import { escapeText } from './text.ts';

/** Opens the store on the thread, which ends with the lease, or at once when the store refuses. */
export async function openLease(thread: Thread, request: OpenRequest): Promise<SqliteLease> {
  const channel = new Channel(thread, request.path);
  try {
    await channel.ask('open', request);
  } catch (error) {
    await channel.end();
    throw error;
  }
  return new SqliteLease(channel, request.readOnly);
}

/** A lease whose store is behind a channel: JSON goes out, JSON comes back and is parsed here. */
export class SqliteLease implements StoreLease {
  readonly epoch: number;
  readonly saved: SavedSessions;
  readonly #channel: Channel;
  readonly #readOnly: boolean;
  #closing: Promise<void> | undefined;

  constructor(channel: Channel, readOnly: boolean) {
    this.#channel = channel;
    this.#readOnly = readOnly;
    this.epoch = channel.state.epoch;
    this.saved = {
      put: (document) =>
        this.#ask('putSaved', { id: escapeText(document.id), document: JSON.stringify(document) }),
      get: async (id) => parse<SavedDocument>(await this.#ask('getSaved', escapeText(id))),
      list: async () => JSON.parse(await this.#ask('listSaved', undefined)),
      ids: async () => JSON.parse(await this.#ask('savedIds', undefined)),
      delete: (id) => this.#ask('deleteSaved', escapeText(id)),
    };
  }

  get lastSeq(): number {
    return this.#channel.state.lastSeq;
  }

  get cutSeq(): number {
    return this.#channel.state.cutSeq;
  }

  async append(records: readonly JournalRecord[]): Promise<void> {
    await this.#ask('append', records.map(factRow));
  }

  async counts(): Promise<Record<string, number>> {
    return JSON.parse(await this.#ask('counts', undefined));
  }

  async head(id: string): Promise<SessionHead | undefined> {
    return parse(await this.#ask('head', escapeText(id)));
  }

  async heads(query: HeadQuery = {}): Promise<SessionHead[]> {
    const { after = 0, status, limit = Number.POSITIVE_INFINITY, wakeAfter, wakeBy } = query;
    const statuses = status?.map(escapeText);
    const wake = wakeAfter === undefined || wakeBy === undefined ? undefined : ([wakeAfter, wakeBy] as const);
    return JSON.parse(await this.#ask('heads', { after, statuses, limit, wake }));
  }

  async load(id: string): Promise<StoredSession> {
    return JSON.parse(await this.#ask('load', escapeText(id)));
  }

  async putSnapshot(id: string, { sessionSeq, version, data, wakeAt }: StoredSnapshot): Promise<void> {
    const row = { id: escapeText(id), sessionSeq, version, data: JSON.stringify(data), wakeAt };
    await this.#ask('putSnapshot', row);
  }

  async remove(id: string): Promise<void> {
    await this.#ask('remove', escapeText(id));
  }

  /** Those that were there when it was called. */
  facts({ from, sessionId, limit = Number.POSITIVE_INFINITY }: FactQuery): AsyncIterable<JournalRecord> {
    const id = sessionId === undefined ? undefined : escapeText(sessionId);
    // Who only reads does not hear of what the owner appends, and asks for all there is.
    const to = this.#readOnly ? Number.MAX_SAFE_INTEGER : this.lastSeq;
    return this.#pages(from, to, id, limit);
  }

  [asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async *#pages(
    from: number,
    to: number,
    id: string | undefined,
    limit: number,
  ): AsyncGenerator<JournalRecord> {
    let next: number | undefined = from;
    for (let left = limit, resumed = false; next !== undefined && left > 0; resumed = true) {
      const page: Operations['facts']['gives'] = await this.#ask('facts', {
        from: next,
        to,
        id,
        limit: left,
        resumed,
      });
      const facts: JournalRecord[] = JSON.parse(page.facts);
      left -= facts.length;
      next = page.next;
      yield* facts;
    }
  }

  #ask<N extends OperationName>(name: N, request: Operations[N]['takes']): Promise<Operations[N]['gives']> {
    if (!this.#closing) return this.#channel.ask(name, request);
    return Promise.reject(new SessionError('STORE_LOCKED', 'This lease on the store was given back.'));
  }

  async #close(): Promise<void> {
    // A thread that has died has nothing to close, and the system has its locks.
    await this.#channel.ask('close', undefined).catch(() => {});
    await this.#channel.end();
  }
}

function factRow({ seq, sessionId, sessionSeq, type, at, payload, wakeAt }: JournalRecord): FactRow {
  return {
    seq,
    id: escapeText(sessionId),
    sessionSeq,
    type: escapeText(type),
    at: escapeText(at),
    payload: JSON.stringify(payload),
    status: type === 'session_status' ? escapeText((payload as { status: string }).status) : undefined,
    wakeAt,
    ends: type === 'session_terminated',
  };
}

function parse<T>(text: string | undefined): T | undefined {
  return text === undefined ? undefined : JSON.parse(text);
}
