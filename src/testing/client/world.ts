/** One run's world: the client under test, the ports it is given, and everything that is recorded of it. */
import type { SessionEvent } from '../../events/types.ts';
import type { SessionStore } from '../../store/port.ts';
import type { Roster } from './agent.ts';
import { AgentMemory } from './agent-memory.ts';
import { invoke } from './calls.ts';
import { adoptUntold } from './crash.ts';
import type { Stats } from './env.ts';
import type { HookRuns } from './hooks.ts';
import { Ledger, type Operation, type Origin } from './ledger.ts';
import { Medium } from './medium.ts';
import { type Life, Model } from './model.ts';
import { awaitReady } from './opening.ts';
import { Disk, Gates, TestClock, turn } from './ports.ts';
import { Process } from './process.ts';
import type { Call, Settings } from './scenario.ts';
import { checkSettled } from './settlement.ts';
import { type Client, type Subject, writesItself } from './subject.ts';
import { Tape } from './tape.ts';
import { Violation } from './violation.ts';
import { DeliveryOrder, type Watch } from './watch.ts';
import { type Addition, listen, STANDING_LISTENERS } from './witness.ts';

export interface Made {
  readonly id: string;
  readonly call: Call;
  /** Of a call from inside a hook or an agent. */
  readonly origin?: Origin | undefined;
  readonly process?: Process;
  readonly run: (operation: Operation) => Promise<unknown>;
}

export class World {
  readonly subject: Subject;
  readonly settings: Settings;
  readonly tape = new Tape(() => this.clock.now());
  readonly gates: Gates;
  readonly disk: Disk;
  readonly medium: Medium;
  readonly ledger = new Ledger(this.tape);
  readonly agents = new AgentMemory();
  readonly deliveries = new DeliveryOrder();
  readonly model: Model;
  readonly watches: Watch[] = [];
  /** Sessions whose file index has ever held something. */
  readonly indexed = new Set<string>();
  /** Sessions whose working context has. */
  readonly valued = new Set<string>();
  readonly violations: Violation[] = [];
  /** Every message that was added, by its text. */
  readonly additions = new Map<string, Addition[]>();
  /** Events that the user's own code brought about, by `seq`. */
  readonly foreign = new Set<number>();
  readonly foreignTexts = new Set<string>();
  /** Every message that was told of, its session and then itself as JSON text. */
  readonly messages = new Set<string>();
  /** What the listener after the throwing one saw. */
  readonly bystander: SessionEvent[] = [];
  /** Sessions that this manager was asked for after their end. */
  readonly seenGone = new Set<Life>();
  /** When each later manager was opened, in logical time. */
  readonly reopenings: number[] = [];
  /** When the store refused something, in logical time. */
  readonly hits: number[] = [];
  /** Sessions whose rows cannot be read any more, and since when in logical time. */
  readonly setAside = new Map<string, number>();
  /** Calls that were under way when an append failed of which nobody knows what it left. */
  readonly uncertain = new Set<Operation>();
  unsure = false;
  /** The processes whose manager did not get at the store, by generation. */
  readonly unopened = new Set<number>();
  /** Processes that died. */
  readonly dead: Process[] = [];
  /** Clocks of the dead that go on. */
  readonly haunted: TestClock[] = [];
  reactions = 0;
  /** Nothing is under way any more, and what failed has had its time to be tried again. */
  atRest = false;
  clock: TestClock;
  process: Process;
  readonly #starts = new Map<string, number>();
  #generatedIds = 0;

