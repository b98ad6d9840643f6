import type { Message } from '../src/data.ts';
import { defaults } from '../src/settings.ts';
import type { JournalRecord } from '../src/store/port.ts';

/** 20 characters. */
export const TEXT = 'twenty characters ok';

const EMPTY = Object.freeze({});

/** Writes the facts that the engine would write, for stores that are filled and measured without it. */
export class Scribe {
  readonly #at: string;
  #seq: number;

  /** `seq` is that of the newest fact there is. */
  constructor(seq = 0, at = new Date().toISOString()) {
    this.#seq = seq;
    this.#at = at;
  }

  /** The facts of a session that was created, became active, and had these many messages sent to it. */
  session(id: string, messages: number): JournalRecord[] {
    const payload = { metadata: EMPTY, llmConfig: EMPTY, config: defaults.sessionDefaults };
    const facts = [
      this.#fact(id, 1, 'session_created', payload, 0),
      this.#fact(id, 2, 'session_status', { status: 'active', previousStatus: 'initializing' }, null),
    ];
    for (let n = 1; n <= messages; n += 1) facts.push(this.message(id, 2, n));
    return facts;
  }

  /** The session's `n`th message, after as many facts that are none. */
  message(id: string, before: number, n: number): JournalRecord {
    const message: Message = {
      id: `${id}:${n}`,
      seq: this.#seq + 1,
      role: 'user',
      content: TEXT,
      createdAt: this.#at,
    };
    return this.#fact(id, before + n, 'conversation_added', { message, tokens: TEXT.length / 4 });
  }

  /** An active session falls idle, with nothing that would end it. */
  idle(id: string, sessionSeq: number): JournalRecord {
    return this.#fact(id, sessionSeq, 'session_status', { status: 'idle', previousStatus: 'active' }, null);
  }

  #fact(
    sessionId: string,
    sessionSeq: number,
    type: string,
    payload: object,
    wakeAt?: number | null,
  ): JournalRecord {
    this.#seq += 1;
    const fact = { seq: this.#seq, sessionId, sessionSeq, at: this.#at, type, payload };
    return wakeAt === undefined ? fact : { ...fact, wakeAt };
  }
}
