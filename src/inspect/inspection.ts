import { checkOptions } from '../check.ts';
import type { Clock } from '../clock.ts';
import type { Engine } from '../engine.ts';
import { engineOf } from '../engine-of.ts';
import type { SessionManager } from '../manager.ts';
import type { Fact } from '../session/facts.ts';
import { Actions } from './actions.ts';
import { Definitions } from './definitions.ts';
import { Fleet, type FleetUpdate } from './fleet.ts';
import type { AppSource } from './looked.ts';
import { Looks } from './looks.ts';
import type {
  ActionName,
  ActionRequest,
  InspectorMessage,
  ViewerChannel,
  ViewerMessage,
} from './protocol.ts';
import { type Recorder, recordSessions } from './recorder.ts';
import { Redaction } from './redaction.ts';
import { checkAllowed, readMessage, refusalOf, requestOf } from './requests.ts';
import { Viewer } from './viewer.ts';

export interface InspectionOptions {
  /** What viewers may do beside looking. Default nothing. */
  readonly allow?: readonly ActionName[] | undefined;
  /** Paths whose values are not shown, such as `metadata.apiKey`; see `Redaction`. Default none. */
  readonly redact?: readonly string[] | undefined;
  /** Other XState apps. */
  readonly apps?: AppSource | undefined;
  /** Where its turns come from. Default the system's timers, which do not keep the process alive. */
  readonly clock?: Clock | undefined;
  /** Of chartroom, as `hello` says it. */
  readonly version?: string | undefined;
}

/** What a viewer's transport tells the inspection. */
export interface ViewerConnection {
  /** A message, or its JSON text. What is wrong with it is answered. Never throws. */
  receive(message: unknown): void;
  /** The transport has gone: the channel is not touched any more. */
  close(): void;
}

/** Changes are told ten times a second at most. */
const TURN_MS = 100;
/** What makes no fact is looked at every so many turns, which is at most four times a second. */
const TURNS_PER_DETAIL = 3;
const TURNS_PER_PULSE = 10;
/** A viewer that takes nothing for so long is let go. */
const STUCK_MS = 30_000;
const MAX_LOOKS = 32;
const MAX_ACTING = 64;
const OPTIONS = ['allow', 'redact', 'apps', 'clock', 'version'] as const;

/** Timers that a process does not wait for. */
const idleClock: Clock = {
  now: () => Date.now(),
  setTimeout: (fn, ms) => {
    const timer: unknown = globalThis.setTimeout(fn, ms);
    (timer as { unref?(): void }).unref?.();
    return timer;
  },
  clearTimeout: (timer) => globalThis.clearTimeout(timer as ReturnType<typeof globalThis.setTimeout>),
};

/** What is there while somebody looks. */
interface Watch {
  readonly fleet: Fleet;
  readonly looks: Looks;
  /** Facts since the last pulse, by type. */
  facts: Record<string, number>;
  turn: number;
  timer: unknown;
}

/**
 * Looks at one manager, for any number of viewers. It attaches to the engine with the first and lets go of it with the
 * last; before and after it costs nothing. A viewer can look and, where that is allowed, act; it can wait for nothing
 * that would hold the engine up, and whatever it sends, the engine gets only what has been checked.
 */
export class Inspection {
  readonly #manager: SessionManager;
  readonly #engine: Engine;
  readonly #redaction: Redaction;
  readonly #definitions: Definitions;
  readonly #allowed: readonly ActionName[];
  readonly #actions: Actions;
  readonly #apps: AppSource | undefined;
  readonly #clock: Clock;
  readonly #version: string;
  readonly #viewers = new Set<Viewer>();
  readonly #tap = (fact: Fact) => this.#heard(fact);
  /** Tells of the manager's end. */
  readonly #end: { unsubscribe(): void };
  #watch: Watch | undefined;
  /** Goes on until it is asked for, also while no viewer is there: a page that is reloaded finds it again. */
  #recorder: Recorder | undefined;
  /** Why nobody can look any more. */
  #closed: string | undefined;

