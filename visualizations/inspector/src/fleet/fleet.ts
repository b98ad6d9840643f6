import type { FleetChange, FleetRow, InspectorMessage } from 'chartroom/inspect';
import { RateMeters } from './rate.ts';

type FleetMessage = Extract<InspectorMessage, { type: 'fleet' }>;

/** The sessions as the inspector tells of them: plain data, changed as messages come, read once a frame. */
export class Fleet {
  readonly #rows = new Map<string, FleetRow>();
  readonly #rates = new RateMeters();
  #hidden = 0;

  /** `now` in milliseconds of this machine's clock: rates are counted by when things are heard of. */
  apply(message: FleetMessage, now: number): void {
    if (message.reset) {
      this.#rows.clear();
      this.#rates.clear();
    }
    for (const row of message.rows ?? []) this.#set(row, now);
    for (const change of message.changes ?? []) this.#change(change, now);
    for (const id of message.gone ?? []) {
      this.#rows.delete(id);
      this.#rates.delete(id);
    }
    if (message.hidden !== undefined) this.#hidden = message.hidden;
    else if (message.reset) this.#hidden = 0;
  }

  get(id: string): FleetRow | undefined {
    return this.#rows.get(id);
  }

  rows(): IterableIterator<FleetRow> {
    return this.#rows.values();
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Sessions there are no rows for, because the inspector's list is bounded. */
  get hidden(): number {
    return this.#hidden;
  }

  /** Facts a second, lately. */
  rate(id: string, now: number): number {
    return this.#rates.rate(id, now);
  }

  #set(row: FleetRow, now: number): void {
    this.#rows.set(row.id, row);
    this.#rates.count(row.id, row.facts, now);
  }

  /** What is `null` in a change is no longer there; a change of an unknown session is for a row that was hidden. */
  #change(change: FleetChange, now: number): void {
    const row = this.#rows.get(change.id);
    if (!row) return;
    const next: Record<string, unknown> = { ...row };
    for (const [key, value] of Object.entries(change))
      if (value === null) delete next[key];
      else next[key] = value;
    this.#set(next as unknown as FleetRow, now);
  }
}