  private constructor(subject: Subject, inner: SessionStore, schedule: number, settings: Settings) {
    this.subject = subject;
    this.settings = settings;
    this.clock = new TestClock(settings.startsAt);
    this.gates = new Gates(schedule, this.tape);
    this.disk = new Disk(this.gates);
    this.model = new Model(settings, (id, since) => this.#endAsked(id, since), writesItself(subject));
    this.medium = new Medium({
      inner,
      kind: settings.store,
      gates: new Gates(schedule + 1, this.tape),
      tape: this.tape,
      events: {
        hit: () => this.hits.push(this.ledger.moment()),
        uncertain: () => {
          this.unsure = true;
          for (const operation of this.ledger.unsettled()) this.uncertain.add(operation);
        },
        violated: (violation) => this.fail(violation),
      },
    });
    this.process = new Process(this, undefined);
  }

  /** A world with its first process. */
  static async begin(subject: Subject, schedule: number, settings: Settings): Promise<World> {
    const { retainEvents } = settings;
    const world = new World(subject, await subject.createStore({ retainEvents }), schedule, settings);
    const opening = world.#open();
    if (opening) await opening;
    return world;
  }

  /** Opens a client on the store; a store that was used before brings its sessions back. */
  reopen(): void | Promise<void> {
    this.reopenings.push(this.ledger.moment());
    this.seenGone.clear();
    this.process = new Process(this, this.process);
    return this.#open();
  }

  #open(): void | Promise<void> {
    const { process } = this;
    const unreadable = [...this.setAside.keys()].sort();
    const stored = this.medium.sessions.size - unreadable.length;
    const opened = this.ledger.moment();
    const opening = process.open(this.subject);
    const follow = (late: boolean): void => {
      // What happened before anybody could listen has happened all the same.
      if (late) adoptUntold(this);
      // One that took its time to be made may have failed to get at its store by then.
      if (!this.#listens(process, opened)) return;
      awaitReady(this, process, { unreadable, stored, opened });
    };
    if (!opening) return follow(false);
    return opening.then(
      () => follow(true),
      (error) => this.#openAgain(error, opened),
    );
  }

  /** A factory that waits until its client is ready has no client when the store refuses; the next one goes well. */
  #openAgain(error: unknown, opened: number): void | Promise<void> {
    if (!this.refusedSince(opened)) throw error;
    this.medium.heal();
    this.process.connection.release();
    return this.reopen();
  }

