import { checkInteger, checkOptions, checkString, invalidArgument } from '../check.ts';
import type { Engine } from '../engine.ts';
import { engineOf } from '../engine-of.ts';
import { checkSessionId } from '../ids.ts';
import type { SessionManager } from '../manager.ts';
import type { Fact } from '../session/facts.ts';
import { TRACE_FORMAT, TRACE_VERSION, type Trace } from '../testing/trace.ts';
import { treeOf } from './actor-tree.ts';
import { Charts } from './charts.ts';
import { Definitions } from './definitions.ts';
import { factEntry } from './fact-entry.ts';
import { Redaction } from './redaction.ts';
import { Reel, snapshotOf } from './reel.ts';

export interface RecordOptions {
  /** Only these. Default all, and the manager's own chart. */
  readonly sessions?: readonly string[];
  /** What the charts take and where they go, too. Costs time on every event of every chart. Default true. */
  readonly charts?: boolean;
  /** Entries held; the oldest go. Default 100,000. */
  readonly limit?: number;
  /** Paths whose values are not recorded, such as `metadata.apiKey`; see `Redaction`. */
  readonly redact?: readonly string[];
  /** The `subject` of the trace. Default `sessions`. */
  readonly name?: string;
}

export interface Recorder extends Disposable {
  /** What has been recorded by now, as a document of its own. After `stop` it stays as it was. */
  trace(): Trace;
  /** Lets go of the engine. What was recorded stays. */
  stop(): void;
}

const LIMIT = 100_000;
/** Sessions whose charts are written down in the beginning: of a large fleet they would fill the recording. */
const STANDING = 1_000;
const MAX_BYTES = 128 * 1024 * 1024;
const OPTIONS = ['sessions', 'charts', 'limit', 'redact', 'name'] as const;
const dispose: typeof Symbol.dispose =
  Symbol.dispose ?? (Symbol.for('Symbol.dispose') as typeof Symbol.dispose);

/**
 * Writes down what happens in a manager from now on, for the inspector or a bug report: facts, with all that they say,
 * and charts. It holds as much as `limit` says; what goes is folded into what the sessions held before the rest, so the
 * trace is whole at any time. The beginning takes time for all that the sessions in memory hold.
 *
 * Throws `INVALID_ARGUMENT` for a wrong option, and for what is no manager of this copy of chartroom.
 */
export function recordSessions(manager: SessionManager, options?: RecordOptions): Recorder {
  const recording = new SessionRecorder(manager, options);
  return Object.freeze({
    trace: () => recording.trace(),
    stop: () => recording.stop(),
    [dispose]: () => recording.stop(),
  });
}

class SessionRecorder {
  readonly #engine: Engine;
  readonly #reel: Reel;
  readonly #redaction: Redaction;
  readonly #definitions: Definitions;
  readonly #charts: Charts;
  readonly #name: string;
  readonly #wanted: ReadonlySet<string> | undefined;
  /** Of each session whose base or first fact the reel has: its last fact that is included. */
  readonly #begun = new Map<string, number>();
  readonly #startedAt: number;
  readonly #tap = (fact: Fact) => this.#heard(fact);

  constructor(manager: SessionManager, options: RecordOptions | undefined) {
    const {
      sessions,
      charts = true,
      limit = LIMIT,
      redact,
      name = 'sessions',
    } = checkOptions(options, 'options', OPTIONS);
    if (typeof charts !== 'boolean') throw invalidArgument('options.charts', 'true or false', charts);
    const engine = engineOf(manager);
    this.#engine = engine;
    this.#name = checkString(name, 'options.name');
    this.#reel = new Reel({ limit: checkInteger(limit, 'options.limit', { min: 1 }), maxBytes: MAX_BYTES });
    this.#redaction = new Redaction(redact);
    this.#wanted = sessions && checkSessions(sessions);
    this.#definitions = Definitions.of(engine.settings.agent);
    this.#startedAt = engine.time.now();
    const parts = { engine, root: manager.actor, definitions: this.#definitions, redaction: this.#redaction };
    this.#charts = new Charts(parts, {
      wants: (session) => charts && this.#wants(session),
      heard: (_, entry, bytes) => this.#reel.push(entry, bytes),
      spawned: (session) => this.#begin(session),
    });
    this.#takeStock(charts);
    engine.taps.add(this.#tap);
    // One that sleeps, or is not read yet, is met as it comes back: its chart is made before it does anything.
    const isRunning = manager.actor.getSnapshot().value === 'running';
    if (charts || !isRunning || engine.dormant.size > 0) this.#charts.attach();
  }

  stop(): void {
    this.#engine.taps.delete(this.#tap);
    this.#charts.detach();
  }

  trace(): Trace {
    return {
      format: TRACE_FORMAT,
      version: TRACE_VERSION,
      kind: 'recording',
      subject: this.#name,
      seed: 0,
      path: '',
      ...this.#reel.recording(this.#definitions.all()),
      steps: [{ words: 'recorded', atMs: this.#startedAt }],
      run: null,
    };
  }

  #wants(session: string | undefined): boolean {
    return this.#wanted === undefined || (session !== undefined && this.#wanted.has(session));
  }

  #takeStock(charts: boolean): void {
    if (charts && !this.#wanted) this.#push(this.#charts.standingManager());
    let left = charts ? STANDING : 0;
    for (const { state, chart } of this.#engine.registry.values()) {
      if (!this.#wants(state.id)) continue;
      this.#begin(state.id);
      if (!chart || left === 0) continue;
      left -= 1;
      for (const actor of treeOf(chart, state.id).keys()) this.#push(this.#charts.standing(actor));
    }
  }

  /** Of one that is there already, what it holds before its next fact. */
  #begin(id: string): void {
    if (this.#begun.has(id) || !this.#wants(id)) return;
    const { registry, journal } = this.#engine;
    const state = registry.get(id)?.state;
    // One that is being created has its first fact yet to be told.
    if (!state || state.seq > journal.publishedSeq) return;
    this.#begun.set(id, state.sessionSeq);
    this.#reel.begin(id, this.#redaction.snapshot(snapshotOf(state)));
  }

  #heard(fact: Fact): void {
    const { sessionId: id, sessionSeq, type } = fact;
    if (!this.#wants(id)) return;
    // Of one that woke unseen the base is what it holds by now, with this fact in it.
    if (type !== 'session_created') this.#begin(id);
    if (sessionSeq <= (this.#begun.get(id) ?? 0)) return;
    if (type === 'session_terminated') this.#begun.delete(id);
    else this.#begun.set(id, sessionSeq);
    this.#push(factEntry(fact, this.#engine.time.now(), this.#redaction));
  }

  #push(made: { readonly entry: Parameters<Reel['push']>[0]; readonly bytes: number } | undefined): void {
    if (made) this.#reel.push(made.entry, made.bytes);
  }
}

function checkSessions(sessions: readonly string[]): ReadonlySet<string> {
  if (!Array.isArray(sessions)) throw invalidArgument('options.sessions', 'an array of ids', sessions);
  return new Set(sessions.map((id) => checkSessionId(id)));
}
