/**
 * What an inspector and a viewer say to each other: one JSON text a message. The inspector is in the process of the
 * engine; a viewer is the web app, or anything else that speaks this. `docs/inspector-protocol.md` is its description.
 */
import type { CacheStats, ErrorInfo, Json, JsonObject, SessionStatus } from '../data.ts';
import type { ManagerStats } from '../manager.ts';
import type { StoredSnapshot } from '../store/port.ts';
import type { Trace, TraceEntry } from '../testing/trace.ts';

/** The WebSocket subprotocol. What changes the meaning of a message raises the number; what is added does not. */
export const PROTOCOL = 'chartroom-inspector.v1';

/** What a viewer may be allowed to do beside looking. */
export const ACTIONS = ['send', 'dispatch', 'terminate', 'kill', 'save', 'create'] as const;
export type ActionName = (typeof ACTIONS)[number];

/**
 * What can be looked at: `engine`, the manager with its chart; `session/<id>`, one session with its agent;
 * `app/<id>`, one actor tree of another XState app, by the session id that XState gave its root.
 */
export type Subject = 'engine' | `session/${string}` | `app/${string}`;

/** A session in the list of all. Times are milliseconds since 1970 on the engine's clock. */
export interface FleetRow {
  readonly id: string;
  /** Of its creation. */
  readonly seq: number;
  readonly status: SessionStatus;
  /** In the store only: the numbers below are not known. */
  readonly asleep: boolean;
  readonly createdAt: number;
  /** Since when it has this status. */
  readonly since: number;
  readonly lastActivityAt: number;
  readonly messages: number;
  readonly files: number;
  /** Unsettled dispatches plus the agent's running children. */
  readonly tasks: number;
  readonly restarts: number;
  /** Crashes that were seen since somebody began to look. */
  readonly crashes: number;
  /** Facts that were seen since then. */
  readonly facts: number;
  /** Why it ended, or is ending. */
  readonly reason?: string;
  readonly error?: ErrorInfo;
}

/** The fields of a row that are new; `id` says whose. */
export type FleetChange = { readonly id: string } & { readonly [K in keyof FleetRow]?: FleetRow[K] | null };

/** An actor tree of another XState app. */
export interface AppRow {
  readonly id: string;
  /** The id of the root actor's machine, or its XState session id. */
  readonly name: string;
  /** Actors alive. */
  readonly actors: number;
  readonly status: string;
  /** Milliseconds since 1970 on the clock of that app. */
  readonly lastActivityAt: number;
  /** Events and snapshots seen. */
  readonly seen: number;
  readonly connected: boolean;
}

/** One actor of what is looked at. `actor` and `definition` are those of its `sent` and `snapshot` entries. */
export interface ActorNode {
  readonly actor: string;
  /** A key of the definitions; absent for logic that is no machine. */
  readonly definition?: string;
  /** As its parent knows it. */
  readonly id: string;
  /** `machine`, `promise`, `callback`, `observable`, `transition`, or the name of the logic. */
  readonly kind: string;
  readonly status: string;
  readonly parent?: string;
}

export interface DeadlineView {
  /** `initialize`, `inactivity`, `cleanup`, `restart`, `retry`; or the `after` of an agent, by its event type. */
  readonly name: string;
  readonly dueAt: number;
  /** The actor that it belongs to, when it is not the session itself. */
  readonly actor?: string;
}

export interface CacheView extends CacheStats {
  /** The most recently used first, at most 100. */
  readonly entries: ReadonlyArray<{ readonly path: string; readonly kind?: string; readonly bytes: number }>;
}

/** What changes without a fact. */
export interface Detail {
  readonly actors: readonly ActorNode[];
  readonly deadlines: readonly DeadlineView[];
  readonly cache?: CacheView;
  readonly tasks: number;
  readonly asleep: boolean;
}

/** What a viewer holds of a subject, and what a trace file holds of all. */
export interface Recording {
  /** XState's description of every chart that takes part, with `always`, by the chart's name. */
  readonly definitions: Readonly<Record<string, JsonObject>>;
  /** What sessions held before the first entry, by id; none for a session whose first fact is among the entries. */
  readonly bases: Readonly<Record<string, StoredSnapshot>>;
  readonly entries: readonly TraceEntry[];
}

