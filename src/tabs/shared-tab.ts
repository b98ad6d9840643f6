import type { SessionClient, Unsubscribe } from '../client.ts';
import { systemClock, Timekeeper } from '../clock.ts';
import { asStoreError } from '../error-info.ts';
import { SessionError } from '../errors.ts';
import type { Guard } from '../guard.ts';
import type { SessionManager } from '../manager.ts';
import { WireClient } from '../wire/client.ts';
import { namesOf } from './lobby.ts';
import { type Opening, openManager } from './open-manager.ts';
import type { Platform } from './platform.ts';
import { Reign } from './reign.ts';
import { Stay } from './stay.ts';
import { type TabState, TabStates } from './tab-state.ts';

/** The sessions that all tabs of one name have in common. */
export interface SharedSessions<TAgentEvent = never> extends SessionClient<TAgentEvent> {
  /** What this tab is to the others. The same object until it changes. */
  readonly state: TabState;
  /** Calls back when `state` has changed. */
  subscribeToState(listener: () => void): Unsubscribe;
  /** The manager, while it is in this tab. */
  readonly manager: SessionManager<TAgentEvent> | undefined;
}

export interface SharedTabParts<TAgentEvent> {
  readonly name: string;
  create: Opening<TAgentEvent>['create'];
  readonly patienceMs: number;
  readonly guard: Guard;
  /** Throws a `SessionError` where tabs cannot find each other. */
  platform(): Platform;
}

type EndOptions = Parameters<Reign<never>['end']>[0];

/** A client whose engine is in this tab or in another one, and moves when that goes. */
export class SharedTab<TAgentEvent> extends WireClient<TAgentEvent> implements SharedSessions<TAgentEvent> {
  readonly #parts: SharedTabParts<TAgentEvent>;
  readonly #states: TabStates;
  readonly #opening: Opening<TAgentEvent>;
  #manager: SessionManager<TAgentEvent> | undefined;
  #stay: { leave: Stay<TAgentEvent>['leave'] } | undefined;
  #forget: Unsubscribe = () => {};

  constructor(parts: SharedTabParts<TAgentEvent>) {
    const { guard, create, patienceMs } = parts;
    const platform = platformOf(parts);
    const time = new Timekeeper('locks' in platform ? platform.clock : systemClock, guard);
    super({ guard, iso: () => time.iso() });
    this.#parts = parts;
    this.#states = new TabStates(guard);
    this.#opening = { create, patienceMs, time };
    if (platform instanceof SessionError) this.#beAlone(platform);
    else this.#share(platform);
  }

  get state(): TabState {
    return this.#states.state;
  }

  get manager(): SessionManager<TAgentEvent> | undefined {
    return this.#manager;
  }

  subscribeToState(listener: () => void): Unsubscribe {
    return this.#states.subscribe(listener);
  }

  #share(platform: Platform): void {
    this.#join(platform);
    this.#forget = platform.onCached(
      () => {
        void this.#stay?.leave({ atOnce: true });
        this.#stay = undefined;
        this.#lose();
      },
      () => {
        if (!this.#stay && this.state.is !== 'closed') this.#join(platform);
      },
    );
  }

  #join(platform: Platform): void {
    const stay: Stay<TAgentEvent> = new Stay({
      platform,
      names: namesOf(this.#parts.name),
      opening: this.#opening,
      reached: (line, manager) => {
        this.#manager = manager;
        this.attach(line, () => this.#states.set({ is: manager ? 'owner' : 'follower' }));
      },
      vacant: () => {
        // Of a stay that is over nobody wants to hear.
        if (this.#stay === stay) this.#lose();
      },
      failed: (reason) => this.#fail(reason),
      refused: (error) => {
        this.#stay = undefined;
        this.#beAlone(asStoreError(error, 'The browser gives no locks'));
      },
    });
    this.#stay = stay;
  }

  #lose(): void {
    this.#manager = undefined;
    this.detach();
    this.#states.set({ is: 'joining' });
  }

  #fail(reason: SessionError): void {
    this.#manager = undefined;
    this.refuse(() => reason);
    this.#states.set({ is: 'failed', reason });
  }

  /** The engine runs here, for nobody else. */
  #beAlone(reason: SessionError): void {
    const leaving = new AbortController();
    const left = Promise.withResolvers<EndOptions>();
    const over = this.#ruleAlone(leaving.signal, left.promise).catch((error) => {
      if (!leaving.signal.aborted) this.#fail(asStoreError(error, 'The sessions could not be opened'));
    });
    this.#stay = {
      leave: async (options) => {
        leaving.abort();
        left.resolve(options);
        await over;
      },
    };
    this.#states.set({ is: 'alone', reason });
  }

  /** Until the tab leaves. A manager that is closed by hand is followed by another one. */
  async #ruleAlone(signal: AbortSignal, left: Promise<EndOptions>): Promise<void> {
    for (;;) {
      const manager = await openManager(this.#opening, signal);
      const closed = Promise.withResolvers<undefined>();
      const reign = new Reign(manager, '', () => closed.resolve(undefined));
      this.#manager = manager;
      this.attach(reign.own);
      await reign.end(await Promise.race([left, closed.promise]));
      if (signal.aborted) return;
      this.#manager = undefined;
      this.detach();
    }
  }

  protected override async leave(terminate: boolean): Promise<void> {
    this.#states.set({ is: 'closed' });
    this.#forget();
    // A page that was put away reaches nobody any more.
    if (terminate && !this.#manager && this.#stay) await this.endAll();
    this.lastLine();
    await this.#stay?.leave({ terminate });
    this.#manager = undefined;
  }
}

function platformOf({ platform }: { platform(): Platform }): Platform | SessionError {
  try {
    return platform();
  } catch (error) {
    return asStoreError(error, 'Tabs cannot find each other');
  }
}
