import type { Json, JsonObject } from '../data.ts';
import type { TraceEntry } from '../testing/trace.ts';
import type { Looked } from './looked.ts';
import { portrayWithin } from './portrait.ts';
import type { ActorNode, AppRow } from './protocol.ts';
import type { Redaction } from './redaction.ts';
import { Reel } from './reel.ts';
import type { StatelyMessage } from './stately-message.ts';
import { isObject } from './told.ts';

/** Held of one app. */
const REEL = { limit: 10_000, maxBytes: 2 * 1024 * 1024 };
/** Actors known of one app at a time. */
const MAX_ACTORS = 1000;
/** Longer than this a chain of names is no help. */
const MAX_PATH_LENGTH = 300;
const MAX_DEFINITIONS = 64;
const MAX_DEFINITIONS_LENGTH = 512 * 1024;
/** What the last snapshots of all actors may take together, about; one alone no more than a sixteenth. */
const SNAPSHOTS_BYTES = 1024 * 1024;
const LEAST_SNAPSHOT_BYTES = 1024;
const VALUE_BYTES = 4096;
/** What actors may take together for where they were when they were made. */
const INITIAL_BYTES = 256 * 1024;

interface AppActor {
  readonly sessionId: string;
  /** As its entries name it: the names from the root to it. */
  readonly path: string;
  readonly id: string;
  readonly definition?: string;
  /** It is known to be no machine. */
  readonly plain: boolean;
  readonly parent?: string;
  /** Nothing was heard of it but that it was made: as React's StrictMode makes some that are never started. */
  silent: boolean;
  status: string;
  /** Where it was when it was made, until something is heard of it. */
  initial?: ShownSnapshot | undefined;
}

/** As much of a snapshot as is kept. */
interface ShownSnapshot {
  readonly status: string;
  readonly value: Json;
  readonly context?: Json;
  /** Of both, about. */
  readonly bytes: number;
}

type Of<T extends StatelyMessage['type']> = Extract<StatelyMessage, { type: T }>;

/** The actor tree of another XState app, from what it tells. */
export class StatelyApp implements Looked {
  readonly id: string;
  readonly reel = new Reel(REEL);
  readonly #redaction: Redaction;
  readonly #now: () => number;
  readonly #rootId: string;
  readonly #actors = new Map<string, AppActor>();
  readonly #byPath = new Map<string, AppActor>();
  /** Those of them that have ended, the first first. */
  readonly #over = new Set<string>();
  #initialBytes = 0;
  #definitionsLength = 0;
  readonly #definitions = new Map<string, { readonly text: string; readonly definition: JsonObject }>();
  #all: Readonly<Record<string, JsonObject>> = {};
  #seen = 0;
  #lastActivityAt: number;
  connected = true;

  constructor(id: string, rootId: string, redaction: Redaction, now: () => number) {
    this.id = id;
    this.#rootId = rootId;
    this.#redaction = redaction;
    this.#now = now;
    this.#lastActivityAt = now();
  }

  /** Nothing of it has begun yet. */
  get silent(): boolean {
    return this.#seen === 0;
  }

  knows(sessionId: string): boolean {
    return this.#actors.has(sessionId);
  }

  take(message: StatelyMessage): void {
    if (message.type === 'actor') {
      this.#register(message);
      return;
    }
    const actor = this.#actors.get(message.sessionId) ?? this.#stranger(message.sessionId);
    // When it starts it says where it is; of one that was started before, this is all there is.
    if (actor.initial && message.type === 'event' && message.event.type !== 'xstate.init')
      this.#noteSnapshot(actor, actor.initial, message.at);
    this.#forgetInitial(actor);
    actor.silent = false;
    this.#seen += 1;
    this.#lastActivityAt = message.at ?? this.#now();
    if (message.type === 'event') this.#noteEvent(actor, message);
    else this.#noteSnapshot(actor, this.#show(message.snapshot), message.at);
  }

  row(): AppRow {
    const root = this.#actors.get(this.#rootId);
    const heard = [...this.#actors.values()].filter(({ silent }) => !silent);
    return {
      id: this.id,
      name: root?.id ?? this.#rootId,
      actors: heard.filter(({ status }) => status === 'active').length,
      status: root?.status ?? 'active',
      lastActivityAt: this.#lastActivityAt,
      seen: this.#seen,
      connected: this.connected,
    };
  }

  definitions(): Readonly<Record<string, JsonObject>> {
    return this.#all;
  }

  detail() {
    const actors = [...this.#actors.values()]
      .filter(({ silent }) => !silent)
      .map((actor) => this.#node(actor));
    return { actors, deadlines: [], tasks: 0, asleep: false };
  }

  now(): number {
    return this.#now();
  }

  close(): void {}

  #register({ sessionId, name, parentId, definition, snapshot }: Of<'actor'>): void {
    // One that is told of twice is the same.
    const known = this.#actors.get(sessionId);
    if (known && !known.silent) return;
    if (known) this.#remove(known);
    const parent = parentId === undefined ? undefined : this.#actors.get(parentId);
    const key = definition && this.#define(definition, name);
    const initial = this.#show(snapshot);
    const fits = this.#initialBytes + initial.bytes <= INITIAL_BYTES;
    if (fits) this.#initialBytes += initial.bytes;
    this.#add({
      sessionId,
      path: this.#free(parent ? `${parent.path}/${name}` : name, sessionId),
      id: name,
      plain: definition === undefined && initial.value === null,
      silent: true,
      status: initial.status,
      ...(fits && { initial }),
      ...(key !== undefined && { definition: key }),
      ...(parentId !== undefined && { parent: parentId }),
    });
  }

