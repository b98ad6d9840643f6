import type { AnyActorRef } from 'xstate';
import type { Batch } from '../batch.ts';
import type { Engine } from '../engine.ts';
import { SessionError } from '../errors.ts';
import { nextMacrotask } from '../macrotask.ts';
import { sameJson } from '../same-json.ts';
import { hasCompleted, type LostAgent, persistAgent } from './agent-snapshot.ts';
import { AgentWatch } from './agent-watch.ts';
import type { SessionEntry } from './entry.ts';
import type { StoredAgent } from './state.ts';
import { isRunning, withAgent } from './status.ts';
import { wakeTime } from './wake-time.ts';

type Parts = Pick<Engine, 'settings' | 'registry' | 'journal' | 'guard'>;

/** A save that is on its way; `dispatch` waits for the one that includes its event: `STORE_FAILED` when it cannot be. */
export interface AgentSave {
  readonly done: Promise<void>;
  settle(error?: unknown): void;
}

/**
 * Writes agents down: after any change, once for each turn of the event loop. Where the store goes with the
 * process, only when the session goes out of memory or the manager closes.
 */
export class AgentKeeper {
  readonly #engine: Parts;
  #unsaved: SessionEntry[] = [];
  readonly #storing = new Set<Promise<void>>();
  #scheduled = false;
  readonly #keeping: boolean;

  /** `volatile` says that the store goes with the process. */
  constructor(engine: Parts, volatile: boolean) {
    this.#engine = engine;
    this.#keeping = !volatile;
  }

  /** Before the agent starts: that is its first change. */
  watch(entry: SessionEntry, agent: AnyActorRef): void {
    entry.agentCompleted = false;
    if (!this.#keeping) return;
    entry.agentWatch = new AgentWatch(agent, () => this.changed(entry));
  }

  changed(entry: SessionEntry): void {
    if (!this.#keeping || !entry.registered) return;
    if (!entry.agentSave) this.#unsave(entry);
    this.saveSoon();
  }

  /** What waits to be stored, and what was refused, is stored when this turn of the event loop is over. */
  saveSoon(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    nextMacrotask(() => this.#saveAll());
  }

  #unsave(entry: SessionEntry): void {
    entry.agentSave = newSave();
    this.#unsaved.push(entry);
  }

  /** What is to be stored of the session's agent now; `undefined` where there is nothing to say. */
  write({ agent, agentInput, agentCompleted }: SessionEntry): StoredAgent | LostAgent | undefined {
    if (agentCompleted) return COMPLETED;
    if (!agent || !agentInput) return undefined;
    const written = persistAgent(agent, agentInput);
    if (!('snapshot' in written)) return written;
    if (hasCompleted(written)) return COMPLETED;
    const { agentVersion: version } = this.#engine.settings;
    return Object.freeze({ agent: written, ...(version !== undefined && { version }) });
  }

  /** The manager closes: every agent is written down as it stands, and whoever waits for that is told. */
  async close(): Promise<void> {
    if (this.#keeping) this.#saveAll();
    else for (const entry of this.#engine.registry.values()) if (isRunning(entry)) this.#store(entry);
    await Promise.all(this.#storing);
    // One that was on its way and was refused gets one more chance.
    this.#saveAll();
    await Promise.all(this.#storing);
  }

  #saveAll(): void {
    this.#scheduled = false;
    for (const entry of this.#unsaved.splice(0)) this.#store(entry);
  }

  #store(entry: SessionEntry): void {
    const { journal, guard } = this.#engine;
    const { id } = entry.state;
    const save = entry.agentSave;
    const stored = journal
      .commit(id, (batch) => this.#save(entry, batch), true)
      .then(
        () => save?.settle(),
        (error) => {
          save?.settle(error);
          if (entry.agentFailure) return;
          // It goes with the next save of any agent, and with the close of the manager.
          if (isRunning(entry) && !entry.agentSave) this.#unsave(entry);
          guard.log('error', `chartroom: the agent of session "${id}" was not stored.`, error);
        },
      );
    this.#storing.add(stored);
    stored.finally(() => this.#storing.delete(stored));
  }

  #save(entry: SessionEntry, batch: Batch): void {
    entry.agentSave = undefined;
    if (!isRunning(entry)) return;
    if (entry.agentFailure) throw failedMeanwhile(entry);
    entry.agentWatch?.look();
    const written = this.write(entry);
    if (!written || this.#isStored(entry, written)) return;
    const { touchedAt: activeAt } = entry;
    const { config, status } = entry.state;
    const wakeAt = withAgent(wakeTime(config, status, entry.activityMs), written);
    const fact = activeAt === undefined ? written : Object.freeze({ ...written, activeAt });
    batch.add(entry.state, 'agent_saved', fact, wakeAt);
  }

  /**
   * It came back as it was, or its event has changed nothing. What it has said by then may wait behind this save,
   * and whoever waits for the save waits for that too: then it is written again, in the same append.
   */
  #isStored({ state }: SessionEntry, written: StoredAgent | LostAgent): boolean {
    return !this.#engine.journal.concerns(state.id) && sameJson(written, state.agent);
  }
}

const COMPLETED: StoredAgent = Object.freeze({ agent: null });

/** What it had been through is lost with it, and must not be acknowledged. */
function failedMeanwhile({ state: { id }, agentFailure }: SessionEntry): SessionError {
  const message = `The agent of session "${id}" failed before it was written down; its session has crashed.`;
  return new SessionError('SESSION_CRASHED', message, { sessionId: id, cause: agentFailure?.cause });
}

function newSave(): AgentSave {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  promise.catch(() => {});
  return { done: promise, settle: (error) => (error === undefined ? resolve() : reject(error)) };
}
