/** What a campaign knows of its file after each kill, and the comparison of what is found with what was promised. */
import { isDeepStrictEqual } from 'node:util';
import type { PublishedEvent } from '../../src/events/types.ts';
import { type Answer, MORTAL_MS, shortened } from './calls.ts';
import { type Contents, sameContents } from './contents.ts';
import type { Found, FoundSession } from './found.ts';
import { checkHistories } from './histories.ts';
import { type Course, inShort, type Outcomes } from './outcomes.ts';
import { possibleAfter } from './possible.ts';
import { violated } from './violation.ts';

export class Ledger {
  #sessions: ReadonlyMap<string, FoundSession> = new Map();
  #shelf: ReadonlyMap<string, Contents> = new Map();
  #events: readonly PublishedEvent[] = [];
  /** Message ids, cursors and times by content, which is a message's own: as answered, or as first found. */
  readonly #messages = new Map<string, string>();

  /** Throws a `CrashViolation` unless all that was promised is found, and nothing else. */
  compare(outcomes: Outcomes, found: Found): void {
    const { courses } = outcomes;
    const ids = new Set(
      [this.#sessions, this.#shelf, courses, found.sessions, found.shelf].flatMap((map) => [...map.keys()]),
    );
    for (const id of ids) this.#compareSession(id, courses.get(id) ?? [], found);
    this.#compareMessages(outcomes, found);
    this.#compareEvents(outcomes, found);
    this.#accept(found);
  }

  /** Of the same file, recovered again: nothing but the events of that may have come. */
  compareAgain(again: Found): void {
    const before = JSON.stringify([...this.#sessions].map(essence));
    const after = JSON.stringify([...again.sessions].map(essence));
    if (before !== after) violated('a second recovery gives something else', before, after);
    if (!isDeepStrictEqual(this.#shelf, again.shelf))
      violated('a second recovery gives other saved sessions');
    this.#compareEvents({ heard: [] }, again);
    this.#accept(again);
  }

  #accept(found: Found): void {
    const { sessions, shelf, events, damaged } = found;
    checkHistories(found);
    if (damaged.length > 0) violated(`the store is damaged: ${JSON.stringify(damaged)}`);
    this.#sessions = sessions;
    this.#shelf = shelf;
    this.#events = events;
  }

  #compareSession(id: string, course: Course, found: Found): void {
    const known = this.#sessions.get(id);
    const session = found.sessions.get(id);
    const shelved = found.shelf.get(id);
    const possible = possibleAfter(course, { session: known?.contents, shelved: this.#shelf.get(id) });
    const tell = (what: string, is: Contents | undefined, may: ReadonlyArray<Contents | undefined>) =>
      violated(
        `${id} ${what} ${JSON.stringify(is ?? 'nothing')}, and may hold`,
        ...may.map((each) => JSON.stringify(each ?? 'nothing')),
        'after the calls',
        ...course.map((step) => (step === 'reopened' ? step : inShort(step))),
      );
    if (!possible.sessions.some((each) => sameContents(each, session?.contents)))
      tell('holds', session?.contents, possible.sessions);
    if (!possible.shelf.some((each) => sameContents(each, shelved)))
      tell('is saved with', shelved, possible.shelf);
    if (!session) return;
    const isSame = course.every((step) => step === 'reopened' || step.call.kind !== 'restore');
    if (
      known &&
      isSame &&
      known.contents.mark === session.contents.mark &&
      known.info.seq !== session.info.seq
    )
      violated(`${id} was created at ${known.info.seq}, and is found as of ${session.info.seq}`);
    checkViews(id, session, found.nowMs);
  }

  #compareMessages({ courses }: Outcomes, { sessions }: Found): void {
    for (const course of courses.values())
      for (const step of course)
        if (step !== 'reopened' && isMessage(step.answer)) this.#sameMessage(step.answer, 'answered');
    for (const { messages } of sessions.values())
      for (const { id, seq, createdAt, content } of messages)
        this.#sameMessage([id, seq, createdAt, shortened(content)], 'found');
  }

  #sameMessage([id, seq, createdAt, content]: Exclude<Answer, boolean | null>, how: string): void {
    const now = `${id} ${seq} ${createdAt}`;
    const known = this.#messages.get(content);
    if (known !== undefined && known !== now)
      violated(`message "${content}" was ${known}, and is ${how} as ${now}`);
    this.#messages.set(content, now);
  }

  #compareEvents({ heard }: Pick<Outcomes, 'heard'>, { events }: Found): void {
    for (const [n, event] of this.#events.entries())
      if (!isDeepStrictEqual(events[n], event))
        violated(`event ${event.seq} was`, JSON.stringify(event), 'and is', JSON.stringify(events[n]));
    const bySeq = new Map(events.map((event) => [event.seq, event]));
    let newest = 0;
    for (const { seq, type, sessionId } of heard) {
      const event = bySeq.get(seq);
      if (seq <= newest) violated(`a listener was given event ${seq} after event ${newest}`);
      newest = seq;
      if (event?.type !== type || event.sessionId !== sessionId)
        violated(
          `a listener was given event ${seq}, ${type} of ${sessionId}; found is ${JSON.stringify(event)}`,
        );
    }
  }
}

function checkViews(id: string, { contents, info, messages, lookedUp }: FoundSession, nowMs: number): void {
  const { files, index, values } = contents;
  if (!isDeepStrictEqual(lookedUp, { files, index, values }))
    violated(
      `${id} holds ${JSON.stringify({ files, index, values })}, and look-ups say ${JSON.stringify(lookedUp)}`,
    );
  const stored = contents.messages.map((message) => `${message.id} ${message.content}`).join();
  const shown = messages.map((message) => `${message.id} ${shortened(message.content)}`).join();
  if (stored !== shown) violated(`${id} holds the messages ${stored}, and shows ${shown}`);
  const dueMs = Date.parse(info.lastActivityAt) + MORTAL_MS;
  if (contents.life === 'mortal' && dueMs <= nowMs)
    violated(`${id} was due ${nowMs - dueMs} ms ago, and is still there`);
}

const isMessage = (answer: Answer): answer is Exclude<Answer, boolean | null> => Array.isArray(answer);

const essence = ([id, { contents, info, messages }]: readonly [string, FoundSession]): unknown => [
  id,
  contents,
  info.seq,
  info.createdAt,
  info.metadata,
  info.config,
  messages,
];
