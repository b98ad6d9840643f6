import { batch, signal } from '@preact/signals';
import {
  type Detail,
  type InspectorMessage,
  type Recording,
  type Subject,
  type TraceEntry,
  trimRecording,
} from 'chartroom/inspect';
import type { Moment } from '../route.ts';

type Said<T extends InspectorMessage['type']> = Extract<InspectorMessage, { type: T }>;

/** Above this many entries a viewer lets the older ones go … */
const MOST_ENTRIES = 20_000;
/** … down to this many: seldom, and many at once, since every view of them begins anew then. */
const KEPT_ENTRIES = 10_000;

const NOTHING: Recording = { definitions: {}, bases: {}, entries: [] };

export type LookState =
  | { readonly is: 'waiting' }
  | { readonly is: 'here' }
  | { readonly is: 'missing'; readonly message: string };

/** One subject as this viewer sees it. What comes is kept at once, and seen when it is published. */
export class Looking {
  readonly subject: Subject;
  readonly state = signal<LookState>({ is: 'waiting' });
  readonly recording = signal<Recording>(NOTHING);
  /** Entries in front of the first one here that are not held any more. */
  readonly missing = signal(0);
  readonly detail = signal<Detail | undefined>(undefined);
  /** An index of the entries here; the address counts the missing ones too. */
  readonly moment = signal<Moment>('live');
  #next: { recording: Recording; missing: number } = { recording: NOTHING, missing: 0 };
  #arrived: TraceEntry[] = [];
  #definitions: Recording['definitions'] | undefined;
  #state: LookState = { is: 'waiting' };
  #detail: Detail | undefined;
  /** As the address has it, until there is something that it can be a moment of. */
  #wanted: number | undefined;

  constructor(subject: Subject, moment: Moment = 'live') {
    this.subject = subject;
    this.goTo(moment);
  }

  /** A moment as an address has it. */
  goTo(moment: Moment): void {
    this.#wanted = undefined;
    if (moment === 'live') this.moment.value = 'live';
    else if (this.state.peek().is === 'here') this.moment.value = Math.max(0, moment - this.missing.peek());
    else this.#wanted = moment;
  }

  /** The moment as an address is to have it. */
  get address(): Moment {
    if (this.#wanted !== undefined) return this.#wanted;
    const moment = this.moment.value;
    return moment === 'live' ? 'live' : moment + this.missing.value;
  }

  begin({ recording, detail, from = 0 }: Said<'looking'>): void {
    this.#next = { recording, missing: from };
    this.#arrived = [];
    this.#definitions = undefined;
    this.#detail = detail;
    this.#state = { is: 'here' };
  }

  append({ entries, dropped = 0, definitions }: Said<'entries'>): void {
    if (this.#state.is !== 'here') return;
    if (definitions) this.#definitions = { ...this.#definitions, ...definitions };
    this.#next.missing += dropped;
    for (const entry of entries) this.#arrived.push(entry);
    // A page that is hidden publishes nothing for hours.
    if (this.#arrived.length > MOST_ENTRIES) this.#settle();
  }

  look({ detail }: Said<'detail'>): void {
    this.#detail = detail;
  }

  lack({ message }: Said<'missing'>): void {
    this.#state = { is: 'missing', message };
  }

  /** Shows what has come. */
  publish(): void {
    const before = this.#next;
    this.#settle();
    const { recording, missing } = this.#next;
    batch(() => {
      this.#moveMoment(before.recording, missing);
      this.recording.value = recording;
      this.missing.value = missing;
      this.detail.value = this.#detail;
      if (this.state.peek().is !== this.#state.is || this.#state.is === 'missing')
        this.state.value = this.#state;
      if (this.#wanted !== undefined && this.#state.is === 'here') this.goTo(this.#wanted);
    });
  }

  /** Keeps the moment on the entry that it was on, as far as that is still there. */
  #moveMoment(before: Recording, missing: number): void {
    const moment = this.moment.peek();
    const gone = missing - this.missing.peek();
    const isSame = before.entries[0] === this.recording.peek().entries[0];
    if (moment === 'live' || (gone === 0 && isSame)) return;
    const { length } = this.#next.recording.entries;
    this.moment.value = Math.min(Math.max(0, moment - gone), length);
  }

  #settle(): void {
    const { recording, missing } = this.#next;
    if (this.#arrived.length === 0 && !this.#definitions) return;
    const whole = {
      bases: recording.bases,
      definitions: this.#definitions
        ? { ...recording.definitions, ...this.#definitions }
        : recording.definitions,
      entries: this.#arrived.length > 0 ? recording.entries.concat(this.#arrived) : recording.entries,
    };
    this.#arrived = [];
    this.#definitions = undefined;
    const held = whole.entries.length > MOST_ENTRIES ? trimRecording(whole, KEPT_ENTRIES) : whole;
    this.#next = { recording: held, missing: missing + whole.entries.length - held.entries.length };
  }
}
