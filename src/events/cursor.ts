import type { Guard } from '../guard.ts';
import { freezeJson } from '../json.ts';
import type { Fact } from '../session/facts.ts';
import type { FactQuery, JournalRecord } from '../store/port.ts';
import { toEvent } from './face.ts';
import type { GapEvent, SessionEvent } from './types.ts';

const PAGE = 256;

/** What a replay reads from. */
export interface FactSource {
  /** The newest fact whose event has been published. */
  readonly publishedSeq: number;
  /** The newest fact that retention has cut. */
  readonly cutSeq: number;
  /** ISO 8601, now. */
  iso(): string;
  facts(query: FactQuery): AsyncIterable<JournalRecord> | Iterable<JournalRecord>;
}

export interface ReplayQuery {
  /** Events with a greater `seq`. */
  readonly from: number;
  readonly sessionId: string | undefined;
  readonly types: ReadonlySet<string> | undefined;
}

export function gapEvent(from: number, to: number, at: string): GapEvent {
  return Object.freeze({ type: 'gap', seq: to, at, from, to });
}

/**
 * The retained events after a cursor, then `goLive(cursor)` in the very turn in which nothing is missing: live
 * events with a greater `seq` follow on without a gap or a repeat.
 */
export async function* replay(
  source: FactSource,
  { from, sessionId, types }: ReplayQuery,
  goLive: (cursor: number) => void,
): AsyncGenerator<SessionEvent, void> {
  let cursor = from;
  for (;;) {
    const { cutSeq, publishedSeq } = source;
    if (cursor < cutSeq) {
      yield gapEvent(cursor + 1, cutSeq, source.iso());
      cursor = cutSeq;
      continue;
    }
    if (cursor >= publishedSeq) {
      goLive(cursor);
      return;
    }
    // A page is held whole, so that retention cannot cut it under a slow reader.
    const page: JournalRecord[] = [];
    const query = { from: cursor, limit: PAGE, ...(sessionId !== undefined && { sessionId }) };
    for await (const record of source.facts(query)) if (record.seq <= publishedSeq) page.push(record);
    if (source.cutSeq > cursor) continue;
    cursor = page.length < PAGE ? publishedSeq : (page[PAGE - 1] as JournalRecord).seq;
    for (const record of page)
      if (record.type !== 'agent_saved' && (!types || types.has(record.type))) {
        freezeJson(record.payload);
        yield toEvent(record as Fact);
      }
  }
}

/** Who is told what has been, and then what comes. */
export interface Follower {
  readonly guard: Guard;
  isThere(): boolean;
  tell(event: SessionEvent): void;
  /** What comes after the cursor is for this one to hear. */
  goLive(cursor: number): void;
}

/** Tells the past after `from`. A store that does not give it leaves a gap: what comes is heard all the same. */
export async function tellPast(
  source: FactSource,
  past: AsyncIterable<SessionEvent>,
  from: number,
  { guard, isThere, tell, goLive }: Follower,
): Promise<void> {
  let told = from;
  try {
    for await (const event of past) {
      if (!isThere()) return;
      told = event.seq;
      tell(event);
    }
  } catch (error) {
    if (!isThere()) return;
    guard.log('error', 'chartroom: a subscription could not be given its past events.', error);
    const { publishedSeq } = source;
    goLive(Math.max(told, publishedSeq));
    if (publishedSeq > told) tell(gapEvent(told + 1, publishedSeq, source.iso()));
  }
}
