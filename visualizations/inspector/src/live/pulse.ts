import type { InspectorMessage } from 'chartroom/inspect';
import { History } from '../fleet/rate.ts';

type Pulse = Extract<InspectorMessage, { type: 'pulse' }>;

/** Seconds of the past in a chart. */
export const CHART_SECONDS = 60;

export const SERIES = ['sessions', 'facts', 'messages', 'crashes', 'pending'] as const;
export type Series = (typeof SERIES)[number];

/** What the engine has said of itself each second. */
export class Pulses {
  readonly history: Readonly<Record<Series, History>> = {
    sessions: new History(CHART_SECONDS),
    facts: new History(CHART_SECONDS),
    messages: new History(CHART_SECONDS),
    crashes: new History(CHART_SECONDS),
    pending: new History(CHART_SECONDS),
  };
  #last: Pulse | undefined;

  get last(): Pulse | undefined {
    return this.#last;
  }

  push(pulse: Pulse): void {
    // The first that comes after a connection counts for the whole second before it.
    const seconds = Math.max((pulse.now - (this.#last?.now ?? pulse.now)) / 1000, 1);
    const { sessions } = pulse.stats;
    const facts = Object.values(pulse.facts).reduce((sum, count) => sum + count, 0);
    this.history.sessions.push(
      Object.values(sessions).reduce((sum, count) => sum + count, 0) - sessions.terminated,
    );
    this.history.facts.push(facts / seconds);
    this.history.messages.push((pulse.facts.conversation_added ?? 0) / seconds);
    this.history.crashes.push((pulse.facts.session_crashed ?? 0) / seconds);
    this.history.pending.push(pulse.stats.pending);
    this.#last = pulse;
  }
}
