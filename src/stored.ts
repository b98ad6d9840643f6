import type { RecoveryReport } from './data.ts';
import type { Engine } from './engine.ts';
import { recoverSessions, revive } from './recovery.ts';
import type { Activity } from './session/activity.ts';
import type { Creator } from './session/creation.ts';
import type { Lifecycle } from './session/lifecycle.ts';
import { SavedShelf } from './session/saved.ts';
import { Sleep } from './session/sleep.ts';
import { StoredSessions } from './session/stored-sessions.ts';
import type { StoreLease } from './store/port.ts';

/** What brings sessions back, and what they come back to. */
export interface StoredParts {
  readonly engine: Engine;
  readonly lifecycle: Lifecycle;
  readonly activity: Activity;
  readonly creator: Creator;
  untilClosed<R>(call: () => Promise<R>): Promise<R>;
}

/** All that is needed of a store only once there is something in it: sessions that are away, and saved ones. */
export class Stored {
  readonly #engine: Engine;
  readonly sessions: StoredSessions;
  readonly sleep: Sleep;
  readonly shelf: SavedShelf;

  constructor(parts: StoredParts, lease: StoreLease) {
    const { engine, creator, untilClosed } = parts;
    const { dormant, registry } = engine;
    this.#engine = engine;
    this.sleep = new Sleep(engine, lease);
    this.shelf = new SavedShelf(engine, creator, lease);
    this.sessions = new StoredSessions(
      {
        registry,
        dormant,
        untilClosed,
        revive: (state, unsnapshotted) => revive({ ...parts, sleep: this.sleep }, state, unsnapshotted),
      },
      lease,
    );
  }

  /** Takes up what the store holds. */
  recover(isClosing: () => boolean): Promise<RecoveryReport> {
    return recoverSessions(this.#engine, this, isClosing);
  }

  close(error: unknown): void {
    this.sessions.close(error);
    this.sleep.close();
  }
}
