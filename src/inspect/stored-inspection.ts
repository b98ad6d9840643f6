import type { Clock } from '../clock.ts';
import type { SessionStatus } from '../data.ts';
import { toErrorInfo } from '../error-info.ts';
import type { Fact } from '../session/facts.ts';
import type { SessionState } from '../session/state.ts';
import { type DamagedSessionInfo, type StoredSessionInfo, storedSessions } from '../store/inventory.ts';
import type { StoreLease } from '../store/port.ts';
import { readSession } from '../store/reading.ts';
import { Definitions } from './definitions.ts';
import { endedRows } from './ended-rows.ts';
import { factEntry } from './fact-entry.ts';
import type { FleetRow, InspectorMessage, Subject, ViewerChannel } from './protocol.ts';
import { Redaction } from './redaction.ts';
import { Reel, snapshotOf } from './reel.ts';
import { readMessage, refusalOf, requestOf } from './requests.ts';

export interface StoredInspectionOptions {
  /** Of chartroom. */
  readonly version: string;
  readonly clock: Clock;
  readonly redact?: readonly string[] | undefined;
}

const ROWS_PER_MESSAGE = 500;
const MAX_ROWS = 100_000;
const RETRY_MS = 50;
/** Facts that are read back, of a session or of all: of a longer past it is said what it came to. */
const FACTS_READ = 10_000;
const NO_SESSIONS: Readonly<Record<SessionStatus, number>> = {
  initializing: 0,
  active: 0,
  idle: 0,
  terminating: 0,
  terminated: 0,
};

/**
 * Looks at a store without an engine: every session is asleep, with what its store still has of its past. Nothing is
 * written, and another program may own the store meanwhile; a viewer sees it as it is when it connects and looks.
 */
export class StoredInspection {
  readonly #lease: StoreLease;
  readonly #options: StoredInspectionOptions;
  readonly #redaction: Redaction;
  /** Which agent there was, a store does not say. */
  readonly #definitions = Definitions.of(undefined).all();

  /** Throws `INVALID_ARGUMENT` for a path in `redact` that is none. */
  constructor(lease: StoreLease, options: StoredInspectionOptions) {
    this.#lease = lease;
    this.#options = options;
    this.#redaction = new Redaction(options.redact);
  }

