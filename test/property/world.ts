/** One run's world: the engine under test, the ports it is given, and everything that is recorded of it. */
import type { SessionStatus } from '../../src/data.ts';
import type { SessionEvent } from '../../src/events/types.ts';
import type { SessionStore } from '../../src/store/port.ts';
import { type AgentLogic, agentLogic, Roster } from './agent.ts';
import { invoke } from './calls.ts';
import { checkCause } from './causes.ts';
import type { Engine, Manager } from './engine.ts';
import { checkHooks, HookRuns, hooksOf, writeFromAgent } from './hooks.ts';
import { Ledger, type Operation, type Origin } from './ledger.ts';
import { Model } from './model.ts';
import { Disk, Gates, TestClock, turn } from './ports.ts';
import { react } from './reactions.ts';
import type { Call, Settings } from './scenario.ts';
import { checkSettled } from './settlement.ts';
import { Violation } from './violation.ts';
import { DeliveryOrder, type Watch } from './watch.ts';

/** One `conversation_added`, and where its session stood. */
export interface Addition {
  readonly seq: number;
  readonly sessionId: string;
  readonly status: SessionStatus;
  /** Written by a hook or an agent. */
  readonly inside: boolean;
}

/** Listeners that the world itself adds to each manager: the observer, one that always throws, one after it. */
const STANDING_LISTENERS = 3;

export class World {
  readonly settings: Settings;
  readonly clock: TestClock;
  readonly gates: Gates;
  readonly disk: Disk;
  readonly ledger = new Ledger();
  readonly roster = new Roster();
  readonly hooks = new HookRuns();
  readonly deliveries = new DeliveryOrder();
  readonly model: Model;
  readonly watches: Watch[] = [];
  /** Sessions whose file index has ever held something. */
  readonly indexed = new Set<string>();
  readonly violations: Violation[] = [];
  readonly store: SessionStore;
  /** Every message that was added, by its text. */
  readonly additions = new Map<string, Addition[]>();
  /** What the listener after the throwing one saw. */
  readonly bystander: SessionEvent[] = [];
  generation = 0;
  /** When each later manager was opened, in logical time. */
  readonly reopenings: number[] = [];
  reactions = 0;
  closing: Promise<void> | undefined;
  manager!: Manager;
  readonly #engine: Engine;
  readonly #starts = new Map<string, number>();
  #generatedIds = 0;

  constructor(engine: Engine, schedule: number, settings: Settings) {
    this.#engine = engine;
    this.settings = settings;
    this.clock = new TestClock(settings.startsAt);
    this.gates = new Gates(schedule);
    this.disk = new Disk(this.gates);
    this.model = new Model(settings, (id, since) => this.#endAsked(id, since));
    this.store = engine.memoryStore({ retainEvents: settings.retainEvents });
    this.open();
  }

  /** Opens a manager on the store; a store that was used before brings its sessions back. */
  open(): void {
    const { settings } = this;
    this.generation += 1;
    if (this.generation > 1) this.reopenings.push(this.ledger.moment());
    this.closing = undefined;
    this.manager = this.#engine.createSessionManager({
      store: this.store,
      clock: this.clock,
      supervision: {
        restart: settings.restart,
        maxRestarts: settings.maxRestarts,
        withinMs: settings.withinMs,
        backoffMs: settings.backoffMs,
      },
      timeouts: { initializeMs: settings.initializeMs, terminateMs: settings.terminateMs },
      sessionDefaults: settings.config,
      limits: {
        ...(settings.maxSessions !== null && { maxSessions: settings.maxSessions }),
        ...(settings.maxPending !== null && { maxPending: settings.maxPending }),
      },
      ...(settings.hooks && { hooks: hooksOf(this) }),
      ...(settings.files && { files: this.disk }),
      ...(settings.agent && { agent: this.#agent() }),
      generateId: () => {
        this.#generatedIds += 1;
        return `generated-${this.#generatedIds}`;
      },
      logger: () => {},
    });
    this.#listen(this.generation);
  }

  get closed(): boolean {
    return this.closing !== undefined;
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
    await turn();
    this.clock.advance(0);
    await turn();
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
    this.record(id, call, undefined, (operation) => invoke(manager, operation, viaHandle));
  }

  record(
    id: string,
    call: Call,
    origin: Origin | undefined,
    run: (operation: Operation) => Promise<unknown>,
  ): void {
    const inside = origin !== undefined;
    const start = { id, call, inside, generation: this.generation, nowMs: this.clock.now() };
    if (call.kind === 'save') this.model.remember(id);
    if (call.kind === 'updateIndex') this.indexed.add(id);
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
    const { manager } = this;
    const watches = [...this.openWatches(true), ...this.openWatches(false)];
    // What is under way when `close` is called may still be told until it resolves.
    const closing = manager.close().then(() => {
      for (const watch of watches) watch.until ??= this.model.trace.length;
    });
    this.closing = closing;
    this.record('', { kind: 'close' }, undefined, () => closing);
  }

  async reopen(): Promise<void> {
    this.close();
    await this.settleClosed();
    this.open();
  }

  /** Closing needs nobody's help: no hook, no reader, no clock. */
  async settleClosed(): Promise<void> {
    await turn();
    await turn();
    const open = this.ledger.unsettled().filter((operation) => !operation.inside);
    const [first] = open;
    if (first) throw new Violation(11, `close left ${first.call.kind} ${first.id} unsettled`);
    const [agent] = this.roster.ids();
    if (agent !== undefined) throw new Violation(3, `the agent of ${agent} outlives its manager`);
    if (this.clock.timers > 0) throw new Violation(14, `close left ${this.clock.timers} timers`);
    await this.#checkStored();
  }

  /** What is stored is what is registered: a terminated session leaves nothing behind. */
  async #checkStored(): Promise<void> {
    const lease = await this.store.open({ owner: 'reader' });
    const stored: string[] = [];
    for (const { id } of await lease.heads()) stored.push(id);
    await lease[Symbol.asyncDispose]();
    const registered = [...this.model.live.keys()].sort();
    if (JSON.stringify(stored.sort()) !== JSON.stringify(registered)) {
      throw new Violation(8, `stored are [${stored}], registered are [${registered}]`);
    }
  }

