/**
 * The model: a fold over the events that one listener saw. It knows nothing of the engine; what it holds is
 * what look-ups must say, and every event that does not fit what came before breaks a property.
 */
import type { SessionStatus } from '../../data.ts';
import type { PublishedEvent, SessionEvent } from '../../events/types.ts';
import { textOf } from './foreign.ts';
import { ownerOf } from './ledger.ts';
import type { Settings } from './scenario.ts';
import { Violation } from './violation.ts';

export const EDGES: Readonly<Record<SessionStatus, readonly SessionStatus[]>> = {
  initializing: ['active', 'terminated'],
  active: ['idle', 'terminating'],
  idle: ['active', 'terminating'],
  terminating: ['terminated'],
  terminated: [],
};

/** What a session holds, by the texts and paths in it. Restoring may leave several possible ones. */
export interface Contents {
  readonly messages: readonly string[];
  readonly files: readonly string[];
}

/** From `session_created` to `session_terminated`; a restart is within it. */
export interface Life {
  readonly id: string;
  readonly createdSeq: number;
  readonly metadata: Readonly<Record<string, unknown>>;
  status: SessionStatus;
  reason: string | undefined;
  contents: Contents[];
  /** When a crash or a kill announced another incarnation that has not begun, in logical time. */
  restarting: number | undefined;
  restarts: number;
  /** Times of the deaths that were followed by a restart, on the test's clock, by the manager that saw them. */
  deaths: Array<{ readonly atMs: number; readonly generation: number }>;
  /** In logical time. */
  readonly restartedAt: number[];
  endedAt: number;
  /** The newest event that counts as activity. */
  lastActivityAt: string;
  activeSince: string;
  /** When the newest call began that used it and made no event. `stored`: later processes know of it too. */
  used: { readonly atMs: number; readonly generation: number; readonly stored: boolean };
  /** When that, or its becoming active, was told: milliseconds on the clock. */
  heardAtMs: number;
}

export interface Seen {
  readonly event: SessionEvent;
  readonly moment: number;
  readonly generation: number;
}

export class Model {
  readonly trace: Seen[] = [];
  readonly live = new Map<string, Life>();
  readonly ended: Life[] = [];
  /** What each id has ever been saved as. */
  readonly saved = new Map<string, Contents[]>();
  /** Counts what the runs have reached, to show that they are not empty. */
  readonly reached = new Map<string, number>();
  readonly #settings: Settings;
  /** Whether somebody has asked since that moment for the end of a session: then it does not start again. */
  readonly #foreign: boolean;
  readonly #endAsked: (id: string, since: number) => boolean;
  #seq = 0;

  /** `foreign`: agents are the user's, and say what they like. */
  constructor(settings: Settings, endAsked: (id: string, since: number) => boolean, foreign: boolean) {
    this.#settings = settings;
    this.#endAsked = endAsked;
    this.#foreign = foreign;
  }

  get newestSeq(): number {
    return this.#seq;
  }

  /** How many registered sessions have each status, as `stats()` must count them. */
  counts(): Record<SessionStatus, number> {
    const counts = { initializing: 0, active: 0, idle: 0, terminating: 0, terminated: 0 };
    for (const { status } of this.live.values()) counts[status] += 1;
    return counts;
  }

  note(what: string): void {
    this.reached.set(what, (this.reached.get(what) ?? 0) + 1);
  }

  /** The contents that a save of this session, asked for now, may keep. */
  remember(id: string): void {
    const contents = this.live.get(id)?.contents;
    if (contents) this.saved.set(id, [...(this.saved.get(id) ?? []), ...contents]);
  }

  observe(event: SessionEvent, moment: number, generation: number, nowMs: number): void {
    this.trace.push({ event, moment, generation });
    if (event.seq <= this.#seq) throw new Violation(10, `seq ${event.seq} after ${this.#seq}`);
    this.#seq = event.seq;
    if (event.type === 'gap') throw new Violation(10, 'a listener that was there from the start got a gap');
    if (event.type === 'session_created') this.#create(event, nowMs);
    else this.#apply(event, moment, generation, nowMs);
  }

  #create(event: Extract<PublishedEvent, { type: 'session_created' }>, nowMs: number): void {
    const { sessionId: id, metadata, seq, at } = event;
    if (this.live.has(id)) throw new Violation(2, `${id} was created while it was registered`);
    const known = [...this.ended, ...this.live.values()].some((life) => life.metadata.mark === metadata.mark);
    const contents = known ? [...(this.saved.get(id) ?? [])] : [{ messages: [], files: [] }];
    this.note(known ? 'restored' : 'created');
    this.live.set(id, {
      id,
      createdSeq: seq,
      metadata,
      status: 'initializing',
      reason: undefined,
      contents,
      restarting: undefined,
      restarts: 0,
      deaths: [],
      restartedAt: [],
      endedAt: Number.POSITIVE_INFINITY,
      lastActivityAt: at,
      activeSince: at,
      used: { atMs: 0, generation: 0, stored: false },
      heardAtMs: nowMs,
    });
  }

