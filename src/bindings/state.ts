import type { SessionClient, Unsubscribe } from '../client.ts';
import type { SessionInfo } from '../data.ts';
import type { Cell } from './cell.ts';
import type { SessionFeed } from './feed.ts';
import { hubOf } from './hub.ts';
import {
  type ContextParts,
  type ConversationParts,
  type ConversationView,
  type InitialData,
  PARTS_LOADING,
  type PartView,
  type SessionView,
} from './views.ts';
import type { LoadingWatch, Watch } from './watch.ts';
import { nothing, watchConversation, watchOf, watchSession } from './watches.ts';

/**
 * Everything about one session. What is read of it is what is asked of the client and kept current, from the first
 * time that it is read; until it has come, lists are empty and the rest is `undefined`.
 */
export interface SessionState extends ConversationParts, ContextParts {
  /** Of `info`. */
  readonly status: SessionView['status'];
  readonly error: SessionView['error'];
  readonly info: SessionInfo | undefined;
}

interface Views {
  info: SessionView;
  conversation: ConversationView;
  files: PartView<ContextParts['files']>;
  fileIndex: PartView<ContextParts['fileIndex']>;
  workingContext: PartView<ContextParts['workingContext']>;
}
type Part = keyof Views;

/** A watch of its own for whoever selects: `get` returns another state when a part has changed that was read. */
export function watchState(
  client: SessionClient,
  id: string | undefined,
  initial?: InitialData,
): Watch<SessionState> & { readonly fallback: SessionState } {
  const watches: { readonly [P in Part]: LoadingWatch<Views[P]> } = {
    info: watchSession(client, id, {}, initial),
    conversation: watchConversation(client, id, initial),
    files: watchPart(client, id, 'files'),
    fileIndex: watchPart(client, id, 'fileIndex'),
    workingContext: watchPart(client, id, 'workingContext'),
  };
  const listeners = new Set<{ readonly onChange: () => void }>();
  /** Parts that have been read, and how to stop looking at them; nobody looks without a listener. */
  const read = new Map<Part, Unsubscribe | undefined>();
  let state: SessionState | undefined;
  let shown = new Map<Part, unknown>();

  const tell = () => {
    for (const listener of [...listeners]) if (listeners.has(listener)) listener.onChange();
  };
  const look = (part: Part) => watches[part].subscribe(tell);

  function show<P extends Part>(part: P, seen: Map<Part, unknown>): Views[P] {
    if (!read.has(part)) read.set(part, listeners.size > 0 ? look(part) : undefined);
    if (!seen.has(part)) seen.set(part, watches[part].get());
    return seen.get(part) as Views[P];
  }

  return {
    fallback: stateOf((part) => watches[part].fallback),
    get() {
      for (const [part, view] of shown) if (watches[part].get() !== view) state = undefined;
      if (!state) {
        const seen = new Map<Part, unknown>();
        shown = seen;
        state = stateOf((part) => show(part, seen));
      }
      return state;
    },
    subscribe(onChange) {
      const listener = { onChange };
      listeners.add(listener);
      if (listeners.size === 1) for (const part of read.keys()) read.set(part, look(part));
      return () => {
        if (!listeners.delete(listener) || listeners.size > 0) return;
        for (const [part, stop] of read) {
          stop?.();
          read.set(part, undefined);
        }
      };
    },
  };
}

function stateOf(show: <P extends Part>(part: P) => Views[P]): SessionState {
  return Object.freeze({
    get status() {
      return show('info').status;
    },
    get error() {
      return show('info').error;
    },
    get info() {
      return show('info').info;
    },
    get messages() {
      return show('conversation').messages;
    },
    get streaming() {
      return show('conversation').streaming;
    },
    get files() {
      return show('files').value;
    },
    get fileIndex() {
      return show('fileIndex').value;
    },
    get workingContext() {
      return show('workingContext').value;
    },
  });
}

function watchPart<P extends keyof ContextParts>(client: SessionClient, id: string | undefined, part: P) {
  type View = PartView<ContextParts[P]>;
  const fallback: View = PARTS_LOADING[part];
  if (id === undefined) return nothing(fallback);
  const hub = hubOf(client);
  const cellOf = (feed: SessionFeed): Cell<View> => feed.context[part].cell;
  return watchOf<View>(
    () => {
      const feed = hub.feed(id);
      return feed && cellOf(feed);
    },
    () => cellOf(hub.feedOf(id)),
    fallback,
  );
}
