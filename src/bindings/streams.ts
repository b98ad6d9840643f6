import type { Message } from '../data.ts';
import type { PublishedEvent } from '../events/types.ts';

/** An answer that is being told. */
export interface StreamingText {
  readonly turnId: string;
  /** Its pieces so far, joined. */
  readonly text: string;
  /** All is told; the message that it becomes has not come yet. */
  readonly isFinal: boolean;
  /** Its beginning is missing: it was told before anybody looked, and is not retained any more. */
  readonly isPartial: boolean;
}

interface Telling {
  text: string;
  /** Of the newest piece, where pieces are numbered. */
  index: number | undefined;
  isFinal: boolean;
  isPartial: boolean;
  /** As it was shown last, until another piece comes. */
  shown: StreamingText | undefined;
}

/**
 * The answers of one session that are being told: a fold of its events, at a cost that does not grow with what was
 * told before. An answer ends with its `llm_response`, with the message that it has become, with the agent's next
 * status after the last piece (nothing will be made of it: it was cancelled, or failed), or with the agent itself.
 */
export class Streams {
  readonly #turns = new Map<string, Telling>();
  #list: readonly StreamingText[] | undefined;

  /** The same array until something has changed. */
  list(): readonly StreamingText[] {
    this.#list ??= Object.freeze([...this.#turns].map(show));
    return this.#list;
  }

  receive(event: PublishedEvent): void {
    switch (event.type) {
      case 'llm_stream_chunk':
        this.#add(event);
        break;
      case 'llm_response':
        this.#end(event.turnId);
        break;
      case 'conversation_added':
        if (event.message.role === 'assistant') this.#becomes(event.message);
        break;
      case 'agent_status':
        for (const [turnId, { isFinal }] of this.#turns)
          if (isFinal && (event.turnId ?? turnId) === turnId) this.#end(turnId);
        break;
      case 'session_status':
        if (event.status !== 'active' && event.status !== 'idle') this.clear();
        break;
      case 'session_created':
      case 'session_crashed':
      case 'session_terminated':
        this.clear();
    }
  }

  clear(): void {
    if (this.#turns.size === 0) return;
    this.#turns.clear();
    this.#list = undefined;
  }

  #add(chunk: Extract<PublishedEvent, { type: 'llm_stream_chunk' }>): void {
    const { turnId, content, chunkIndex: index, isFinal = false } = chunk;
    let turn = this.#turns.get(turnId);
    // The end of an answer that never began: it was cancelled while it waited.
    if (!turn && isFinal && content === '') return;
    if (!turn) {
      turn = { text: '', index: undefined, isFinal, isPartial: (index ?? 0) > 0, shown: undefined };
      this.#turns.set(turnId, turn);
    } else if (index !== undefined && turn.index !== undefined && index <= turn.index) {
      // An agent that came back tells again what it had told, or all of it.
      if (index > 0) return;
      turn.text = '';
      turn.isPartial = false;
    }
    turn.text += content;
    turn.index = index;
    turn.isFinal = isFinal;
    turn.shown = undefined;
    this.#list = undefined;
  }

  #end(turnId: string): void {
    if (this.#turns.delete(turnId)) this.#list = undefined;
  }

  /** Its message says which turn it was of, or has its text; else it is the only one, or the one that is all told. */
  #becomes({ content, metadata }: Message): void {
    const named = metadata?.turnId;
    const turns = [...this.#turns];
    const [turnId] =
      typeof named === 'string'
        ? [named]
        : (turns.find(([, { text }]) => text === content) ??
          (turns.length === 1 ? turns[0] : turns.find(([, { isFinal }]) => isFinal)) ??
          []);
    if (turnId !== undefined) this.#end(turnId);
  }
}

function show([turnId, turn]: [string, Telling]): StreamingText {
  const { text, isFinal, isPartial } = turn;
  turn.shown ??= Object.freeze({ turnId, text, isFinal, isPartial });
  return turn.shown;
}