  /** One that was made before the app began to tell, or of which the telling was lost. */
  #stranger(sessionId: string): AppActor {
    const path = this.#free(sessionId, sessionId);
    return this.#add({ sessionId, path, id: sessionId, plain: false, silent: false, status: 'active' });
  }

  #add(actor: AppActor): AppActor {
    if (this.#actors.size >= MAX_ACTORS) this.#makeRoom();
    this.#actors.set(actor.sessionId, actor);
    this.#byPath.set(actor.path, actor);
    this.#noteStatus(actor, actor.status);
    return actor;
  }

  /** At the cost of one that has ended or, when all are alive, of the one that was made first. */
  #makeRoom(): void {
    for (const ids of [this.#over, this.#actors.keys()])
      for (const id of ids) {
        const actor = this.#actors.get(id);
        if (!actor || id === this.#rootId) continue;
        this.#remove(actor);
        // Nothing more will be known of it: its last snapshot is not to be held for ever.
        if (actor.status === 'active' && !actor.silent) this.#noteSnapshot(actor, UNKNOWN, undefined);
        this.#over.delete(id);
        return;
      }
  }

  #remove(actor: AppActor): void {
    this.#forgetInitial(actor);
    this.#actors.delete(actor.sessionId);
    this.#over.delete(actor.sessionId);
    if (this.#byPath.get(actor.path) === actor) this.#byPath.delete(actor.path);
  }

  #forgetInitial(actor: AppActor): void {
    this.#initialBytes -= actor.initial?.bytes ?? 0;
    delete actor.initial;
  }

  #noteStatus(actor: AppActor, status: string): void {
    actor.status = status;
    if (status === 'active') this.#over.delete(actor.sessionId);
    else this.#over.add(actor.sessionId);
  }

  /** An actor that follows on one of the same name goes on in its place; two at once are told apart. */
  #free(path: string, sessionId: string): string {
    if (path.length > MAX_PATH_LENGTH) return sessionId;
    const other = this.#byPath.get(path);
    if (!other || other.sessionId === sessionId) return path;
    if (other.status === 'active' && !other.silent) return `${path} (${sessionId})`;
    this.#remove(other);
    return path;
  }

  #define(definition: JsonObject, name: string): string | undefined {
    const text = JSON.stringify(definition);
    const id = typeof definition.id === 'string' && definition.id !== '' ? definition.id : name;
    for (let n = 1; n <= MAX_DEFINITIONS; n += 1) {
      const key = n === 1 ? id : `${id} (${n})`;
      const known = this.#definitions.get(key);
      if (known?.text === text) return key;
      if (known) continue;
      if (this.#definitions.size >= MAX_DEFINITIONS) return undefined;
      if (this.#definitionsLength + text.length > MAX_DEFINITIONS_LENGTH) return undefined;
      this.#definitionsLength += text.length;
      this.#definitions.set(key, { text, definition });
      // Not by assignment, for which `__proto__` is no name.
      this.#all = Object.fromEntries([...this.#definitions].map(([each, held]) => [each, held.definition]));
      return key;
    }
    return undefined;
  }

  #noteEvent(actor: AppActor, { event, at }: Of<'event'>): void {
    if (actor.plain || event.type === 'xstate.init') return;
    const { value, bytes } = portrayWithin(event);
    const shown = this.#redaction.object(value as JsonObject, ['event']);
    this.#push({ ...this.#stamp(actor, at), kind: 'sent', event: shown }, bytes);
  }

  #noteSnapshot(actor: AppActor, shown: ShownSnapshot, at: number | undefined): void {
    this.#noteStatus(actor, shown.status);
    if (actor.plain) return;
    const { bytes, ...snapshot } = shown;
    this.#push({ ...this.#stamp(actor, at), kind: 'snapshot', ...snapshot }, bytes);
  }

  /** The more actors there are, the less is kept of each: the last snapshot of all that are alive is held. */
  #show(snapshot: unknown): ShownSnapshot {
    const { value = null, context } = isObject(snapshot) ? snapshot : {};
    const share = SNAPSHOTS_BYTES / Math.max(16, this.#actors.size);
    const state = portrayWithin(value, VALUE_BYTES);
    const held = portrayWithin(context, Math.max(LEAST_SNAPSHOT_BYTES, share));
    return {
      status: statusOf(snapshot),
      value: state.value,
      ...(context !== undefined && { context: this.#redaction.value(held.value, ['context']) }),
      bytes: state.bytes + held.bytes,
    };
  }

  #push(entry: TraceEntry & { readonly actor: string; readonly definition: string }, bytes: number): void {
    this.reel.push(entry, bytes + entry.actor.length + entry.definition.length + 128);
  }

  #stamp({ path, definition = '' }: AppActor, at = this.#now()) {
    return { step: 0, atMs: at, definition, actor: path };
  }

  #node({ path, definition, id, plain, status, parent }: AppActor): ActorNode {
    const above = parent === undefined ? undefined : this.#actors.get(parent);
    return {
      actor: path,
      ...(definition !== undefined && { definition }),
      id,
      kind: plain ? 'logic' : 'machine',
      status,
      ...(above && { parent: above.path }),
    };
  }
}

const UNKNOWN: ShownSnapshot = { status: 'stopped', value: null, bytes: 0 };
const STATUSES: readonly unknown[] = ['active', 'done', 'error', 'stopped'];

function statusOf(snapshot: unknown): string {
  const { status } = isObject(snapshot) ? snapshot : {};
  return STATUSES.includes(status) ? String(status) : 'active';
}
