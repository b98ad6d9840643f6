/** How many a second, of a number that only grows: over about the last five seconds, later ones counting more. */
const SPAN_MS = 5000;

interface Meter {
  rate: number;
  count: number;
  at: number;
}

export class RateMeters {
  readonly #meters = new Map<string, Meter>();

  /** Takes down where `id`'s number stands at `now`, in milliseconds of a clock that goes forward. */
  count(id: string, count: number, now: number): void {
    const meter = this.#meters.get(id);
    if (!meter) {
      this.#meters.set(id, { rate: 0, count, at: now });
      return;
    }
    const gained = Math.max(count - meter.count, 0);
    // As if all that came had come at this moment: it fades from here on.
    meter.rate = faded(meter, now) + gained / (SPAN_MS / 1000);
    meter.count = count;
    meter.at = now;
  }

  /** Per second. 0 of one that was counted only once. */
  rate(id: string, now: number): number {
    const meter = this.#meters.get(id);
    return meter ? faded(meter, now) : 0;
  }

  delete(id: string): void {
    this.#meters.delete(id);
  }

  clear(): void {
    this.#meters.clear();
  }
}

function faded(meter: Meter, now: number): number {
  return meter.rate * Math.exp(-Math.max(now - meter.at, 0) / SPAN_MS);
}

/** A ring of the last numbers, for a chart: the oldest first. */
export class History {
  readonly #values: number[] = [];
  readonly #length: number;

  constructor(length: number) {
    this.#length = length;
  }

  push(value: number): void {
    this.#values.push(value);
    if (this.#values.length > this.#length) this.#values.shift();
  }

  get values(): readonly number[] {
    return this.#values;
  }

  get last(): number {
    return this.#values.at(-1) ?? 0;
  }
}
