/** What holds at one moment of a recording. */
import type { Json, JsonObject, SessionStatus } from '../data.ts';
import type { SessionState } from '../session/state.ts';
import { beginning, chartId, Fold } from './fold.ts';
import type { Recording } from './protocol.ts';

/** What holds once the first `n` entries of a recording have happened. Never changes. */
export interface Moment {
  readonly n: number;
  /** By id. One that has ended stays, as it was in the end, until another is created with its id. */
  readonly sessions: ReadonlyMap<string, SessionMoment>;
  /** By {@link chartId}. */
  readonly charts: ReadonlyMap<string, ChartMoment>;
  /** Calls that have begun and not settled, by number. */
  readonly calls: ReadonlyMap<number, OpenCall>;
}

export interface SessionMoment {
  readonly id: string;
  /** What the engine itself would know: a fold over the session's facts. */
  readonly state: Readonly<SessionState>;
  /** The recording does not say what was before: only what came since is here. */
  readonly partial: boolean;
  /** What its agent tells and has not made a message, by turn: the newest 50. */
  readonly answers: ReadonlyMap<string, Answer>;
  /** What the agent said last that it does. */
  readonly agentStatus?: string;
  /** Why something that was told of it could not be taken up. */
  readonly problem?: string;
  /** The index of the last entry that said something of it; -1 for one that only has a base. */
  readonly entry: number;
}

export interface Answer {
  /** Of its first piece: where it stands among the messages. */
  readonly seq: number;
  /** What was told by now. */
  readonly text: string;
  /** Nothing more comes. */
  readonly isWhole: boolean;
}

export interface ChartMoment {
  readonly actor: string;
  /** Names its definition. */
  readonly definition: string;
  /** XState's state value; absent until its first snapshot. */
  readonly value?: Json;
  /** Empty until its first snapshot. */
  readonly status: string;
  readonly context?: Json;
  /** Its value before its last transition. */
  readonly previous?: Json;
  /** What it was given last before its last snapshot. */
  readonly event?: JsonObject;
  /** The index of its last snapshot; -1 before. */
  readonly entry: number;
  /** What it was given since. */
  readonly pending?: JsonObject;
}

export interface OpenCall {
  readonly call: number;
  readonly name: string;
  readonly sessionId?: string;
  readonly arguments?: Json;
  /** The index of the entry with which it began. */
  readonly entry: number;
}

/** Folds from the beginning; a {@link Timeline} is for many moments of one recording. */
export function momentAt(recording: Recording, n: number): Moment {
  const fold = new Fold(beginning(recording.bases));
  for (const entry of recording.entries.slice(0, Math.max(0, n))) fold.apply(entry);
  return fold.moment();
}

/**
 * The chart of a session as it was told or, where it was not, where the session's status says that it is: the chart
 * has one state for each status.
 */
export function sessionChart(moment: Moment, id: string): ChartMoment | undefined {
  const told = moment.charts.get(chartId('session', id));
  const session = moment.sessions.get(id);
  if (told?.value !== undefined || !session) return told;
  const { status } = session.state;
  return {
    actor: id,
    definition: 'session',
    value: valueFor(status),
    status: status === 'terminated' ? 'done' : 'active',
    entry: session.entry,
  };
}

function valueFor(status: SessionStatus): Json {
  return status === 'active' || status === 'idle' ? { running: status } : status;
}