  /** Throws `INVALID_ARGUMENT` for a wrong option, and for what is no manager of this copy of chartroom. */
  constructor(manager: SessionManager, options?: InspectionOptions) {
    const {
      allow,
      redact,
      apps,
      clock = idleClock,
      version = 'unknown',
    } = checkOptions(options, 'options', OPTIONS);
    this.#manager = manager;
    this.#engine = engineOf(manager);
    this.#redaction = new Redaction(redact);
    this.#definitions = Definitions.of(this.#engine.settings.agent);
    this.#allowed = checkAllowed(allow);
    this.#actions = new Actions(manager, this.#allowed, this.#redaction);
    this.#apps = apps;
    this.#clock = clock;
    this.#version = version;
    const over = () => this.#finish('The manager is closed.', (fleet) => fleet.last());
    // XState tells of the end before it shows the last state.
    const ended = () => queueMicrotask(over);
    this.#end = manager.actor.subscribe({ complete: ended, error: ended });
    if (manager.actor.getSnapshot().status !== 'active') over();
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  /** Begins to tell a viewer. Never throws. */
  connect(channel: ViewerChannel): ViewerConnection {
    if (this.#closed !== undefined) {
      const late = new Viewer(channel, { rows: () => [].values(), row: () => undefined, hidden: 0 });
      this.#dismiss(late, this.#closed);
      return { receive: () => {}, close: () => {} };
    }
    const { fleet } = this.#attach();
    const viewer = new Viewer(channel, fleet);
    this.#viewers.add(viewer);
    const now = this.#clock.now();
    viewer.tell(this.#hello(), now);
    if (this.#apps) viewer.tell({ type: 'apps', rows: this.#apps.rows() }, now);
    viewer.mention(this.#pulse({}), now);
    viewer.goOn(now);
    this.#check(viewer);
    return {
      receive: (message) => {
        if (this.#viewers.has(viewer)) this.#receive(viewer, message);
      },
      close: () => this.#forget(viewer),
    };
  }

  /** Tells the viewers why, and lets go of them and of the engine. Nobody can connect any more. */
  close(message = 'The inspector is closed.'): void {
    this.#finish(message, (fleet) => fleet.update());
  }

  #finish(message: string, last: (fleet: Fleet) => FleetUpdate | undefined): void {
    if (this.#closed !== undefined) return;
    this.#closed = message;
    this.#end.unsubscribe();
    if (this.#watch) this.#tellAll(this.#watch, last(this.#watch.fleet));
    for (const viewer of this.#viewers) {
      this.#forget(viewer);
      this.#dismiss(viewer, message);
    }
    this.#recorder?.stop();
    this.#recorder = undefined;
  }

  #hello(): InspectorMessage {
    return {
      type: 'hello',
      version: this.#version,
      allow: this.#allowed,
      redacted: this.#redaction.paths,
      definitions: this.#definitions.all(),
      now: this.#engine.time.now(),
      recording: this.#recorder !== undefined,
    };
  }

  #pulse(facts: Readonly<Record<string, number>>): InspectorMessage {
    const stats = this.#manager.stats();
    const now = this.#engine.time.now();
    return { type: 'pulse', now, stats, facts, recording: this.#recorder !== undefined };
  }

  #attach(): Watch {
    if (this.#watch) return this.#watch;
    const ready = this.#manager.ready.then(
      () => {},
      () => {},
    );
    const parts = {
      engine: this.#engine,
      root: this.#manager.actor,
      definitions: this.#definitions,
      redaction: this.#redaction,
      ready,
    };
    const fleet = new Fleet(this.#engine, this.#redaction, this.#manager.ready);
    this.#watch = { fleet, looks: new Looks(parts, this.#apps), facts: {}, turn: 0, timer: undefined };
    this.#engine.taps.add(this.#tap);
    this.#setTimer(this.#watch);
    return this.#watch;
  }

  #detach(): void {
    const watch = this.#watch;
    if (!watch) return;
    this.#watch = undefined;
    this.#engine.taps.delete(this.#tap);
    this.#clock.clearTimeout(watch.timer);
    watch.fleet.close();
    watch.looks.close();
  }

  #heard(fact: Fact): void {
    const watch = this.#watch;
    if (!watch) return;
    watch.facts[fact.type] = (watch.facts[fact.type] ?? 0) + 1;
    watch.fleet.heard(fact);
    watch.looks.heard(fact);
  }

  #setTimer(watch: Watch): void {
    watch.timer = this.#clock.setTimeout(() => {
      try {
        watch.turn += 1;
        this.#tellAll(watch, watch.fleet.update());
      } catch (error) {
        this.#engine.guard.log('error', 'chartroom: the inspector failed in one of its turns.', error);
      }
      if (this.#watch === watch) this.#setTimer(watch);
    }, TURN_MS);
  }

  #tellAll(watch: Watch, update: FleetUpdate | undefined): void {
    const now = this.#clock.now();
    const appRows = watch.looks.changedApps();
    if (watch.turn % TURNS_PER_DETAIL === 0) watch.looks.describe();
    const pulse = watch.turn % TURNS_PER_PULSE === 0 ? this.#pulse(watch.facts) : undefined;
    if (pulse) watch.facts = {};
    for (const viewer of this.#viewers) {
      if (update) viewer.change(update, now);
      if (appRows) viewer.tell({ type: 'apps', rows: appRows }, now);
      if (pulse) viewer.mention(pulse, now);
      viewer.goOn(now);
      this.#check(viewer);
    }
  }

