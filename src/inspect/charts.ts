import type { AnyActorRef, EventObject, InspectionEvent, Snapshot } from 'xstate';
import type { ActorView } from '../actor-view.ts';
import type { Json, JsonObject } from '../data.ts';
import type { Engine } from '../engine.ts';
import { sameJson } from '../same-json.ts';
import type { TraceEntry } from '../testing/trace.ts';
import type { Definitions } from './definitions.ts';
import { portrayWithin } from './portrait.ts';
import type { Redaction } from './redaction.ts';

/** No session can be called so. */
export const MANAGER = '(manager)';
export const SUPERVISOR = `${MANAGER}/supervisor`;

/** Who wants to know what the charts do. `session` is undefined for the manager's own actors. */
export interface ChartListener {
  /** Asked for every event of every actor: it must answer at once. */
  wants(session: string | undefined): boolean;
  heard(session: string | undefined, entry: TraceEntry, bytes: number): void;
  /** The chart of a session comes into being, at its creation or because the session wakes or starts again. */
  spawned?(session: string): void;
}

/** Where an actor is in the engine. */
interface Place {
  readonly session: string | undefined;
  /** As its entries name it. */
  readonly actor: string;
  /** It is a session's own chart. */
  readonly isSession: boolean;
}

interface Chart {
  readonly definition: string;
  readonly actor: string;
}

type ChartSnapshot = Snapshot<unknown> & { readonly value: Json; readonly context?: unknown };

export interface ChartParts {
  readonly engine: Engine;
  readonly root: ActorView;
  readonly definitions: Definitions;
  readonly redaction: Redaction;
}

/**
 * What the charts of an engine take and where they go, as entries of a trace. While nobody wants to know, XState is not
 * asked for it; while somebody does, an event of a chart that nobody looks at costs two look-ups.
 */
export class Charts {
  readonly #parts: ChartParts;
  readonly #listener: ChartListener;
  readonly #places = new WeakMap<AnyActorRef, Place>();
  /** Of a machine that is on its way through several states: where it was last, not written down yet. */
  readonly #passing = new WeakMap<AnyActorRef, ChartSnapshot>();
  #attached: { unsubscribe(): void } | undefined;

  constructor(parts: ChartParts, listener: ChartListener) {
    this.#parts = parts;
    this.#listener = listener;
  }

  get attached(): boolean {
    return this.#attached !== undefined;
  }

