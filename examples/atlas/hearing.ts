import type { SessionClient, SessionEvent } from 'chartroom';
import type { Board, PublishedEvent } from './board.ts';
import { JOB_ID } from './job.ts';
import type { Ledger } from './ledger.ts';
import { Repeats } from './repeats.ts';

export interface HearingOptions {
  readonly ledger: Ledger;
  readonly board: Board;
  /** The newest fact of the runs before this one, 0 when there is none. */
  readonly since: number;
  /** Called for what this run brings, once the board shows it. */
  onChange(event: PublishedEvent): void;
}

/** The runs before this one, and how long they took together, as far as their events tell. */
export interface Earlier {
  readonly runs: number;
  readonly elapsedMs: number;
}

/**
 * Hears all sessions, from their beginning: first what the store kept of earlier runs, then what happens. Others ask
 * it what has happened, and wait for what has not.
 */
export class Hearing {
  readonly #options: HearingOptions;
  readonly #repeats = new Repeats();
  readonly #answered = new Set<string>();
  readonly #failed = new Map<string, string>();
  readonly #ended = new Set<string>();
  /** The same, by those who listen to one session alone. */
  readonly #heardEnd = new Set<string>();
  readonly #waiting = new Map<string, Array<() => void>>();
  /** What happens while the past is still being read; undefined from {@link goLive} on. */
  #later: PublishedEvent[] | undefined = [];
  /** Those before this one. */
  readonly #runs: Array<{ readonly startMs: number; endMs: number }> = [];

  /** Listens from now on, so that nothing is missed of agents that go on by themselves. */
  constructor(manager: SessionClient<never>, options: HearingOptions) {
    this.#options = options;
    manager.subscribeToAllSessions((event) => {
      if (event.type === 'gap') return;
      if (this.#later) this.#later.push(event);
      else this.#take(event);
    });
  }

  get earlier(): Earlier {
    return {
      runs: this.#runs.length,
      elapsedMs: this.#runs.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0),
    };
  }

  /** Reads what earlier runs left. This run must have had an event by then: the past ends with it. */
  async recall(manager: SessionClient<never>): Promise<void> {
    for await (const event of manager.events({ from: 0 })) {
      if (event.seq > this.#options.since || event.type === 'gap') break;
      this.#take(event);
    }
  }

  /** From now on what happens is heard at once: before the call that made it happen resolves. */
  goLive(): void {
    const later = this.#later ?? [];
    this.#later = undefined;
    for (const event of later) this.#take(event);
  }

  /** Hears one session on its own, past and present. */
  listenTo(manager: SessionClient<never>, id: string): void {
    const heard = this.#options.ledger.heard.get(id) ?? [];
    const hear = (event: SessionEvent) => {
      if (event.type !== 'gap') heard.push(event);
      if (event.type !== 'session_terminated') return;
      this.#heardEnd.add(id);
      this.#wake(id);
    };
    manager.subscribeToSession(id, hear, { from: 0 });
  }

  hasAnswered(turnId: string): boolean {
    return this.#answered.has(turnId);
  }

  hasEnded(id: string): boolean {
    return this.#ended.has(id);
  }

  /** Resolves with the answer's end, or that of its session. Throws when this run sees the librarian fail. */
  async answer(id: string, turnId: string): Promise<void> {
    while (!this.#answered.has(turnId) && !this.#ended.has(id)) {
      const failure = this.#failed.get(turnId);
      if (failure !== undefined) throw new Error(`${id} could not answer: ${failure}`);
      await this.#change(id);
    }
  }

  /** Resolves once the session has ended for everyone who listens. */
  async end(id: string): Promise<void> {
    while (!this.#ended.has(id) || !this.#heardEnd.has(id)) await this.#change(id);
  }

  #take(event: PublishedEvent): void {
    const { ledger, board, since, onChange } = this.#options;
    if (event.seq <= since) this.#clock(event);
    if (event.sessionId === JOB_ID) return;
    ledger.events.push(event);
    if (!this.#repeats.isRepeat(event)) {
      ledger.news.push(event);
      board.apply(event);
      if (event.seq > since) onChange(event);
    }
    if (event.type === 'llm_response') this.#answered.add(event.turnId);
    if (event.type === 'session_terminated') this.#ended.add(event.sessionId);
    if (event.type === 'agent_status' && event.status === 'failed' && event.seq > since)
      this.#failed.set(event.turnId ?? '', event.message ?? 'it did not say why');
    this.#wake(event.sessionId);
  }

  /** An earlier run began with a message to the job's own session, and lasted until its newest event. */
  #clock(event: PublishedEvent): void {
    const atMs = Date.parse(event.at);
    if (event.sessionId === JOB_ID && event.type === 'conversation_added')
      this.#runs.push({ startMs: atMs, endMs: atMs });
    const run = this.#runs.at(-1);
    if (run) run.endMs = atMs;
  }

  #change(id: string): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(id) ?? [];
      this.#waiting.set(id, waiting);
      waiting.push(resolve);
    });
  }

  #wake(id: string): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    for (const resolve of waiting) resolve();
  }
}
