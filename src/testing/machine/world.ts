import {
  type AnyActorRef,
  type AnyMachineSnapshot,
  createActor,
  type EventObject,
  type InspectionEvent,
  type Snapshot,
} from 'xstate';
import { describe } from '../../check.ts';
import type { Json } from '../../data.ts';
import { childrenOf, pathsOf } from './actor-paths.ts';
import { copyPlain, without } from './copy.ts';
import { likenessOfChildren, likenessOfTimers } from './likeness.ts';
import { namer } from './nameless.ts';
import { portray } from './portrait.ts';
import { actsByItself } from './prepare.ts';
import { enlist, type StandIn, type StandInEvent, UnprovidedActor } from './stand-in.ts';
import { isOlder, type Start, type Step } from './step.ts';
import type { Subject } from './subject.ts';
import { type Delayed, EndlessInstant, VirtualTime } from './virtual-time.ts';

/** More events than this in one step go round in a circle. */
const MAX_EVENTS_IN_A_STEP = 2000;

/** Something of which a run is not to have any. */
export interface Trouble {
  readonly kind: 'threw' | 'loop' | 'not saved' | 'not restored';
  readonly error: unknown;
  /** In a loop of events: their types. */
  readonly types?: readonly string[];
}

export interface WorldOptions {
  readonly inspect?: (event: InspectionEvent) => void;
  /** Every snapshot of the machine, the first one too. */
  readonly onSnapshot?: (snapshot: AnyMachineSnapshot) => void;
}

/** XState's own parts that are in no type of its: a test fails loudly when they go. */
interface System {
  scheduler: unknown;
  _relay(source: unknown, target: AnyActorRef, event: EventObject): void;
}