  #listen(generation: number): void {
    const { manager } = this;
    manager.subscribeToAllSessions((event) => this.watchFor(() => this.#observe(event, generation)));
    manager.subscribeToAllSessions(() => {
      throw new Error('a listener that always throws');
    });
    manager.subscribeToAllSessions((event) => {
      this.bystander.push(event);
      react(this, event);
    });
  }

  /** A terminate that is under way takes a planned restart back; a kill does so if it came after the plan. */
  #endAsked(id: string, since: number): boolean {
    return this.ledger.operations.some(
      ({ call, id: ended, outcome, began, ended: at = Number.POSITIVE_INFINITY }) =>
        ended === id &&
        ((call.kind === 'terminate' && at > since) || (call.kind === 'kill' && began > since)) &&
        (outcome === undefined || outcome.ok || outcome.code === 'MANAGER_CLOSED'),
    );
  }

  #noteAddition({ message, sessionId, seq }: Extract<SessionEvent, { type: 'conversation_added' }>): void {
    const text = String(message.content);
    const status = this.model.live.get(sessionId)?.status ?? 'terminated';
    const inside = this.ledger.operations.some((operation) => operation.text === text && operation.inside);
    const addition: Addition = { seq, sessionId, status, inside };
    this.additions.set(text, [...(this.additions.get(text) ?? []), addition]);
  }

  #observe(event: SessionEvent, generation: number): void {
    if (event.type === 'session_created') this.#starts.delete(event.sessionId);
    checkCause(this, event);
    checkHooks(this, event);
    const before = JSON.stringify(this.model.counts());
    this.model.observe(event, this.ledger.moment(), generation, this.clock.now());
    if (!this.closed) this.#checkShown(event, before);
    if (event.type === 'conversation_added') this.#noteAddition(event);
    this.#rememberForSaves(event.sessionId);
  }

  /** When an event is delivered, a look-up shows its effect: never what was before it. */
  #checkShown(event: SessionEvent, before: string): void {
    const after = JSON.stringify(this.model.counts());
    const found = JSON.stringify(this.manager.stats().sessions);
    // A restart that fails and the next one are one decision, which leaves the counts as they were.
    const again = this.model.live.get(event.sessionId ?? '')?.restarting !== undefined;
    if (before !== after && found === before && !again) {
      throw new Violation(10, `${event.type} ${event.seq} is told, and stats() still says ${before}`);
    }
  }

  /** What is thrown inside somebody's callback would be lost there. */
  watchFor(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.fail(error);
    }
  }

  #rememberForSaves(id: string | undefined): void {
    if (id === undefined) return;
    const saving = this.ledger
      .unsettled()
      .some(({ call, id: saved }) => call.kind === 'save' && saved === id);
    if (saving) this.model.remember(id);
  }

  #agent(): AgentLogic {
    return agentLogic(this.roster, {
      onStart: (id) => {
        const starts = (this.#starts.get(id) ?? 0) + 1;
        this.#starts.set(id, starts);
        const brittle = this.model.live.get(id)?.metadata.brittle;
        if (typeof brittle !== 'number' || starts > brittle) return;
        this.roster.fault(id);
        throw new Error(`agent of ${id} does not start`);
      },
      write: (input) => writeFromAgent(this, input),
      job: (id) => this.gates.wait(`job of ${id}`),
    });
  }
}