  attach(): void {
    const { engine, root } = this.#parts;
    // An observer that throws would leave the actor deaf for ever.
    const observe = (event: InspectionEvent) =>
      engine.guard.notify('an inspector', (seen: InspectionEvent) => this.#observe(seen), event);
    this.#attached ??= root.system.inspect(observe);
  }

  detach(): void {
    this.#attached?.unsubscribe();
    this.#attached = undefined;
  }

  /** Where a chart is now, as the entry that says so; `undefined` for an actor that is no chart. */
  standing(actor: AnyActorRef): { readonly entry: TraceEntry; readonly bytes: number } | undefined {
    const chart = this.#chartOf(actor, this.placeOf(actor));
    const snapshot: unknown = actor.getSnapshot();
    return chart && isChart(snapshot) ? this.#snapshot(chart, snapshot) : undefined;
  }

  /** The same of the manager's own chart. */
  standingManager(): { readonly entry: TraceEntry; readonly bytes: number } {
    const { value, status, context } = this.#parts.root.getSnapshot();
    return this.#snapshot({ definition: 'manager', actor: MANAGER }, {
      value,
      status,
      context,
    } as ChartSnapshot);
  }

  placeOf(actor: AnyActorRef): Place {
    const known = this.#places.get(actor);
    if (known) return known;
    const place = this.#find(actor);
    this.#places.set(actor, place);
    return place;
  }

  #find(actor: AnyActorRef): Place {
    const parent = parentOf(actor);
    if (!parent) return { session: undefined, actor: MANAGER, isSession: false };
    const above = this.placeOf(parent);
    if (above.actor === SUPERVISOR) return { session: actor.id, actor: actor.id, isSession: true };
    return { session: above.session, actor: `${above.actor}/${actor.id}`, isSession: false };
  }

  #observe(event: InspectionEvent): void {
    const actor = event.actorRef as AnyActorRef;
    const place = this.placeOf(actor);
    if (event.type === '@xstate.actor') {
      if (place.isSession && place.session !== undefined) this.#listener.spawned?.(place.session);
      return;
    }
    if (event.type === '@xstate.event')
      this.#noteFailure(event.event, event.sourceRef as AnyActorRef | undefined);
    if (!this.#listener.wants(place.session)) return;
    const chart = this.#chartOf(actor, place);
    if (!chart) return;
    if (event.type === '@xstate.event') {
      if (event.event.type !== 'xstate.init') this.#noteEvent(place, chart, event.event);
    } else if (event.type === '@xstate.microstep') this.#noteStep(actor, place, chart, event.snapshot);
    else if (event.type === '@xstate.snapshot') {
      this.#passing.delete(actor);
      if (isChart(event.snapshot)) this.#note(place, chart, event.snapshot);
    }
  }

  /** Of a state that a machine only passes through XState makes no snapshot; and the last one comes as a snapshot too. */
  #noteStep(actor: AnyActorRef, place: Place, chart: Chart, snapshot: unknown): void {
    const passed = this.#passing.get(actor);
    if (passed && isChart(snapshot) && !sameJson(passed.value, snapshot.value))
      this.#note(place, chart, passed);
    if (isChart(snapshot)) this.#passing.set(actor, snapshot);
  }

  /** Nor does it of an actor that fails: only its parent is told. */
  #noteFailure({ type }: EventObject, source: AnyActorRef | undefined): void {
    if (!source || !type.startsWith('xstate.error.actor.')) return;
    const place = this.placeOf(source);
    if (!this.#listener.wants(place.session)) return;
    const chart = this.#chartOf(source, place);
    const snapshot: unknown = source.getSnapshot();
    if (chart && isChart(snapshot)) this.#note(place, chart, snapshot);
  }

  #noteEvent({ session }: Place, chart: Chart, event: EventObject): void {
    const { value, bytes } = portrayWithin(event);
    const isWhole = typeof value === 'object' && value !== null && !Array.isArray(value);
    const portrait = isWhole ? (value as JsonObject) : { type: String(event.type) };
    const shown = this.#parts.redaction.object(portrait, ['event']);
    this.#listener.heard(session, { ...this.#stamp(), kind: 'sent', ...chart, event: shown }, bytes);
  }

  #note({ session }: Place, chart: Chart, snapshot: ChartSnapshot): void {
    const { entry, bytes } = this.#snapshot(chart, snapshot);
    this.#listener.heard(session, entry, bytes);
  }

  #snapshot(chart: Chart, { value, status, context }: ChartSnapshot): { entry: TraceEntry; bytes: number } {
    const portrait = portrayWithin(context);
    const shown = this.#parts.redaction.value(portrait.value, ['context']);
    const held = context === undefined ? {} : { context: shown };
    return {
      entry: { ...this.#stamp(), kind: 'snapshot', ...chart, value, status, ...held },
      bytes: portrait.bytes + 128,
    };
  }

  #chartOf(actor: AnyActorRef, { actor: name }: Place): Chart | undefined {
    const definition = this.#parts.definitions.nameOf(logicOf(actor));
    return definition === undefined ? undefined : { definition, actor: name };
  }

  #stamp() {
    return { step: 0, atMs: this.#parts.engine.time.now() };
  }
}

/** Internal to XState and absent from its types. */
export function parentOf(actor: AnyActorRef): AnyActorRef | undefined {
  return (actor as AnyActorRef & { readonly _parent?: AnyActorRef })._parent;
}

export function logicOf(actor: AnyActorRef): unknown {
  return (actor as AnyActorRef & { readonly logic?: unknown }).logic;
}

function isChart(snapshot: unknown): snapshot is ChartSnapshot {
  return typeof snapshot === 'object' && snapshot !== null && 'value' in snapshot && 'status' in snapshot;
}
