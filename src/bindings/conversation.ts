import type { Message, SessionInfo } from '../data.ts';
import type { SessionError } from '../errors.ts';
import type { PublishedEvent } from '../events/types.ts';
import { Streams } from './streams.ts';
import { CONVERSATION_LOADING, type ConversationView, type Snapshot, view } from './views.ts';

/** Of a conversation that has no snapshot. */
const NOWHERE = -1;

/**
 * A session's conversation as a fold: a snapshot, and the events after it. Pieces of answers are folded from
 * earlier on, so that one that was half told at the snapshot is there from its beginning.
 */
export class Conversation {
  #messages: readonly Message[] = CONVERSATION_LOADING.messages;
  /** To go after `#messages`, once for all that come in a turn. */
  #added: Message[] = [];
  #streams = new Streams();
  #maxMessages = Number.POSITIVE_INFINITY;
  #error: SessionError | undefined;
  /** The newest event that is in it. */
  #seq = NOWHERE;
  /** The newest event that was told, and the newest message of the snapshot. */
  #told = NOWHERE;
  #newest = NOWHERE;

  get seq(): number {
    return this.#seq;
  }

  get loaded(): boolean {
    return this.#seq !== NOWHERE;
  }

  /** Returns the cursor from which events are to be given: what is being told began after that. */
  reset({ info, messages, seq }: Snapshot): number {
    this.#messages = Object.freeze(messages);
    this.#added = [];
    this.#streams = new Streams();
    this.#maxMessages = info.config.maxMessages;
    this.#error = undefined;
    this.#seq = seq;
    this.#newest = messages.at(-1)?.seq ?? NOWHERE;
    this.#told = Math.min(Math.max(beginning(messages), info.seq), seq);
    return this.#told;
  }

  /** The messages stay: they are what was said. */
  fail(error: SessionError): void {
    this.#flush();
    this.#streams.clear();
    this.#error = error;
    this.#seq = NOWHERE;
  }

  forget(): void {
    this.#messages = CONVERSATION_LOADING.messages;
    this.#added = [];
    this.#streams.clear();
    this.#error = undefined;
    this.#seq = NOWHERE;
  }

  receive(event: PublishedEvent): void {
    if (!this.loaded) return;
    this.#streams.receive(event);
    this.#told = event.seq;
    if (event.seq <= this.#seq) return;
    this.#seq = event.seq;
    if (event.type === 'session_created' || event.type === 'session_terminated') this.#end();
    if (event.type === 'conversation_added') this.#added.push(event.message);
    if (event.type === 'conversation_cleared') {
      this.#messages = CONVERSATION_LOADING.messages;
      this.#added = [];
    }
  }

  /** What follows is of another session of this id: it is not added to what this one said. */
  #end(): void {
    this.#flush();
    this.#seq = NOWHERE;
  }

  /** What a session drops over its limits it does not tell; how many it holds at one `seq`, it does. */
  trim({ messageCount, config }: SessionInfo, seq: number): void {
    if (!this.loaded) return;
    this.#flush();
    this.#maxMessages = config.maxMessages;
    const known = this.#messages.filter((message) => message.seq <= seq).length;
    if (known > messageCount) this.#messages = Object.freeze(this.#messages.slice(known - messageCount));
  }

  view(previous: ConversationView): ConversationView {
    if (!this.loaded && !this.#error) return previous;
    this.#flush();
    const status = this.#error ? 'error' : 'ready';
    const messages = this.#messages;
    // Before that, an answer that is a message already looks as if it were being told.
    const streaming = this.#told < this.#newest ? CONVERSATION_LOADING.streaming : this.#streams.list();
    const { error } = this.#error ? { error: this.#error } : { error: undefined };
    const isSame = previous.messages === messages && sameList(previous.streaming, streaming);
    if (previous.status === status && isSame && previous.error === error) return previous;
    return view({ status, messages, streaming, error } as ConversationView);
  }

  #flush(): void {
    if (this.#added.length === 0) return;
    const messages = [...this.#messages, ...this.#added];
    this.#added = [];
    const excess = messages.length - this.#maxMessages;
    this.#messages = Object.freeze(excess > 0 ? messages.slice(excess) : messages);
  }
}

/**
 * What is being told was asked last, or before the answer to that: while one is told, the next questions may be asked.
 */
function beginning(messages: readonly Message[]): number {
  const last = (role: Message['role']) => messages.findLast((message) => message.role === role);
  const answer = last('assistant') ?? messages[0];
  return Math.min(last('user')?.seq ?? 0, answer?.seq ?? 0);
}

function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a === b || (a.length === 0 && b.length === 0);
}
