/**
 * XState apps that speak the protocol of `@statelyai/inspect`, over whatever brings it: a WebSocket to the server, or
 * `postMessage` to a page.
 */
import { toErrorInfo } from '../error-info.ts';
import type { AppSource } from './looked.ts';
import type { AppRow } from './protocol.ts';
import { Redaction } from './redaction.ts';
import { StatelyApp } from './stately-app.ts';
import { readStately, type StatelyMessage } from './stately-message.ts';

export interface StatelyAppsOptions {
  /** Paths whose values are not shown, such as `context.password`. Default none. */
  readonly redact?: readonly string[];
  /** Milliseconds since 1970, for what an app gives no time of. Default the system's. */
  readonly now?: () => number;
}

/** What comes from one process or page: the session ids in it are its own. */
export interface StatelyFeed {
  /** What is wrong with the message, if something is; one of an unknown type is passed over. Never throws. */
  receive(message: unknown): string | undefined;
  /** Nothing more comes; what was told stays to be looked at. */
  close(): void;
}

/** An app that has gone makes room for one that comes. */
const MAX_APPS = 64;

export class StatelyApps implements AppSource {
  readonly #redaction: Redaction;
  readonly #now: () => number;
  readonly #apps = new Map<string, StatelyApp>();
  #rows: readonly AppRow[] | undefined;

  /** Throws `INVALID_ARGUMENT` for a path in `redact` that is none. */
  constructor({ redact = [], now = () => Date.now() }: StatelyAppsOptions = {}) {
    this.#redaction = new Redaction(redact);
    this.#now = now;
  }

  connect(): StatelyFeed {
    const own = new Map<string, StatelyApp>();
    return {
      receive: (message) => {
        try {
          return this.#receive(own, message);
        } catch (error) {
          // Whoever hands in live objects may hand in some that cannot be read.
          return `The message cannot be read: ${toErrorInfo(error).message}`;
        }
      },
      close: () => {
        for (const app of own.values()) app.connected = false;
        // What never began is a ghost.
        for (const { id, silent } of own.values()) if (silent) this.#apps.delete(id);
        own.clear();
        this.#rows = undefined;
      },
    };
  }

  #receive(own: Map<string, StatelyApp>, message: unknown): string | undefined {
    const read = readStately(message);
    if (read === 'passed') return undefined;
    if ('wrong' in read) return read.wrong;
    const app = this.#appOf(own, read);
    if (!app) return `${MAX_APPS} apps are looked at already.`;
    app.take(read);
    this.#rows = undefined;
    return undefined;
  }

  rows(): readonly AppRow[] {
    this.#rows ??= [...this.#apps.values()].filter(({ silent }) => !silent).map((app) => app.row());
    return this.#rows;
  }

  look(id: string): StatelyApp | undefined {
    const app = this.#apps.get(id);
    return app?.silent ? undefined : app;
  }

  #appOf(own: Map<string, StatelyApp>, message: StatelyMessage): StatelyApp | undefined {
    const { sessionId, rootId } = message;
    if (rootId !== undefined) return this.#held(own, rootId);
    // What is told by hand says no root.
    for (const app of own.values()) if (app.knows(sessionId)) return app;
    const parentId = message.type === 'actor' ? message.parentId : undefined;
    for (const app of own.values()) if (parentId !== undefined && app.knows(parentId)) return app;
    return this.#held(own, sessionId);
  }

  #held(own: Map<string, StatelyApp>, rootId: string): StatelyApp | undefined {
    const known = own.get(rootId);
    if (known && this.#apps.get(known.id) === known) return known;
    if (this.#apps.size >= MAX_APPS && !this.#makeRoom()) return undefined;
    for (const [root, app] of own) if (this.#apps.get(app.id) !== app) own.delete(root);
    const app = new StatelyApp(this.#freeId(rootId), rootId, this.#redaction, this.#now);
    own.set(rootId, app);
    this.#apps.set(app.id, app);
    return app;
  }

  /** Every process counts its actors from the same number. */
  #freeId(rootId: string): string {
    let id = rootId;
    for (let n = 2; this.#apps.has(id); n += 1) id = `${rootId}~${n}`;
    return id;
  }

  /** The oldest that has gone or, in a page that makes many, that never began. */
  #makeRoom(): boolean {
    for (const [id, { connected, silent }] of this.#apps)
      if (!connected || silent) return this.#apps.delete(id);
    return false;
  }
}
