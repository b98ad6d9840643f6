import { Bus, type Subscription } from '../events/bus.ts';
import { type FactSource, gapEvent } from '../events/cursor.ts';
import { Subscriptions } from '../events/subscriptions.ts';
import type { GapEvent, SessionEvent } from '../events/types.ts';
import type { Guard } from '../guard.ts';
import { freezeJson } from '../json.ts';
import type { Fact } from '../session/facts.ts';
import type { FactQuery, JournalRecord } from '../store/port.ts';
import type { Answer, PastPage, Request } from './protocol.ts';

type Listening = Extract<Answer, { type: 'listening' }>;

/** What a feed needs of its client. */
export interface FeedHost {
  readonly guard: Guard;
  /** ISO 8601, now. */
  iso(): string;
  /** Asks the engine for past events. */
  past(query: FactQuery): Promise<PastPage>;
}

/**
 * The events of all sessions at the near end of a wire: one subscription at the far end for as long as the line is
 * up, so that a listener hears all that comes from the moment it is added here; they are spread by the very parts
 * that spread them where the engine is. It outlives the line, and goes on where it was.
 */
export class Feed implements FactSource {
  readonly subscriptions: Subscriptions;
  readonly #host: FeedHost;
  readonly #bus: Bus;
  readonly #heard = Promise.withResolvers<void>();
  /** The journal that the cursors are of. Until it is known nothing was heard. */
  #journal: string | undefined;
  /** Who was being given the past of a journal that is gone: their cursors mean nothing in this one. */
  readonly #stranded = new Set<Subscription>();
  #position = 0;
  #cut = 0;

  constructor(host: FeedHost) {
    this.#host = host;
    this.#bus = new Bus(host.guard);
    this.subscriptions = new Subscriptions(this.#bus, this, host.guard, this.#heard.promise);
  }

  // --- what a replay reads from

  get publishedSeq(): number {
    return this.#position;
  }

  get cutSeq(): number {
    return this.#cut;
  }

  iso(): string {
    return this.#host.iso();
  }

  async *facts(query: FactQuery): AsyncGenerator<JournalRecord> {
    const { cutSeq, events } = await this.#host.past(query);
    this.#cut = Math.max(this.#cut, cutSeq);
    for (const event of events) yield typeof event === 'number' ? eventless(event) : toFact(event);
  }

  // --- the line

  /** What a line is opened with: from now on, or from where the last one broke. */
  wish(): Request {
    const journal = this.#journal;
    return { type: 'listen', ...(journal !== undefined && { journal, from: this.#position }) };
  }

  listening({ from, journal, cutSeq }: Listening): void {
    const lost = this.#journal !== undefined && (journal !== this.#journal || from !== this.#position);
    this.#journal = journal;
    this.#position = from;
    this.#cut = cutSeq;
    if (lost) {
      const { guard } = this.#host;
      guard.log('warn', 'chartroom: the sessions were in memory only, and went with the tab that had them.');
      for (const subscription of this.#bus.all())
        if (Number.isFinite(subscription.after)) subscription.after = -1;
        else this.#stranded.add(subscription);
      this.#tellGap(gapEvent(0, from, this.iso()));
    }
    this.#heard.resolve();
  }

  events(events: readonly SessionEvent[]): void {
    for (const event of events) {
      // It was heard before the line broke.
      if (event.seq <= this.#position) continue;
      this.#takeUp();
      this.#position = event.seq;
      if (event.type === 'gap') this.#gap(event);
      else this.#bus.publish(toFact(event));
    }
  }

  /** Whose replay is over by now has missed what has come of this journal meanwhile. */
  #takeUp(): void {
    for (const subscription of this.#stranded) {
      if (subscription.live && !Number.isFinite(subscription.after)) continue;
      this.#stranded.delete(subscription);
      subscription.after = this.#position;
      const gap = gapEvent(0, this.#position, this.iso());
      if (subscription.live) this.#host.guard.notify('a listener', subscription.listener, gap);
    }
  }

  #gap(event: GapEvent): void {
    this.#cut = Math.max(this.#cut, event.to);
    this.#tellGap(Object.freeze(event));
  }

  /** To everybody who is not being given the past, and will hear of it there. */
  #tellGap(event: GapEvent): void {
    for (const subscription of this.#bus.all())
      if (subscription.live && event.seq > subscription.after)
        this.#host.guard.notify('a listener', subscription.listener, event);
  }

  close(): void {
    this.subscriptions.close();
    this.#heard.resolve();
  }
}

/** What an event is the face of, as far as that shows: publishing it makes the event again. */
function toFact(event: SessionEvent): Fact {
  const { type, sessionId, seq, at, ...payload } = event;
  return { type, sessionId, seq, at, sessionSeq: 0, payload: freezeJson(payload) } as unknown as Fact;
}

/** Stands for a fact that has no event. */
function eventless(seq: number): JournalRecord {
  return { type: 'agent_saved', sessionId: '', seq, at: '', sessionSeq: 0, payload: {} };
}
