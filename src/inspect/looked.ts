import type { JsonObject } from '../data.ts';
import type { AppRow, Detail } from './protocol.ts';
import type { Reel } from './reel.ts';

/** Something that is looked at: what is held of its past, and what is added to it. */
export interface Looked {
  readonly reel: Reel;
  /** Of all charts that its entries name. The same object as long as none was added. */
  definitions(): Readonly<Record<string, JsonObject>>;
  /** What is so now. It is asked for four times a second at most. */
  detail(): Detail;
  /** Milliseconds on the clock of its entries. */
  now(): number;
  /** Nobody looks any more. */
  close(): void;
}

/** Other XState apps: where the rows and the subjects `app/<id>` come from. */
export interface AppSource {
  /** The same array as long as nothing has changed. */
  rows(): readonly AppRow[];
  /** `undefined` when there is none of this id. Asked once for all viewers that look. */
  look(id: string): Looked | undefined;
}
