import type { Message, SessionClient } from 'chartroom';
import { linesOf } from './answer-lines.ts';
import { textOf } from './ask.ts';
import { recall, remember } from './recall.ts';
import { createValue, type Settable, type Value } from './value.ts';

/** What the list of sessions says of one of them. */
export interface Digest {
  /** What its last message comes to, and that message's `seq`. */
  readonly lastLine: string;
  readonly lastSeq: number;
  /** An answer has come that nobody has looked at. */
  readonly unread: boolean;
  readonly answering: boolean;
}

export interface Digests {
  /** The same for each call with the same id. */
  of(sessionId: string): Value<Digest>;
  /** Somebody looks at it from now on, and at no other. */
  look(sessionId: string | undefined): void;
}

const NOTHING: Digest = { lastLine: '', lastSeq: 0, unread: false, answering: false };
/** Up to which message a session was read. A browser that keeps nothing may call a message unread once more. */
const SEEN = 'workspace.seen.';

export function watchDigests(client: SessionClient<never>): Digests {
  const digests = new Map<string, Settable<Digest>>();
  let open: string | undefined;

  const change = (id: string, part: Partial<Digest>) => {
    const digest = digests.get(id);
    digest?.set({ ...digest.get(), ...part });
  };
  const tell = (id: string, { content, role, seq }: Message) => {
    if (id === open) remember(SEEN + id, String(seq));
    const unread = role === 'assistant' && id !== open && seq > Number(recall(SEEN + id) ?? 0);
    change(id, { lastLine: gistOf(textOf(content)), lastSeq: seq, unread });
  };

  client.subscribeToAllSessions(({ sessionId, message }) => tell(sessionId, message), {
    types: ['conversation_added'],
  });
  client.subscribeToAllSessions(
    ({ sessionId, status }) =>
      change(sessionId, { answering: status === 'searching' || status === 'answering' }),
    { types: ['agent_status'] },
  );
  client.subscribeToAllSessions(({ sessionId }) => digests.delete(sessionId), {
    types: ['session_terminated'],
  });

  return {
    of(id) {
      const known = digests.get(id);
      if (known) return known;
      const digest = createValue(NOTHING);
      digests.set(id, digest);
      const first = client.session(id).snapshot({ messages: 1 });
      first.then(
        ({ messages: [last], info }) => {
          if (last && digest.get() === NOTHING) tell(id, last);
          if (info.activeTasks > 0) change(id, { answering: true });
        },
        () => {},
      );
      return digest;
    },
    look(id) {
      open = id;
      const digest = id !== undefined && digests.get(id)?.get();
      if (!digest) return;
      remember(SEEN + id, String(digest.lastSeq));
      change(id, { unread: false });
    },
  };
}

/** Of an answer, the best line that was found. */
function gistOf(text: string): string {
  const lines = linesOf(text);
  const line = lines.find(({ kind }) => kind === 'hit') ?? lines[0];
  return line?.text.slice(0, 120) ?? '';
}
