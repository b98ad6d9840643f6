import type { Message } from '../data.ts';

/** Dropped slots are given back once they are at least this many and half of the array. */
const COMPACT_AT = 256;

/**
 * A history bounded by count and by tokens. Appending and dropping the oldest cost the same at any length:
 * the live messages are `items[start…]`, and compaction restores the invariant that at most half is dead.
 */
export class Conversation {
  #items: Message[] = [];
  #sizes: number[] = [];
  #start = 0;
  #tokens = 0;

  get count(): number {
    return this.#items.length - this.#start;
  }

  get tokens(): number {
    return this.#tokens;
  }

  /** Over a limit the oldest go, the order stays. One message over `maxTokens` never gets here. */
  add(message: Message, tokens: number, maxMessages: number, maxTokens: number): void {
    this.#items.push(message);
    this.#sizes.push(tokens);
    this.#tokens += tokens;
    while (this.count > maxMessages || (this.#tokens > maxTokens && this.count > 1)) this.#dropOldest();
  }

  clear(): void {
    this.#items = [];
    this.#sizes = [];
    this.#start = 0;
    this.#tokens = 0;
  }

  /** The newest `limit` of the messages before position `end`, oldest first. */
  slice(limit: number, end = this.count): Message[] {
    const last = Math.max(0, Math.min(end, this.count));
    return this.#items.slice(this.#start + Math.max(0, last - limit), this.#start + last);
  }

  at(position: number): Message | undefined {
    return this.#items[this.#start + position];
  }

  tokensAt(position: number): number {
    return this.#sizes[this.#start + position] ?? 0;
  }

  #dropOldest(): void {
    this.#tokens -= this.#sizes[this.#start] ?? 0;
    this.#start += 1;
    if (this.#start < COMPACT_AT || this.#start * 2 < this.#items.length) return;
    this.#items = this.#items.slice(this.#start);
    this.#sizes = this.#sizes.slice(this.#start);
    this.#start = 0;
  }
}