  #listens(process: Process, opened: number): boolean {
    try {
      listen(this, process);
      return true;
    } catch (error) {
      if (!this.refusedSince(opened)) throw error;
      process.phase = 'refused';
      this.unopened.add(process.generation);
      return false;
    }
  }

  get manager(): Client {
    return this.process.manager;
  }

  get roster(): Roster {
    return this.process.roster;
  }

  get hooks(): HookRuns {
    return this.process.hooks;
  }

  get generation(): number {
    return this.process.generation;
  }

  /** Between a crash and the recovery after it. */
  get down(): boolean {
    return this.process.dead;
  }

  /** No manager takes calls. */
  get closed(): boolean {
    return this.down || this.process.closing !== undefined;
  }

  /** The store has answered all that it was asked. */
  get still(): boolean {
    return this.medium.gates.waiting() === 0 && (this.stats?.journalLag ?? 0) === 0;
  }

  /** What the client counts itself, where it does. */
  get stats(): Stats | undefined {
    return this.subject.abilities.stats ? this.manager.stats?.() : undefined;
  }

  /** How many sessions are stored and not in memory. */
  get asleep(): number {
    return this.stats?.asleep ?? 0;
  }

  /** Some answers of the store take their time: by its nature, or because it refused late. */
  get slow(): boolean {
    return this.medium.kind !== 'memory' || this.medium.deferred || this.hits.length > 0;
  }

  refusedSince(moment: number, until = Number.POSITIVE_INFINITY): boolean {
    return this.hits.some((hit) => moment <= hit && hit <= until);
  }

  /** The store has refused something that the present process asked of it. */
  get hurt(): boolean {
    return this.refusedSince(this.reopenings.at(-1) ?? 0);
  }

  /** How many listeners the engine must be holding. */
  get listeners(): number {
    return this.closed ? 0 : STANDING_LISTENERS + this.openWatches(false).length;
  }

  openWatches(streams: boolean): Watch[] {
    return this.watches.filter(
      (watch) =>
        watch.stream === streams &&
        watch.until === null &&
        !watch.ended &&
        watch.generation === this.generation,
    );
  }

  /** Lets all run that needs neither a gate nor the clock; what is due at once is due now. */
  async turn(): Promise<void> {
    await this.#settleDown();
    for (let step = 0; step < this.settings.pace && this.medium.gates.waiting() > 0; step += 1) {
      await this.medium.gates.releaseOne();
      await this.#settleDown();
    }
  }

  async #settleDown(): Promise<void> {
    await this.#turn();
    this.clock.advance(0);
    await this.#turn();
    // What is gathered for a slow store goes to it in a turn of its own.
    if (!this.slow) return;
    for (let n = 0; n < 4; n += 1) await this.#turn();
  }

  async #turn(): Promise<void> {
    await turn();
    if (this.medium.inFlight > 0) await this.medium.answered();
  }

  advance(ms: number): void {
    this.clock.advance(ms);
    for (const clock of this.haunted) clock.advance(ms);
  }

  /** The outcome, with the store's help and nobody else's. */
  async withStore<R>(promise: Promise<R>): Promise<R> {
    let settled = false;
    const done = () => {
      settled = true;
    };
    // What needs no turn of the event loop gets none: in the next one something else may have changed.
    await Promise.race([promise.then(done, done), turn()]);
    for (let quiet = 0; !settled && quiet < MOST_QUIET_TURNS; quiet += 1) {
      await this.#turn();
      if (settled || this.medium.gates.waiting() === 0) continue;
      quiet = 0;
      await this.medium.gates.releaseOne();
    }
    if (!settled)
      throw new Violation(11, 'a call waits for neither a hook nor the store, and does not settle');
    return promise;
  }

  /** A look-up that the run itself makes; it is part of the history like any other. */
  async ask(id: string, call: Call): Promise<void> {
    const { manager, generation } = this;
    const start = { id, call, inside: false, generation, nowMs: this.clock.now() };
    await this.ledger.start(start, (operation) => invoke(manager, operation, false));
  }

  /** The present incarnation of a session. */
  originOf(id: string): Origin | undefined {
    const life = this.model.live.get(id);
    return life && { life, restarts: life.restarts, generation: this.generation };
  }

  /** Starts a call; how it settles is recorded, not awaited. */
  call(id: string, call: Call, viaHandle = false): void {
    const { manager } = this;
    if (!this.down) this.record({ id, call, run: (operation) => invoke(manager, operation, viaHandle) });
  }

  /** What a dead process still tries is no part of the history. */
  record({ id, call, origin, process = this.process, run }: Made): void {
    const inside = origin !== undefined;
    const start = { id, call, inside, generation: this.generation, nowMs: this.clock.now() };
    if (process.dead) {
      this.ledger.haunt(start, run);
      return;
    }
    if (call.kind === 'save') this.model.remember(id);
    if (call.kind === 'updateIndex') this.indexed.add(id);
    if (call.kind === 'put') this.valued.add(id);
    this.ledger.start({ ...start, ...(origin && { origin }) }, run).then(
      (operation) => this.watchFor(() => checkSettled(this, operation)),
      (error) => this.fail(error),
    );
  }

  /** A failure inside a callback, kept until the run looks. */
  fail(error: unknown): void {
    this.violations.push(
      error instanceof Violation ? error : new Violation(23, `the run itself failed: ${String(error)}`),
    );
  }

  close(): void {
    if (this.closed) return;
    const { process } = this;
    const watches = [...this.openWatches(true), ...this.openWatches(false)];
    // What is under way when `close` is called may still be told until it resolves.
    const closing = process.manager.close().then(() => {
      for (const watch of watches) watch.until ??= this.model.trace.length;
    });
    process.closing = closing;
    this.record({ id: '', call: { kind: 'close' }, run: () => closing });
  }

  /** Lets go of what the run has opened, wherever it was stopped. */
  abandon(): void {
    this.process.phase = 'dead';
    this.process.connection.release();
  }

  nextId(): string {
    this.#generatedIds += 1;
    return `generated-${this.#generatedIds}`;
  }

  forgetStarts(id: string): void {
    this.#starts.delete(id);
  }

  /** Whether the agent that is starting is one of the brittle ones. */
  startFails(id: string): boolean {
    const starts = (this.#starts.get(id) ?? 0) + 1;
    this.#starts.set(id, starts);
    const brittle = this.model.live.get(id)?.metadata.brittle;
    return typeof brittle === 'number' && starts <= brittle;
  }

  /** A terminate that is under way takes a planned restart back; a kill does so if it came after the plan. */
  #endAsked(id: string, since: number): boolean {
    return this.ledger.operations.some(
      ({ call, id: ended, outcome, began, ended: at = Number.POSITIVE_INFINITY }) =>
        ended === id &&
        ((call.kind === 'terminate' && at > since) || (call.kind === 'kill' && began > since)) &&
        (outcome === undefined || outcome.ok || CUT_SHORT.includes(outcome.code)),
    );
  }

  /** What is thrown inside somebody's callback would be lost there. */
  watchFor(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.fail(error);
    }
  }
}

/** An end that was asked for, and may come all the same. */
const CUT_SHORT: readonly string[] = ['MANAGER_CLOSED', 'STORE_FAILED'];
/** In which nothing happens, before a call counts as stuck. */
const MOST_QUIET_TURNS = 20;
