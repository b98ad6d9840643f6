import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Session, Unsubscribe } from 'chartroom';
import { answerOf, type LibrarianEvent, librarian, type PauseInput } from 'chartroom/agents/librarian';
import { fromPromise } from 'xstate';
import { findingsOf, type PublishedEvent } from './board.ts';
import type { AskedTurn, Killed } from './ledger.ts';
import type { Part } from './parts.ts';

/** Pieces of the fatal answer that are told, when it is long enough. */
const FATAL_PIECES = 3;
const REASON = 'killed by the atlas, to see who notices';

/** Who is to die, and where: the same in every run. */
export class Fate {
  readonly id: string | undefined;
  /** Asked when no other question of the session had an answer long enough to die in. */
  readonly last: AskedTurn;
  readonly #turns = new Map<string, AskedTurn>();

  /** One of middling size, so that others are at work before and after it. Nobody is killed who is alone. */
  constructor(parts: readonly Part[]) {
    const bySize = parts.toSorted((a, b) => a.files.length - b.files.length);
    this.id = parts.length < 2 ? undefined : bySize[Math.floor(parts.length / 2)]?.id;
    this.last = { turnId: `${this.id}/last`, question: 'Is there anything else?' };
    this.#turns.set(this.last.turnId, this.last);
  }

  /** What it will be asked. The first answer is let pass, so that there is something to lose. */
  learn(questions: ReadonlyMap<string, readonly AskedTurn[]>): void {
    const turns = questions.get(this.id ?? '') ?? [];
    for (const turn of turns.slice(turns.length > 1 ? 1 : 0)) this.#turns.set(turn.turnId, turn);
  }

  turn(turnId: string): AskedTurn | undefined {
    return this.#turns.get(turnId);
  }

  /** How many pieces of an answer are told before the session dies; undefined when it lives through it. */
  fatalPiece(turnId: string, pieces: number): number | undefined {
    if (!this.#turns.has(turnId)) return undefined;
    if (turnId === this.last.turnId) return 0;
    return pieces < 2 ? undefined : Math.min(FATAL_PIECES, pieces - 1);
  }

  /** Where it was when it died, by what it had told: for a death in an earlier run. */
  traces(events: readonly PublishedEvent[]): Killed | undefined {
    const answer = events.findLast(({ type }) => type === 'tool_result');
    const turnId = answer?.type === 'tool_result' ? answer.turnId : '';
    const turn = this.#turns.get(turnId);
    const pieces = piecesOf(answer);
    if (turn === undefined || this.id === undefined) return undefined;
    return { id: this.id, ...turn, told: this.fatalPiece(turnId, pieces) ?? 0, pieces };
  }
}

/**
 * The librarian at a pace, by XState's own way: the same machine, with another actor for the pause. At the place
 * where it is to die it waits for that: what it says is heard once it is stored, and by then it could be through.
 */
export function pacedLibrarian(paceMs: number, fate: Fate): typeof librarian {
  const pause = fromPromise<void, PauseInput>(async ({ input: { turnId, told, pieces }, signal }) => {
    if (fate.fatalPiece(turnId, pieces) === told) await aborted(signal);
    else if (paceMs > 0) await setTimeout(paceMs, undefined, { signal });
    else await setImmediate();
  });
  return librarian.provide({ actors: { pause } });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

export interface Assassin {
  /** Where it struck; undefined as long as it has not. */
  readonly struck: Killed | undefined;
  /** Resolves once the session is gone, or at once when it was spared. */
  finish(): Promise<void>;
}

/** Kills `session` where it is fated to die: inside the listener that hears its last piece. */
export function killMidAnswer(session: Session<LibrarianEvent>, fate: Fate): Assassin {
  const answers = new Map<string, number>();
  let struck: Killed | undefined;
  let gone: Promise<void> = Promise.resolve();

  function strikeAt(turnId: string, told: number): void {
    const turn = fate.turn(turnId);
    const pieces = answers.get(turnId) ?? 0;
    if (turn === undefined || struck !== undefined || fate.fatalPiece(turnId, pieces) !== told) return;
    struck = { id: session.id, ...turn, told, pieces };
    gone = session.kill(REASON);
    gone.catch(() => {}); // reported by finish()
  }

  const unsubscribe: Unsubscribe = session.subscribe(
    (event) => {
      if (event.type === 'tool_result' && findingsOf(event) !== undefined) {
        answers.set(event.turnId, piecesOf(event));
        strikeAt(event.turnId, 0);
      }
      if (event.type === 'llm_stream_chunk') strikeAt(event.turnId, (event.chunkIndex ?? 0) + 1);
    },
    { types: ['tool_result', 'llm_stream_chunk'], from: 0 },
  );

  return {
    get struck() {
      return struck;
    },
    async finish() {
      unsubscribe();
      await gone;
    },
  };
}

function piecesOf(event: PublishedEvent | undefined): number {
  const findings = event && findingsOf(event);
  return findings === undefined ? 0 : answerOf(findings).length;
}
