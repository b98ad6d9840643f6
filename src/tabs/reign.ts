import { nextMacrotask } from '../macrotask.ts';
import type { SessionManager } from '../manager.ts';
import type { Port } from '../wire/port.ts';
import { portPair } from '../wire/port-pair.ts';
import { type Served, serveClient } from '../wire/server.ts';
import { isEnvelope, lineOver } from './line.ts';
import type { Names } from './lobby.ts';
import type { Channel, Platform } from './platform.ts';

/** A tab that is served from this one. */
interface Subject {
  readonly served: Served;
  readonly channel: Channel;
  /** Ends the watch over its lock. */
  readonly watch: AbortController;
}

/** One tab's time as the owner of a manager, which it serves to itself and to others. */
export class Reign<TAgentEvent> {
  readonly epoch: string;
  readonly manager: SessionManager<TAgentEvent>;
  /** The near end of this tab's own line. */
  readonly own: Port;
  readonly #served: Served;
  readonly #subjects = new Map<string, Subject>();
  readonly #closedByHand: () => void;
  #ending = false;

  /** `closed` is called when the manager turns out to have been closed by somebody else. */
  constructor(manager: SessionManager<TAgentEvent>, epoch: string, closed: () => void) {
    this.manager = manager;
    this.epoch = epoch;
    this.#closedByHand = closed;
    const [near, far] = portPair();
    this.own = near;
    this.#served = this.#serve(far, true);
  }

  get subjects(): number {
    return this.#subjects.size;
  }

  #serve(port: Port, sinceOpened: boolean): Served {
    const closed = () => this.#closedByHand();
    return serveClient(this.manager as SessionManager<never>, port, { closed, sinceOpened });
  }

  /** Serves a tab until its lock is free, which tells that it is gone. Who comes at the end is left to the next owner. */
  admit(tab: string, { locks, channel: open }: Platform, names: Names): void {
    if (this.#ending || this.#subjects.has(tab)) return;
    const channel = open(names.line(tab));
    const line = lineOver(channel, this.epoch);
    channel.onMessage = (data) => isEnvelope(data) && line.receive(data);
    const watch = new AbortController();
    this.#subjects.set(tab, { served: this.#serve(line, false), channel, watch });
    line.greet();
    const gone = () => this.#dismiss(tab);
    locks.request(names.tabLock(tab), watch.signal, async () => {}).then(gone, gone);
  }

  #dismiss(tab: string): void {
    const subject = this.#subjects.get(tab);
    if (!subject || !this.#subjects.delete(tab)) return;
    subject.served.end();
    subject.channel.close();
    subject.watch.abort();
  }

  /** Begins no more calls, closes the manager, which settles those in flight, and lets everybody go. */
  async end(options: { terminate?: boolean; atOnce?: boolean } = {}): Promise<void> {
    const { terminate = false, atOnce = false } = options;
    this.#ending = true;
    this.#served.stop();
    for (const { served } of this.#subjects.values()) served.stop();
    await this.manager.close({ terminate });
    // What it has settled is on its way; a page that is being put away has no other turn.
    if (!atOnce) await new Promise<void>((resolve) => nextMacrotask(resolve));
    for (const tab of [...this.#subjects.keys()]) this.#dismiss(tab);
    this.#served.end();
  }
}