export type ActionRequest =
  | { readonly do: 'send'; readonly sessionId: string; readonly role: string; readonly content: Json }
  | { readonly do: 'dispatch'; readonly sessionId: string; readonly event: JsonObject }
  | { readonly do: 'terminate'; readonly sessionId: string; readonly reason?: string }
  | { readonly do: 'kill'; readonly sessionId: string; readonly reason?: string }
  | { readonly do: 'save'; readonly sessionId: string }
  | {
      readonly do: 'create';
      readonly id?: string;
      readonly metadata?: JsonObject;
      readonly config?: JsonObject;
    };

/** From the viewer. */
export type ViewerMessage =
  | { readonly type: 'look'; readonly subject: Subject }
  | { readonly type: 'leave'; readonly subject: Subject }
  | { readonly type: 'act'; readonly request: number; readonly action: ActionRequest }
  /** Records everything, until `stop`; that is answered with a {@link Trace}. */
  | { readonly type: 'record'; readonly request: number; readonly on: boolean };

/** From the inspector. */
export type InspectorMessage =
  | {
      readonly type: 'hello';
      /** Of chartroom. */
      readonly version: string;
      readonly allow: readonly ActionName[];
      /** Paths whose values are not shown. */
      readonly redacted: readonly string[];
      readonly definitions: Readonly<Record<string, JsonObject>>;
      readonly now: number;
      /** A recording is under way. */
      readonly recording: boolean;
    }
  /**
   * `rows` are new or whole; with `reset` they begin the list anew, which may go on in further messages. `gone` have
   * ended, and others after them, so that they are not listed any more. `hidden`: sessions there are no rows for,
   * because the list is bounded.
   */
  | {
      readonly type: 'fleet';
      readonly reset?: true;
      readonly rows?: readonly FleetRow[];
      readonly changes?: readonly FleetChange[];
      readonly gone?: readonly string[];
      readonly hidden?: number;
    }
  | { readonly type: 'apps'; readonly rows: readonly AppRow[] }
  /** Each second. */
  | {
      readonly type: 'pulse';
      readonly now: number;
      readonly stats: ManagerStats;
      /** Since the last pulse: facts by type. */
      readonly facts: Readonly<Record<string, number>>;
      /** A recording is under way. */
      readonly recording: boolean;
    }
  /** The answer to `look`: where it is, and what is still held of its past. Its entries follow. */
  | {
      readonly type: 'looking';
      readonly subject: Subject;
      readonly recording: Recording;
      readonly detail: Detail;
      readonly now: number;
      /** There are older entries, which are not held any more. */
      readonly cut: boolean;
      /** How many entries of this subject came before the first of these. Default 0. */
      readonly from?: number;
    }
  | {
      readonly type: 'entries';
      readonly subject: Subject;
      readonly entries: readonly TraceEntry[];
      /** Entries in front of these that were dropped, because the viewer did not keep up. */
      readonly dropped?: number;
      readonly definitions?: Readonly<Record<string, JsonObject>>;
    }
  | { readonly type: 'detail'; readonly subject: Subject; readonly detail: Detail; readonly now: number }
  /** There is nothing of that name, or it has ended and gone. */
  | { readonly type: 'missing'; readonly subject: Subject; readonly message: string }
  | {
      readonly type: 'answer';
      readonly request: number;
      readonly ok: boolean;
      readonly value?: Json | Trace;
      readonly error?: { readonly code: string; readonly message: string };
    }
  /** A message of the viewer was wrong and is passed over. */
  | { readonly type: 'refused'; readonly message: string }
  /** The engine closes: nothing follows. */
  | { readonly type: 'closed'; readonly message: string };

/** A way to a viewer: a WebSocket, a `MessagePort`, or a function in the same page. */
export interface ViewerChannel {
  /** False: it takes no more now, because its reader is slow. */
  send(message: InspectorMessage): boolean;
  close(reason: string): void;
}
