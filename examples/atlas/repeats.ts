import type { PublishedEvent } from './board.ts';

/**
 * Tells what an agent says for the first time from what it says again. An agent comes back from a kill as it was
 * last written down, and what it had said since then it says once more: at least once, never less.
 */
export class Repeats {
  readonly #said = new Set<string>();
  /** Of each session the newest event that was no repeat. */
  readonly #newest = new Map<string, string>();

  isRepeat(event: PublishedEvent): boolean {
    const { sessionId } = event;
    const name = nameOf(event);
    const repeated =
      name !== undefined &&
      ('turnId' in event && event.turnId !== undefined
        ? this.#said.has(name)
        : this.#newest.get(sessionId) === name);
    if (repeated) return true;
    if (name !== undefined) this.#said.add(name);
    this.#newest.set(sessionId, name ?? '');
    return false;
  }
}

/** By which an agent's event is known again; undefined for the engine's own, which come once. */
function nameOf(event: PublishedEvent): string | undefined {
  const { sessionId, type } = event;
  switch (type) {
    case 'agent_status':
    case 'tool_result':
      return JSON.stringify([sessionId, type, event.turnId, event.status]);
    case 'llm_stream_chunk':
      return JSON.stringify([sessionId, type, event.turnId, event.chunkIndex]);
    case 'tool_call':
    case 'llm_response':
      return JSON.stringify([sessionId, type, event.turnId]);
    default:
      return undefined;
  }
}
