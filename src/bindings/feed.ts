import type { CreateSessionOptions, SessionClient, Unsubscribe } from '../client.ts';
import type { SessionEvent } from '../events/types.ts';
import { Cell } from './cell.ts';
import { type ContextPart, contextPart } from './context-part.ts';
import { Conversation } from './conversation.ts';
import { WITHOUT_CHUNKS } from './event-types.ts';
import { Portrait } from './portrait.ts';
import { Question } from './question.ts';
import {
  asSessionError,
  CONVERSATION_LOADING,
  type ContextParts,
  type ConversationView,
  SESSION_LOADING,
  type SessionView,
  type Snapshot,
} from './views.ts';

/** Whom a feed tells that it begins and ends to look. */
export interface FeedHost {
  readonly client: SessionClient;
  began(feed: SessionFeed): void;
  ended(feed: SessionFeed): void;
}

/**
 * One session, for all that look at it: one subscription, and of what it shows only the parts that somebody looks
 * at. It belongs to the id: a session that is gone may come again.
 */
export class SessionFeed {
  readonly id: string;
  readonly info: Cell<SessionView>;
  readonly conversation: Cell<ConversationView>;
  readonly context: { readonly [P in keyof ContextParts]: ContextPart<P> };
  readonly #host: FeedHost;
  readonly #portrait = new Portrait();
  readonly #talk = new Conversation();
  /** The info record and the cursor at which it was so. */
  readonly #head: Question<Snapshot>;
  readonly #snapshot: Question<Snapshot>;
  #unsubscribe: Unsubscribe | undefined;
  /** The end of the last gap that was made good. */
  #mended = 0;
  /** The newest event that was told: a snapshot may come before its events, which are then told again. */
  #heard = 0;
  #live = 0;

  constructor(host: FeedHost, id: string) {
    this.#host = host;
    this.id = id;
    const life = { start: () => this.#start(), stop: () => this.#stop() };
    const { client } = host;
    const snapshot = async (options?: { messages: number }): Promise<Snapshot> =>
      client.session(id).snapshot(options);
    this.#head = new Question(
      () => snapshot({ messages: 0 }),
      (answer) => this.#showHead(answer),
      (error) => this.#failHead(error),
    );
    this.#snapshot = new Question(
      () => snapshot(),
      (answer) => this.#showAll(answer),
      (error) => this.#failAll(error),
    );
    this.info = new Cell(SESSION_LOADING, {
      compute: (previous) => this.#portrait.view(previous),
      start: () => {
        this.#start();
        // An answer that is on its way may be from before what this one would have had asked again.
        if (this.#head.resting) this.#head.ask();
        else this.#head.stale();
      },
      stop: () => {
        this.#portrait.forget();
        this.#stop();
      },
      retry: () => this.#head.stale(),
    });
    this.conversation = new Cell(CONVERSATION_LOADING, {
      compute: (previous) => this.#talk.view(previous),
      start: () => {
        this.#start();
        this.#snapshot.ask();
      },
      stop: () => {
        this.#snapshot.drop();
        this.#talk.forget();
        this.#stop();
      },
      retry: () => this.#snapshot.stale(),
    });
    this.context = {
      files: contextPart(client, id, 'files', life),
      fileIndex: contextPart(client, id, 'fileIndex', life),
      workingContext: contextPart(client, id, 'workingContext', life),
    };
  }

  /**
   * Has the session made unless it is there. What is asked while one is being made is one creation: components that
   * mount together, or twice, make one session. A failure is shown in place of that the session is not there.
   */
  create(options: CreateSessionOptions): void {
    if (!this.#portrait.beginCreation()) return;
    const ended = (error?: unknown) => {
      this.#portrait.endCreation(error === undefined ? undefined : asSessionError(error, this.id));
      this.resync();
    };
    (async () => this.#host.client.getOrCreateSession(this.id, options))().then(() => ended(), ended);
  }

  resync(): void {
    this.#heard = 0;
    if (this.info.live) this.#head.stale();
    if (this.conversation.live) this.#snapshot.stale();
    for (const part of Object.values(this.context)) part.resync();
  }

  #start(): void {
    this.#live += 1;
    if (this.#live > 1) return;
    this.#host.began(this);
    this.#subscribe();
  }

  #stop(): void {
    this.#live -= 1;
    if (this.#live > 0) return;
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#head.drop();
    this.#host.ended(this);
  }

  /** In place of the subscription there was. `from` is for whoever folds. */
  #subscribe(from?: number): void {
    this.#unsubscribe?.();
    const listener = (event: SessionEvent) => this.#receive(event);
    const { client } = this.#host;
    const { id } = this;
    try {
      this.#unsubscribe =
        from === undefined
          ? client.subscribeToSession(id, listener, { types: WITHOUT_CHUNKS })
          : client.subscribeToSession(id, listener, { from });
    } catch {
      // What is asked fails with the same.
      this.#unsubscribe = undefined;
    }
  }

  #receive(event: SessionEvent): void {
    if (event.type === 'gap') {
      if (event.to <= Math.max(this.#talk.seq, this.#mended)) return;
      this.#mended = event.to;
      this.resync();
      return;
    }
    const isNew = event.seq > this.#talk.seq;
    const isHeard = event.seq <= this.#heard;
    this.#heard = Math.max(this.#heard, event.seq);
    this.#talk.receive(event);
    this.conversation.touch();
    if (event.type === 'llm_stream_chunk') return;
    if (!isHeard) for (const part of Object.values(this.context)) part.receive(event);
    // What a snapshot has is in the info record that came with it, too.
    if (!isNew) return;
    const isOtherSession = event.type === 'session_created' || event.type === 'session_terminated';
    const isWanting = !this.#talk.loaded && this.#snapshot.resting;
    if (this.conversation.live && (isOtherSession || isWanting)) this.#snapshot.stale();
    if (this.info.live || (this.conversation.live && event.type === 'conversation_added')) this.#head.stale();
  }

  #showHead({ info, seq }: Snapshot): void {
    this.#portrait.show(info, seq);
    this.info.touch();
    this.#talk.trim(info, seq);
    this.conversation.touch();
  }

  #failHead(error: unknown): void {
    this.#portrait.fail(asSessionError(error, this.id));
    this.info.touch();
  }

  #showAll(snapshot: Snapshot): void {
    this.#subscribe(this.#talk.reset(snapshot));
    this.conversation.touch();
    this.#portrait.show(snapshot.info, snapshot.seq);
    this.info.touch();
  }

  #failAll(error: unknown): void {
    const failure = asSessionError(error, this.id);
    if (this.#portrait.isAwaited(failure)) return;
    this.#talk.fail(this.#portrait.reasonOf(failure));
    this.conversation.touch();
  }
}
