/**
 * The line between a page and an inspector's app in a window or a frame of it: a `MessagePort`. Texts on it are those of
 * the protocol, objects are about the line itself.
 */
import type { PROTOCOL } from '../protocol.ts';

/** What the app says to the window that it is to look into, by `postMessage`, with one end of a channel. */
export interface Greeting {
  readonly type: typeof PROTOCOL;
  /** That of the document of the app: nobody else knows it. */
  readonly token: string;
}

export type LineSignal =
  /** From the app: so many characters of texts have been worked off since the last time. */
  | { readonly line: 'read'; readonly characters: number }
  /** From the app, a few times a second: timers of the page may be held back, because nobody sees it. */
  | { readonly line: 'tick' }
  /** From the app: it wants the layout engine. To it: here is its program, or the reason why there is none. */
  | { readonly line: 'layout'; readonly program?: string; readonly problem?: string }
  /** From either side: nothing follows. */
  | { readonly line: 'end'; readonly reason?: string };
