import { asStoreError } from '../error-info.ts';
import type { SessionError } from '../errors.ts';
import { createSessionId } from '../ids.ts';
import type { SessionManager } from '../manager.ts';
import type { Port } from '../wire/port.ts';
import { isEnvelope, lineOver } from './line.ts';
import { Lobby, type LobbyMessage, type Names, versionError } from './lobby.ts';
import { type Opening, openManager } from './open-manager.ts';
import type { Channel, Platform } from './platform.ts';
import { Reign } from './reign.ts';

/** What becomes of a tab among the others is told to whoever lives in it. */
export interface StayHost<TAgentEvent> {
  readonly platform: Platform;
  readonly names: Names;
  readonly opening: Opening<TAgentEvent>;
  /** There is an engine at the far end of this line; the manager, when it is in this tab. */
  reached(line: Port, manager: SessionManager<TAgentEvent> | undefined): void;
  /** There is none for now. */
  vacant(): void;
  /** There will be none until somebody else has one. */
  failed(reason: SessionError): void;
  /** The browser gives no locks, though it has them. */
  refused(error: unknown): void;
}

/**
 * One stay of a tab among the others, from the time it joins until it leaves. All of them queue for one lock:
 * whoever holds it is the owner, and that a tab is gone, however it went, its own lock tells.
 */
export class Stay<TAgentEvent> {
  readonly #host: StayHost<TAgentEvent>;
  readonly #id = createSessionId();
  readonly #leaving = new AbortController();
  readonly #left = Promise.withResolvers<void>();
  /** Every lock that is held or waited for. */
  readonly #locks = new Set<Promise<void>>();
  #lobby: Lobby | undefined;
  #line: Channel | undefined;
  /** Of the owner that this tab follows. */
  #epoch: string | undefined;
  #port: ReturnType<typeof lineOver> | undefined;
  #reign: Reign<TAgentEvent> | undefined;
  #queueing = false;
  /** Its manager was closed under it. */
  #deposed = false;
  #ending: { terminate?: boolean; atOnce?: boolean } = {};

  constructor(host: StayHost<TAgentEvent>) {
    this.#host = host;
    const { platform, names } = host;
    // It is held before anybody is told of this tab: whoever gets it knows that the tab is gone.
    const settled = platform.locks.request(names.tabLock(this.#id), this.#leaving.signal, async () => {
      this.#join();
      await this.#left.promise;
    });
    this.#keep(settled);
  }

  /** Gives up what it has; an owner closes its manager first. */
  async leave(options: { terminate?: boolean; atOnce?: boolean } = {}): Promise<void> {
    if (!this.#leaving.signal.aborted) {
      this.#ending = options;
      this.#unfollow();
      this.#line?.close();
      this.#leaving.abort();
      this.#left.resolve();
    }
    await Promise.all(this.#locks);
    this.#lobby?.close();
  }

  #keep(settled: Promise<void>, then: () => void = () => {}): void {
    const over = settled
      .catch((error) => this.#refusedLock(error))
      .then(() => {
        this.#locks.delete(over);
        then();
      });
    this.#locks.add(over);
  }

  #refusedLock(error: unknown): void {
    if (this.#leaving.signal.aborted) return;
    void this.leave();
    this.#host.refused(error);
  }

  #join(): void {
    if (this.#leaving.signal.aborted) return;
    const { platform, names } = this.#host;
    this.#lobby = new Lobby(
      platform,
      names,
      (message) => this.#heard(message),
      (kind, version) => this.#stranger(kind, version),
    );
    this.#line = platform.channel(names.line(this.#id));
    this.#line.onMessage = (data) => this.#received(data);
    this.#lobby.say({ kind: 'hello', tab: this.#id });
    this.#queue();
  }

  // --- following

  #heard(message: LobbyMessage): void {
    if (this.#leaving.signal.aborted) return;
    if (message.kind === 'hello') this.#reign?.admit(message.tab, this.#host.platform, this.#host.names);
    else if (message.epoch === this.#epoch || this.#reign) return;
    else if (message.kind === 'vacant') this.#unfollow();
    else this.#lobby?.say({ kind: 'hello', tab: this.#id });
  }

  #stranger(kind: LobbyMessage['kind'], version: number): void {
    if (this.#leaving.signal.aborted) return;
    if (this.#reign && kind === 'hello') this.#lobby?.say({ kind: 'owner', epoch: this.#reign.epoch });
    if (this.#reign || kind !== 'owner') return;
    this.#unfollow();
    this.#host.failed(versionError(version));
  }

  /** The owner's first word of an epoch makes the line; whatever else comes belongs to one. */
  #received(data: unknown): void {
    if (!isEnvelope(data) || !this.#line) return;
    if ('message' in data) {
      this.#port?.receive(data);
      return;
    }
    if (this.#reign || data.epoch === this.#epoch) return;
    this.#epoch = data.epoch;
    this.#port = lineOver(this.#line, data.epoch);
    this.#host.reached(this.#port, undefined);
    this.#queue();
  }

  #unfollow(): void {
    if (this.#epoch === undefined) return;
    this.#epoch = undefined;
    this.#port = undefined;
    this.#host.vacant();
  }

  // --- owning

  #queue(): void {
    if (this.#queueing) return;
    this.#queueing = true;
    const { platform, names } = this.#host;
    const settled = platform.locks.request(names.ownerLock, this.#leaving.signal, () => this.#own());
    this.#keep(settled, () => {
      this.#queueing = false;
      if (this.#deposed) this.#queue();
      this.#deposed = false;
    });
  }

  async #own(): Promise<void> {
    const { signal } = this.#leaving;
    if (signal.aborted) return;
    const epoch = createSessionId();
    this.#lobby?.say({ kind: 'vacant', epoch });
    this.#unfollow();
    try {
      const manager = await openManager(this.#host.opening, signal);
      if (signal.aborted) await manager.close();
      else await this.#rule(manager, epoch);
    } catch (error) {
      if (!signal.aborted) this.#host.failed(asStoreError(error, 'The sessions could not be opened'));
    }
  }

  /** Until the tab leaves, or its manager is closed by hand: then it stands in the queue again. */
  async #rule(manager: SessionManager<TAgentEvent>, epoch: string): Promise<void> {
    const deposed = Promise.withResolvers<void>();
    const reign = new Reign(manager, epoch, deposed.resolve);
    this.#reign = reign;
    this.#host.reached(reign.own, manager);
    this.#lobby?.say({ kind: 'owner', epoch });
    await Promise.race([this.#left.promise, deposed.promise]);
    this.#deposed = !this.#leaving.signal.aborted;
    await reign.end(this.#ending);
    this.#reign = undefined;
    this.#host.vacant();
  }
}
