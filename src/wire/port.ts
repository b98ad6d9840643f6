/**
 * One end of a line between a client and what serves it: ordered, nothing lost while it is up. Messages are plain
 * data, fit for a structured clone.
 */
export interface Port {
  post(message: unknown): void;
  /** Set by whoever takes the end. Called once for each message, never from within `post` of the same end. */
  onMessage: ((message: unknown) => void) | undefined;
}