  #apply(
    event: Exclude<PublishedEvent, { type: 'session_created' }>,
    moment: number,
    generation: number,
    nowMs: number,
  ): void {
    const life = this.live.get(event.sessionId);
    if (!life) throw new Violation(1, `${event.type} of ${event.sessionId}, which is not registered`);
    if (isActivity(event)) life.lastActivityAt = event.at;
    if (isActivity(event) || (event.type === 'session_status' && event.status === 'active'))
      life.heardAtMs = nowMs;
    switch (event.type) {
      case 'session_status':
        this.#status(life, event, moment);
        break;
      case 'session_crashed':
        // It was decided when it was written, and may be told later.
        this.#crash(life, event.restarting ? moment : undefined, generation, Date.parse(event.at));
        break;
      case 'session_terminated':
        this.#end(life, event.reason, moment);
        break;
      case 'agent_status':
        if (!this.#foreign) checkOwner(event.status, life.id);
        break;
      case 'llm_response':
        if (!this.#foreign) checkOwner(event.content, life.id);
        break;
      default:
        life.contents = life.contents.map((contents) => this.#fold(contents, event));
    }
  }

  #fold(contents: Contents, event: PublishedEvent): Contents {
    switch (event.type) {
      case 'conversation_added':
        return this.#add(contents, textOf(event.message.content));
      case 'conversation_cleared':
        return { ...contents, messages: [] };
      case 'file_added':
        return addFile(contents, event.path);
      case 'file_removed':
        return { ...contents, files: contents.files.filter((path) => path !== event.path) };
      default:
        return contents;
    }
  }

  #status(life: Life, event: Extract<PublishedEvent, { type: 'session_status' }>, moment: number): void {
    const { status, previousStatus, reason } = event;
    const edge = `${previousStatus} → ${status}`;
    if (previousStatus !== life.status)
      throw new Violation(1, `${edge} of ${life.id}, which is ${life.status}`);
    const restart =
      previousStatus === 'terminated' && status === 'initializing' && life.restarting !== undefined;
    if (!restart && !EDGES[previousStatus].includes(status)) throw new Violation(1, `${edge} of ${life.id}`);
    this.note(edge);
    if (status === 'terminated' || status === 'terminating') this.note(`ended ${reason}`);
    if (status === 'terminated') life.reason = reason;
    if (restart) {
      const pause = Date.parse(event.at) - (life.deaths.at(-1)?.atMs ?? 0);
      if (pause < this.#settings.backoffMs)
        throw new Violation(9, `${life.id} starts again after ${pause} ms`);
      life.restarting = undefined;
      life.restarts += 1;
      life.restartedAt.push(moment);
    }
    if (status === 'active' && life.restarting !== undefined)
      throw new Violation(1, `${life.id} is active, and was to start again first`);
    if (status === 'active' && previousStatus === 'initializing') life.activeSince = event.at;
    life.status = status;
  }

  #crash(life: Life, restarting: number | undefined, generation: number, nowMs: number): void {
    const { maxRestarts, withinMs, restart } = this.#settings;
    if (life.restarting !== undefined && life.status === 'initializing')
      throw new Violation(9, `${life.id} fails to start while it waits to start again`);
    const recent = life.deaths.filter(
      (death) => death.generation === generation && nowMs - death.atMs <= withinMs,
    );
    this.note(restarting !== undefined ? 'crashed, restarting' : 'crashed for good');
    if (restarting !== undefined && restart === 'temporary')
      throw new Violation(9, `${life.id} restarts, which is temporary`);
    if (restarting !== undefined && recent.length >= maxRestarts) {
      throw new Violation(9, `${life.id} restarts ${recent.length + 1} times within ${withinMs} ms`);
    }
    // Deaths seen by an earlier manager may still count, so only a life of one manager is owed its restart.
    const foreign = life.deaths.some((death) => death.generation !== generation);
    if (restarting === undefined && restart !== 'temporary' && !foreign && recent.length < maxRestarts) {
      throw new Violation(9, `${life.id} ends at ${recent.length} of ${maxRestarts} restarts`);
    }
    life.restarting = restarting;
    if (restarting !== undefined) life.deaths.push({ atMs: nowMs, generation });
  }

  #end(life: Life, reason: string, moment: number): void {
    const { id, status, restarting } = life;
    if (status !== 'terminated') throw new Violation(1, `session_terminated of ${id}, which is ${status}`);
    if (restarting !== undefined && !this.#endAsked(id, restarting)) {
      throw new Violation(1, `${id} was to start again and has ended instead`);
    }
    if (reason !== life.reason) {
      throw new Violation(1, `${life.id} is terminated as ${life.reason}, then announced as ${reason}`);
    }
    life.endedAt = moment;
    this.live.delete(life.id);
    this.ended.push(life);
  }

  /** Over a limit the oldest go first and the order stays. */
  #add(contents: Contents, text: string): Contents {
    const { maxMessages = 1000, maxTokens = 100_000 } = this.#settings.config;
    const messages = [...contents.messages, text].slice(-maxMessages);
    while (messages.reduce((sum, each) => sum + Math.ceil(each.length / 4), 0) > maxTokens) messages.shift();
    return { ...contents, messages };
  }
}

function checkOwner(text: string, id: string): void {
  if (ownerOf(text) !== id) throw new Violation(5, `an agent's event of ${id} says ${text}`);
}

function addFile(contents: Contents, path: string): Contents {
  if (contents.files.includes(path)) throw new Violation(10, `file_added for ${path}, which is there`);
  return { ...contents, files: [...contents.files, path] };
}

/** A write or an agent's event. A dispatch is activity too, but no event tells of it. */
function isActivity({ type }: PublishedEvent): boolean {
  return type !== 'session_status' && type !== 'session_crashed' && type !== 'session_terminated';
}