  #receive(viewer: Viewer, message: unknown): void {
    const now = this.#clock.now();
    try {
      this.#answer(viewer, readMessage(message));
    } catch (error) {
      const request = requestOf(message);
      const refusal = refusalOf(error);
      if (request === undefined) viewer.tell({ type: 'refused', message: refusal }, now);
      else
        this.#settle(viewer, request, { ok: false, error: { code: 'INVALID_ARGUMENT', message: refusal } });
    }
    this.#check(viewer);
  }

  #answer(viewer: Viewer, message: ViewerMessage): void {
    const looks = this.#watch?.looks;
    if (!looks) return;
    switch (message.type) {
      case 'look':
        if (looks.countOf(viewer) >= MAX_LOOKS && !viewer.looksAt(message.subject))
          throw new Error(`A viewer looks at ${MAX_LOOKS} subjects at most; leave one first.`);
        looks.look(viewer, message.subject, (missing) => this.#miss(viewer, message.subject, missing));
        viewer.goOn(this.#clock.now());
        return;
      case 'leave':
        looks.leave(viewer, message.subject);
        return;
      case 'record':
        this.#settle(viewer, message.request, this.#record(message.on));
        return;
      case 'act':
        this.#act(viewer, message.request, message.action);
    }
  }

  #miss(
    viewer: Viewer,
    subject: Extract<ViewerMessage, { type: 'look' }>['subject'],
    why: string | undefined,
  ): void {
    if (!this.#viewers.has(viewer)) return;
    const now = this.#clock.now();
    if (why === undefined) viewer.goOn(now);
    else viewer.tell({ type: 'missing', subject, message: why }, now);
    this.#check(viewer);
  }

  #act(viewer: Viewer, request: number, action: ActionRequest): void {
    if (viewer.acting >= MAX_ACTING) {
      const message = `${MAX_ACTING} requests of this viewer wait for their answer already.`;
      this.#settle(viewer, request, { ok: false, error: { code: 'OVERLOADED', message } });
      return;
    }
    viewer.acting += 1;
    void this.#actions.act(action).then((outcome) => {
      viewer.acting -= 1;
      this.#settle(viewer, request, outcome);
    });
  }

  #settle(viewer: Viewer, request: number, outcome: Omit<Answer, 'type' | 'request'>): void {
    if (!this.#viewers.has(viewer)) return;
    viewer.tell({ type: 'answer', request, ...outcome }, this.#clock.now());
    this.#check(viewer);
  }

  #record(on: boolean): Omit<Answer, 'type' | 'request'> {
    if (on) {
      this.#recorder ??= recordSessions(this.#manager, { redact: this.#redaction.paths });
      return { ok: true };
    }
    const recorder = this.#recorder;
    this.#recorder = undefined;
    if (!recorder)
      return { ok: false, error: { code: 'INVALID_ARGUMENT', message: 'Nothing is being recorded.' } };
    recorder.stop();
    return { ok: true, value: recorder.trace() };
  }

  /** Lets go of a viewer that nothing can be told any more. */
  #check(viewer: Viewer): void {
    if (!this.#viewers.has(viewer)) return;
    const stuck = viewer.stuckSince !== undefined && this.#clock.now() - viewer.stuckSince >= STUCK_MS;
    if (!viewer.broken && !stuck) return;
    this.#forget(viewer);
    viewer.close('This viewer does not read what it is sent.');
  }

  #forget(viewer: Viewer): void {
    if (!this.#viewers.delete(viewer)) return;
    this.#watch?.looks.leaveAll(viewer);
    if (this.#viewers.size === 0) this.#detach();
  }

  #dismiss(viewer: Viewer, message: string): void {
    viewer.tell({ type: 'closed', message }, this.#clock.now());
    viewer.close(message);
  }
}

type Answer = Extract<InspectorMessage, { type: 'answer' }>;
