/** A recording as the session view reads it: its moments, its messages, and those who take part. */
import { computed, type ReadonlySignal, type Signal } from '@preact/signals';
import {
  type ChartMoment,
  chartId,
  type EntryClock,
  entryClock,
  type Moment,
  type Recording,
  Sequence,
  type SessionMoment,
  Timeline,
  type Trace,
  type TraceFailure,
  timeInWords,
} from 'chartroom/inspect';
import type { Moment as Place } from '../route.ts';

interface Pages {
  readonly timeline: Timeline;
  /** The same moments by another hand: looking back does not take the first from where it is. */
  readonly past: Timeline;
  readonly sequence: Sequence;
  readonly length: number;
}

/** What every part of the view reads and turns. `n` is how many entries have happened. */
export class Book {
  readonly trace: Trace | undefined;
  /** The one session that all of it is about. */
  readonly subject: string | undefined;
  /** Where the trace breaks, within what there is of it. */
  readonly failure: TraceFailure | undefined;
  readonly clock: EntryClock;
  /** Another object whenever something came. */
  readonly pages: ReadonlySignal<Pages>;
  readonly n: ReadonlySignal<number>;
  readonly length: ReadonlySignal<number>;
  /** What holds now. */
  readonly moment: ReadonlySignal<Moment>;
  /** The end is followed. */
  readonly follows: ReadonlySignal<boolean>;
  readonly #place: Signal<Place>;
  readonly #live: ReadonlySignal<boolean>;

  constructor(
    recording: ReadonlySignal<Recording>,
    place: Signal<Place>,
    live: ReadonlySignal<boolean>,
    trace?: Trace,
    subject?: string,
  ) {
    this.trace = trace;
    this.subject = subject;
    this.failure = trace && failureOf(trace);
    this.clock = entryClock(trace);
    this.#place = place;
    this.#live = live;
    let timeline: Timeline | undefined;
    let past: Timeline | undefined;
    let sequence: Sequence | undefined;
    this.pages = computed(() => {
      const next = recording.value;
      if (timeline?.extend(next) && past?.extend(next) && sequence) sequence.extend(next.entries);
      else {
        past = new Timeline(next);
        timeline = new Timeline(next);
        sequence = new Sequence(next);
      }
      return { timeline, past, sequence, length: next.entries.length } as Pages;
    });
    this.length = computed(() => this.pages.value.length);
    this.n = computed(() =>
      place.value === 'live' ? this.length.value : clamp(place.value, this.length.value),
    );
    this.follows = computed(() => place.value === 'live');
    this.moment = computed(() => this.pages.value.timeline.at(this.n.value));
  }

  /** A session as it was before the last entry that said something of it. */
  before(session: SessionMoment): SessionMoment | undefined {
    if (session.entry < 0) return session;
    return this.pages.value.past.at(session.entry).sessions.get(session.id);
  }

  /** A chart as it was before its last snapshot. */
  chartBefore(chart: ChartMoment): ChartMoment | undefined {
    if (chart.entry < 0) return chart;
    return this.pages.value.past.at(chart.entry).charts.get(chartId(chart.definition, chart.actor));
  }

  /** Going forward to the end of what goes on is to follow it again. */
  go(n: number): void {
    const length = this.length.peek();
    const target = clamp(n, length);
    this.#place.value = target === length && this.#live.peek() && target > this.n.peek() ? 'live' : target;
  }

  follow(): void {
    this.#place.value = 'live';
  }

  /** Stays here, whatever comes. */
  hold(): void {
    this.#place.value = this.n.peek();
  }

  /** When the entry with this index happened. */
  timeOf(index: number): string {
    const entry = this.pages.value.timeline.entries[index];
    return entry ? timeInWords(entry.atMs, this.clock) : '';
  }

  /** A moment as it is read out. */
  inWords(n: number): string {
    const { sequence, length } = this.pages.value;
    if (n <= 0) return `before the first of ${length} entries`;
    return `entry ${n} of ${length}, ${this.timeOf(n - 1)}: ${sequence.words(n - 1)}`;
  }
}

/** A trace of a stranger may say any place. */
function failureOf({ failure, entries, steps }: Trace): TraceFailure | undefined {
  if (!failure) return undefined;
  const within = (place: unknown, last: number) =>
    typeof place === 'number' && Number.isFinite(place) ? clamp(place, last) : last;
  return {
    invariant: failure.invariant,
    message: typeof failure.message === 'string' ? failure.message : '',
    entries: within(failure.entries, entries.length),
    step: within(failure.step, Math.max(0, steps.length - 1)),
  };
}

function clamp(n: number, length: number): number {
  return Math.max(0, Math.min(length, Math.trunc(n) || 0));
}