/** One machine that runs, with everything around it in the hands of the run: time, and what actors do. */
export class World {
  readonly time = new VirtualTime((delayed) => this.#deliver(delayed));
  readonly #subject: Subject;
  readonly #options: WorldOptions;
  #standIns: StandIn[] = [];
  #emitted: unknown[] = [];
  #actor: AnyActorRef | undefined;
  #trouble: Trouble | undefined;
  #events = 0;
  #types: string[] = [];

  constructor(subject: Subject, start: Start, options: WorldOptions = {}) {
    this.#subject = subject;
    this.#options = options;
    this.#guarded(() => {
      if (isOlder(start)) this.#begin({ snapshot: this.#migrated(start.older) as Snapshot<unknown> });
      else this.#begin('input' in start ? { input: copyPlain(start.input) } : {});
    });
  }

  get snapshot(): AnyMachineSnapshot {
    return this.#actor?.getSnapshot() ?? { status: 'error', value: {}, context: {}, children: {} };
  }

  get trouble(): Trouble | undefined {
    return this.#trouble;
  }

  /** Those at work, in the order in which they began. */
  get standIns(): readonly StandIn[] {
    return this.#standIns;
  }

  get isOver(): boolean {
    return this.#trouble !== undefined || this.snapshot.status !== 'active';
  }

  /** Gives it that very object, to see what the machine does with it. */
  show(event: EventObject): void {
    this.#events = 0;
    this.#guarded(() => this.#actor?.send(event));
  }

  /** Does the step, as far as there is anything to do. A machine that is over is left alone. */
  apply(step: Step): void {
    if (this.isOver) return;
    this.#events = 0;
    this.#types = [];
    this.#guarded(() => {
      switch (step.do) {
        case 'send':
          return this.#actor?.send(copyPlain(step.event));
        case 'wait':
          return this.time.advance(step.ms === 'next' ? (this.time.untilNext ?? 0) : step.ms);
        case 'save':
          return this.#saveAndRestore();
        case 'actor':
          return this.#act(step);
      }
    });
  }

  /** All that can be seen of it, as JSON. What was emitted is told once. */
  portrait(): Json {
    const { value, context, output, error } = this.snapshot as AnyMachineSnapshot & Snapshot<unknown>;
    const emitted = this.#emitted;
    this.#emitted = [];
    return {
      status: this.snapshot.status,
      value: value as Json,
      context: portray(without(context, this.#subject.volatile)),
      ...(output !== undefined && { output: portray(output) }),
      ...(error !== undefined && { error: portray(error) }),
      children: likenessOfChildren(this.snapshot),
      actors: this.#standIns.map(({ name }) => name).sort(),
      emitted: emitted.map((each) => portray(each)),
      timers: likenessOfTimers(this.time, this.#actor),
    };
  }

  /** The same for two worlds that cannot be told apart but by their past. */
  get key(): string {
    const { status, value, context, children } = this.snapshot;
    const names = this.#standIns.map(({ name }) => name);
    const inside = [
      portray(context),
      likenessOfChildren({ children }),
      likenessOfTimers(this.time, this.#actor, this.time.now),
    ];
    return namer()(JSON.stringify([status, value, names, ...inside]));
  }

  /** The same for two worlds that wait for the same things in the same states, however many of each. */
  get stateKey(): string {
    const { status, value } = this.snapshot;
    const awaited = [
      ...this.time.pending.map(({ event }) => event.type),
      ...this.#standIns.map(({ name }) => name),
      ...[...pathsOf(this.#actor).keys()].slice(1).map((actor) => {
        const child: Partial<AnyMachineSnapshot> = actor.getSnapshot() ?? {};
        return [typeof actor.src === 'string' ? actor.src : '', child.status, child.value];
      }),
    ].map((each) => JSON.stringify(each));
    return JSON.stringify([status, value, [...new Set(awaited)].sort()]);
  }

  #begin(options: { input?: unknown; snapshot?: Snapshot<unknown> }): void {
    const actor = createActor(this.#subject.machine, {
      ...(options as object),
      logger: () => {},
      ...(this.#options.inspect && { inspect: this.#options.inspect }),
    }) as AnyActorRef;
    const system = actor.system as unknown as System;
    system.scheduler = this.time;
    const relay = system._relay;
    // A method of an object that is this run's own: nothing else sees all that goes from actor to actor.
    system._relay = (source, target, event) => {
      this.#pass(event);
      relay(source, target, event);
    };
    this.#standIns = [];
    enlist(actor.system, this.#standIns);
    actor.subscribe({ next: (snapshot) => this.#options.onSnapshot?.(snapshot), error: () => {} });
    actor.on('*', (event: unknown) => this.#emitted.push(event));
    this.#actor = actor;
    actor.start();
  }

  #act({ actor, nth, act, value }: Step & { readonly do: 'actor' }): void {
    const named = this.#standIns.filter(({ name }) => name === actor);
    const chosen = named[nth % named.length];
    if (!chosen) return;
    if (act === 'sends') {
      const { _parent: parent } = chosen.ref as AnyActorRef & { readonly _parent?: AnyActorRef };
      parent?.send(copyPlain(value) as EventObject);
    } else chosen.ref.send(standInEvent(act, copyPlain(value)));
  }

  #saveAndRestore(): void {
    const { restore } = this.#subject;
    if (!restore || !this.#actor) return;
    const paths = pathsOf(this.#actor);
    let written: unknown;
    try {
      written = restore.write(this.#actor.getPersistedSnapshot());
    } catch (error) {
      this.#trouble = { kind: 'not saved', error };
      return;
    }
    const delayed = this.time.pending.map((each) => ({
      ...each,
      from: paths.get(each.source),
      to: paths.get(each.target),
    }));
    for (const { source } of delayed) this.time.cancelAll(source);
    try {
      this.#begin({ snapshot: restore.read(written) as Snapshot<unknown> });
    } catch (error) {
      this.#trouble = { kind: 'not restored', error };
      return;
    }
    const { status, error } = this.snapshot as Snapshot<unknown>;
    if (status === 'error') this.#trouble = { kind: 'not restored', error };
    if (!restore.timers) return;
    const actors = new Map([...pathsOf(this.#actor)].map(([actor, path]) => [path, actor]));
    for (const { from = '', to = '', ...rest } of delayed) {
      const source = actors.get(from);
      const target = actors.get(to);
      if (source && target) this.time.resume({ ...rest, source, target });
    }
  }

  #migrated(index: number): unknown {
    const { migration } = this.#subject;
    const older = migration?.from[index];
    if (!migration || older === undefined)
      throw new TypeError(
        `There is no older snapshot ${index}: migrate.from has ${migration?.from.length ?? 0}.`,
      );
    // Copied: restoring writes into the object that it is given.
    const migrated: unknown = migration.migrate(structuredClone(older));
    if (typeof migrated !== 'object' || migrated === null || migrated instanceof Promise)
      throw new TypeError(`migrate must give a snapshot, at once; it gave ${describe(migrated)}`);
    return structuredClone(migrated);
  }

  #deliver({ source, target, event }: Delayed): void {
    (this.#actor?.system as unknown as System | undefined)?._relay(source, target, event);
  }

  /** Every event of the run comes by here. */
  #pass(event: EventObject): void {
    if (event.type.startsWith('xstate.error.actor.')) {
      const { error } = event as EventObject & { error?: unknown };
      // A parent that handles its child's error would cover these up.
      if (error instanceof UnprovidedActor || isEndless(error)) this.#found(error);
    }
    if (++this.#events > MAX_EVENTS_IN_A_STEP - 20) this.#types.push(event.type);
    if (this.#events <= MAX_EVENTS_IN_A_STEP) return;
    const types = [...new Set(this.#types)];
    this.#trouble ??= { kind: 'loop', error: new Error(`${types.join(', ')} without end`), types };
    throw this.#trouble.error;
  }

  #guarded(step: () => unknown): void {
    try {
      step();
    } catch (error) {
      this.#found(error);
    }
    const { status, error } = this.snapshot as Snapshot<unknown>;
    if (status === 'error') this.#found(error);
    this.#refuseStrangers(this.snapshot);
    if (this.#trouble?.error instanceof UnprovidedActor) throw this.#trouble.error;
  }

  #found(error: unknown): void {
    this.#trouble ??= { kind: isEndless(error) ? 'loop' : 'threw', error };
  }

  /** An actor that a machine spawned by value could not be replaced; it runs for real, out of anyone's hands. */
  #refuseStrangers(snapshot: unknown): void {
    for (const [id, child] of Object.entries(childrenOf(snapshot))) {
      const { logic } = child as AnyActorRef & { readonly logic?: unknown };
      if (actsByItself(logic)) throw new UnprovidedActor(id);
      this.#refuseStrangers(child.getSnapshot());
    }
  }
}

function isEndless(error: unknown): boolean {
  if (error instanceof EndlessInstant) return true;
  return error instanceof Error && error.message.startsWith('Infinite loop detected');
}

function standInEvent(act: 'resolves' | 'rejects' | 'gives', value: unknown): StandInEvent {
  if (act === 'resolves') return { type: 'chartroom.resolve', output: value };
  if (act === 'rejects') return { type: 'chartroom.reject', error: value };
  return { type: 'chartroom.next', value };
}
