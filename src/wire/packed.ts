import type { Json } from '../data.ts';

/** What JSON cannot say, so that the far end can refuse it in the words in which it refuses the thing itself. */
export type OddKind =
  | 'undefined'
  | 'number'
  | 'bigint'
  | 'symbol'
  | 'function'
  | 'symbol key'
  | 'accessor'
  /** Of a class; the text is its name. */
  | 'instance'
  /** An array that is not of this realm's `Array`. */
  | 'strange array'
  /** The text is the level of the ancestor that it leads back to. */
  | 'cycle'
  | 'unreadable'
  | 'signal';

/** Where in the arguments it stood, what it was, and what is left of it. */
export type Oddity = readonly [path: readonly (string | number)[], kind: OddKind, text?: string];

/** The arguments of a call as they were when it was made, as JSON with a `null` for whatever is odd. */
export interface PackedArguments {
  readonly args: readonly Json[];
  readonly odd?: readonly Oddity[];
}