  connect(channel: ViewerChannel): { receive(message: unknown): void; close(): void } {
    const line = new Line(channel, this.#options.clock);
    const { version, clock } = this.#options;
    line.say({
      type: 'hello',
      version,
      allow: [],
      redacted: this.#redaction.paths,
      definitions: this.#definitions,
      now: clock.now(),
      recording: false,
    });
    this.#list(line).catch((error) =>
      channel.close(`The store cannot be read: ${toErrorInfo(error).message}`),
    );
    return { receive: (message) => this.#receive(message, line), close: () => line.close() };
  }

  async #list(line: Line): Promise<void> {
    await line.say({ type: 'fleet', reset: true, rows: [] });
    let rows: FleetRow[] = [];
    let count = 0;
    for await (const info of storedSessions(this.#lease)) {
      if (line.closed) return;
      count += 1;
      if (count > MAX_ROWS) continue;
      rows.push(rowOf('damage' in info ? await this.#again(info) : info));
      if (rows.length < ROWS_PER_MESSAGE) continue;
      await line.say({ type: 'fleet', rows });
      rows = [];
    }
    await line.say({ type: 'fleet', rows, hidden: Math.max(0, count - MAX_ROWS) });
    const from = Math.max(this.#lease.cutSeq, this.#lease.lastSeq - FACTS_READ);
    const ended = await endedRows(this.#lease.facts({ from }), this.#redaction);
    if (ended.length > 0) await line.say({ type: 'fleet', rows: ended });
    const sessions = { ...NO_SESSIONS, ...(await this.#lease.counts()) };
    const rest = { pending: 0, listeners: 0, streams: 0, deadlines: 0, journalLag: 0 };
    const stats = { sessions, asleep: count, ...rest };
    await line.say({ type: 'pulse', now: this.#options.clock.now(), stats, facts: {}, recording: false });
  }

  /** Before damage is told it is read once more: between two reads its owner may have begun it anew. */
  async #again(damaged: DamagedSessionInfo): Promise<Listed> {
    const state = await readSession(this.#lease, damaged.id).catch(() => undefined);
    if (!state) return damaged;
    const messageCount = state.conversation?.count ?? 0;
    return { ...state, messageCount, activeFileCount: state.files?.size ?? 0 };
  }

  #receive(message: unknown, line: Line): void {
    try {
      const said = readMessage(message);
      if (said.type === 'look') this.#look(said.subject, line);
      else if (said.type !== 'leave') line.say(refusal(said.request));
    } catch (error) {
      const request = requestOf(message);
      line.say(
        request === undefined
          ? { type: 'refused', message: refusalOf(error) }
          : refusal(request, 'INVALID_ARGUMENT', refusalOf(error)),
      );
    }
  }

  #look(subject: Subject, line: Line): void {
    const missing = (message: string) => line.say({ type: 'missing', subject, message });
    const id = subject.startsWith('session/') ? subject.slice('session/'.length) : undefined;
    if (id === undefined) {
      missing('There is no engine: this is a store that is looked at.');
      return;
    }
    this.#lookAt(id).then(
      (found) =>
        found ? line.say({ type: 'looking', subject, ...found }) : missing(`There is no session "${id}".`),
      (error) => missing(toErrorInfo(error).message),
    );
  }

  async #lookAt(id: string) {
    const lease = this.#lease;
    const state = await readSession(lease, id).catch(() => readSession(lease, id));
    const facts = await this.#factsOf(id, state);
    const reel = new Reel();
    if (state && facts.length < state.sessionSeq) reel.begin(id, this.#redaction.snapshot(snapshotOf(state)));
    else if (facts.length === 0) return undefined;
    else
      for (const fact of facts) {
        const { entry, bytes } = factEntry(fact, Date.parse(fact.at), this.#redaction);
        reel.push(entry, bytes);
      }
    const wakeAt = (await lease.head(id))?.wakeAt ?? null;
    const deadlines = wakeAt === null ? [] : [{ name: 'wake', dueAt: wakeAt }];
    const detail = { actors: [], deadlines, tasks: 0, asleep: state !== undefined };
    return {
      recording: reel.recording(this.#definitions),
      detail,
      now: this.#options.clock.now(),
      cut: reel.cut,
    };
  }

  /** From its creation on, as far as they are retained; one that has ended has nothing else. */
  async #factsOf(id: string, state: SessionState | undefined): Promise<Fact[]> {
    if (state && state.sessionSeq > FACTS_READ) return [];
    const from = state ? state.seq - 1 : this.#lease.cutSeq;
    const facts: Fact[] = [];
    for await (const fact of this.#lease.facts({ from, sessionId: id })) facts.push(fact as Fact);
    const first = facts.findLastIndex(({ type }) => type === 'session_created');
    return first < 0 ? [] : facts.slice(first);
  }
}

type Listed =
  | DamagedSessionInfo
  | Pick<
      StoredSessionInfo,
      | 'id'
      | 'seq'
      | 'status'
      | 'createdAt'
      | 'updatedAt'
      | 'lastActivityAt'
      | 'messageCount'
      | 'activeFileCount'
    >;

function rowOf(info: Listed): FleetRow {
  const { id, seq } = info;
  const nothing = { createdAt: 0, since: 0, lastActivityAt: 0, messages: 0, files: 0 };
  const rest = { id, seq, asleep: true, tasks: 0, restarts: 0, crashes: 0, facts: 0 };
  if ('damage' in info) {
    const status = info.status in NO_SESSIONS ? (info.status as SessionStatus) : 'terminated';
    return { ...rest, ...nothing, status, error: { name: info.damage.code, message: info.damage.reason } };
  }
  return {
    ...rest,
    status: info.status,
    createdAt: Date.parse(info.createdAt),
    since: Date.parse(info.updatedAt),
    lastActivityAt: Date.parse(info.lastActivityAt),
    messages: info.messageCount,
    files: info.activeFileCount,
  };
}

function refusal(request: number, code = 'FORBIDDEN', message?: string): InspectorMessage {
  const why = message ?? 'A store that is looked at cannot be changed; open it with a program that owns it.';
  return { type: 'answer', request, ok: false, error: { code, message: why } };
}

/** Says one thing after another, each when the viewer takes it. */
class Line {
  readonly #channel: ViewerChannel;
  readonly #clock: Clock;
  #last: Promise<void> = Promise.resolve();
  closed = false;

  constructor(channel: ViewerChannel, clock: Clock) {
    this.#channel = channel;
    this.#clock = clock;
  }

  /** Resolves when it was taken, or nobody is there any more. */
  say(message: InspectorMessage): Promise<void> {
    this.#last = this.#last.then(() => this.#offer(message));
    return this.#last;
  }

  async #offer(message: InspectorMessage): Promise<void> {
    while (!this.closed && !this.#channel.send(message))
      await new Promise<void>((resolve) => this.#clock.setTimeout(() => resolve(), RETRY_MS));
  }

  close(): void {
    this.closed = true;
  }
}
