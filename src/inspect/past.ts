import type { Engine } from '../engine.ts';
import type { Fact } from '../session/facts.ts';
import type { SessionState } from '../session/state.ts';
import type { FactQuery, StoredSnapshot } from '../store/port.ts';
import { snapshotOf } from './reel.ts';

/** Facts that are read back, at most: of a session with a longer past it is said what they came to. */
const FACTS_READ_BACK = 10_000;

/** What is still known of a session's past. */
export interface Past {
  /** Of its creation. */
  readonly seq: number;
  /** From its creation on; none when they are not all held any more. */
  readonly facts: readonly Fact[];
  /** Then, what it holds. */
  readonly base?: StoredSnapshot;
  /** How many facts that is. */
  readonly sessionSeq: number;
}

/**
 * Wakes nobody: what sleeps is read from the store. `undefined` when there is no such session and nothing is held of
 * one either. Rejects for one that cannot be read, and when the manager is closed.
 */
export async function readPast(
  engine: Engine,
  id: string,
  ready: Promise<unknown>,
): Promise<Past | undefined> {
  const { registry, dormant, stored } = engine;
  registry.checkFindable(id);
  if (!registry.get(id)) await ready;
  if (!registry.get(id)) engine.journal.checkOpen();
  const isAway = !registry.get(id) && dormant.size > 0;
  const asStored = isAway ? await stored.get().sessions.read(id) : undefined;
  // While it was being read it may have come back, and gone on.
  const state = registry.get(id)?.state ?? asStored;
  return state ? pastOf(engine, state) : endedPast(engine, id);
}

async function pastOf(engine: Engine, state: SessionState): Promise<Past> {
  const { id, seq, sessionSeq } = state;
  if (engine.journal.cutSeq < seq && sessionSeq <= FACTS_READ_BACK) {
    const facts = await collect(engine, { from: seq - 1, sessionId: id, limit: sessionSeq });
    if (facts.length === sessionSeq && facts.every((fact, n) => fact.sessionSeq === n + 1))
      return { seq, facts, sessionSeq };
  }
  // The state has gone on while facts were read; this is how far.
  return { seq, facts: [], base: snapshotOf(state), sessionSeq: state.sessionSeq };
}

/** One that has ended lives on in the events that the store retains. */
async function endedPast(engine: Engine, id: string): Promise<Past | undefined> {
  const retained = await collect(engine, { from: engine.journal.cutSeq, sessionId: id });
  const first = retained.findLastIndex(({ type }) => type === 'session_created');
  const facts = first < 0 ? [] : retained.slice(first);
  const [created] = facts;
  return created && { seq: created.seq, facts, sessionSeq: facts.length };
}

async function collect({ journal }: Engine, query: FactQuery): Promise<Fact[]> {
  const facts: Fact[] = [];
  for await (const fact of journal.facts(query)) facts.push(fact as Fact);
  return facts;
}
