import type { Json, JsonObject } from '../data.ts';
import type { TraceEntry } from '../testing/trace.ts';
import type { Looked } from './looked.ts';
import { portrayWithin } from './portrait.ts';
import type { ActorNode, AppRow } from './protocol.ts';
import type { Redaction } from './redaction.ts';
import { Reel } from './reel.ts';
import type { StatelyMessage } from './stately-message.ts';

/** Held of one app. */
const REEL = { limit: 10_000, maxBytes: 8 * 1024 * 1024 };
/** Actors known of one app at a time. */
const MAX_ACTORS = 2000;
const MAX_DEFINITIONS = 64;

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
  initial?: unknown;
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
    if (actor.silent && message.type === 'event' && message.event.type !== 'xstate.init')
      this.#noteSnapshot(actor, actor.initial, message.at);
    actor.silent = false;
    delete actor.initial;
    this.#seen += 1;
    this.#lastActivityAt = message.at ?? this.#now();
    if (message.type === 'event') this.#noteEvent(actor, message);
    else this.#noteSnapshot(actor, message.snapshot, message.at);
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
    if (this.#actors.has(sessionId) && !this.#actors.get(sessionId)?.silent) return;
    const parent = parentId === undefined ? undefined : this.#actors.get(parentId);
    const path = parent ? `${parent.path}/${name}` : name;
    const key = definition && this.#define(definition, name);
    this.#add({
      sessionId,
      path: this.#free(path, sessionId),
      id: name,
      plain: definition === undefined && !isChart(snapshot),
      silent: true,
      status: statusOf(snapshot),
      initial: snapshot,
      ...(key !== undefined && { definition: key }),
      ...(parentId !== undefined && { parent: parentId }),
    });
  }

  /** One that was made before the app began to tell, or of which the telling was lost. */
  #stranger(sessionId: string): AppActor {
    return this.#add({
      sessionId,
      path: sessionId,
      id: sessionId,
      plain: false,
      silent: false,
      status: 'active',
    });
  }

  #add(actor: AppActor): AppActor {
    this.#actors.set(actor.sessionId, actor);
    if (this.#actors.size > MAX_ACTORS) {
      const all = [...this.#actors.values()];
      const gone = all.find(({ status, sessionId }) => status !== 'active' && sessionId !== this.#rootId);
      this.#actors.delete(
        (gone ?? all.find(({ sessionId }) => sessionId !== this.#rootId) ?? actor).sessionId,
      );
    }
    return actor;
  }

  /** An actor that follows on one of the same name goes on in its place; two at once are told apart. */
  #free(path: string, sessionId: string): string {
    for (const other of this.#actors.values())
      if (other.path === path && other.sessionId !== sessionId) {
        if (other.status === 'active' && !other.silent) return `${path} (${sessionId})`;
        this.#actors.delete(other.sessionId);
      }
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

  #noteSnapshot(actor: AppActor, snapshot: unknown, at: number | undefined): void {
    actor.status = statusOf(snapshot);
    if (actor.plain) return;
    const { value = null, context } = isObject(snapshot) ? snapshot : {};
    const state = portrayWithin(value, 4096);
    const held = portrayWithin(context);
    const shown = context === undefined ? {} : { context: this.#redaction.value(held.value, ['context']) };
    this.#push(
      {
        ...this.#stamp(actor, at),
        kind: 'snapshot',
        value: state.value as Json,
        status: actor.status,
        ...shown,
      },
      state.bytes + held.bytes,
    );
  }

  #push(entry: TraceEntry, bytes: number): void {
    this.reel.push(entry, bytes + 128);
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

const STATUSES: readonly unknown[] = ['active', 'done', 'error', 'stopped'];

function statusOf(snapshot: unknown): string {
  const { status } = isObject(snapshot) ? snapshot : {};
  return STATUSES.includes(status) ? String(status) : 'active';
}

function isChart(snapshot: unknown): boolean {
  return isObject(snapshot) && snapshot.value !== undefined && snapshot.value !== null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
