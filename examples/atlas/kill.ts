import type { Session, Unsubscribe } from 'chartroom';
import { answerOf, type LibrarianEvent } from 'chartroom/agents/librarian';
import { findingsOf } from './board.ts';
import type { AskedTurn, Killed } from './ledger.ts';

/** The piece after which it dies, when the answer is long enough: the third. */
const FATAL_PIECE = 2;
const REASON = 'killed by the atlas, to see who notices';

export interface Assassin {
  /** Where it struck; undefined as long as it has not. */
  readonly struck: Killed | undefined;
  /** From now on a session that is still searching may die, too. */
  hurry(): void;
  /** Resolves once the session is gone, or at once when it was spared. */
  finish(): Promise<void>;
}

/**
 * Kills `session` in the middle of one of the answers to `turns`: inside the listener that hears a piece that
 * is not the last. An answer of one piece has no middle, and is let pass.
 */
export function killMidAnswer(
  session: Session<LibrarianEvent>,
  turns: ReadonlyMap<string, AskedTurn>,
): Assassin {
  const pieces = new Map<string, number>();
  let struck: Killed | undefined;
  let inSearch = false;
  let gone: Promise<void> = Promise.resolve();

  function strike(turnId: string, told: number): void {
    const turn = turns.get(turnId);
    if (turn === undefined || struck !== undefined) return;
    struck = { id: session.id, ...turn, told, pieces: pieces.get(turnId) ?? 0 };
    gone = session.kill(REASON);
    gone.catch(() => {}); // reported by finish()
  }

  const unsubscribe: Unsubscribe = session.subscribe(
    (event) => {
      if (event.type === 'tool_call' && inSearch) strike(event.turnId, 0);
      if (event.type === 'tool_result') {
        const findings = findingsOf(event);
        if (findings === undefined) return;
        pieces.set(event.turnId, answerOf(findings).length);
      }
      if (event.type === 'llm_stream_chunk') {
        const last = (pieces.get(event.turnId) ?? 1) - 1;
        if (event.chunkIndex === Math.min(FATAL_PIECE, last - 1)) strike(event.turnId, event.chunkIndex + 1);
      }
    },
    { types: ['tool_call', 'tool_result', 'llm_stream_chunk'] },
  );

  return {
    get struck() {
      return struck;
    },
    hurry() {
      inSearch = true;
    },
    async finish() {
      unsubscribe();
      await gone;
    },
  };
}
