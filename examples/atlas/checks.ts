import type { Message } from 'chartroom';
import { findingsOf, type PublishedEvent } from './board.ts';
import { eventsBySession, type Killed, type Ledger } from './ledger.ts';
import type { Part } from './parts.ts';

export interface Check {
  readonly title: string;
  /** What contradicts it; empty when it holds. */
  readonly violations: readonly string[];
}

type Events = readonly PublishedEvent[];

/** Reads a file of the folder from the disk, past the engine; undefined when it has changed meanwhile. */
export type ReadLines = (path: string) => readonly string[] | undefined;

/**
 * Whether the sessions were isolated, judged by what was sent to each, what each was heard to publish, what
 * its look-ups showed at the end, and the files on the disk.
 */
export function checkIsolation(ledger: Ledger, readLines: ReadLines): readonly Check[] {
  const published = eventsBySession(ledger);
  const of = (id: string): Events => published.get(id) ?? [];
  const each = (find: (part: Part, events: Events) => readonly string[]) =>
    ledger.parts
      .filter(({ id }) => !ledger.quarantined.has(id))
      .flatMap((part) => find(part, of(part.id)).map((violation) => `${part.id}: ${violation}`));
  const checks: Check[] = [
    { title: 'all events stand in one order', violations: disorder(ledger.events) },
    {
      title: 'a listener to one session heard its events, all of them and no other',
      violations: each((part, events) => strayEvents(ledger, part, events)),
    },
    {
      title: 'every session began with session_created and was silent after session_terminated',
      violations: each((_, events) => brokenLife(events)),
    },
    {
      title: 'every message is one that this session was sent, or its own answer to it',
      violations: each((part, events) => strayMessages(ledger, part, events)),
    },
    {
      title: 'every session holds its own files and no other',
      violations: each((part, events) => strayFiles(ledger, part, events)),
    },
    {
      title: 'every line found stands in a file of the session, and on the disk at that line',
      violations: each((part, events) => strayLines(ledger, part, events, readLines)),
    },
  ];
  if (ledger.quarantined.size > 0) {
    checks.push({
      title: 'every session came back from the store',
      violations: [...ledger.quarantined].map(([id, reason]) => `${id}: ${reason}`),
    });
  }
  if (ledger.killed === undefined) return checks;
  return [
    ...checks,
    {
      title: 'the killed session ended in mid-answer',
      violations: brokenKill(ledger.killed, of(ledger.killed.id)),
    },
    {
      title: 'every other session answered all it was asked, without an error or a restart',
      violations: each((part, events) =>
        part.id === ledger.killed?.id ? [] : disturbances(ledger, part, events),
      ),
    },
  ];
}

function disorder(events: Events): string[] {
  return events
    .filter(({ seq }, index) => seq <= (events[index - 1]?.seq ?? -1))
    .map(({ seq, type }) => `${type} has seq ${seq}, no more than the event before it`);
}

function strayEvents(ledger: Ledger, { id }: Part, events: Events): string[] {
  const heard = ledger.heard.get(id) ?? [];
  const strangers = heard.filter(({ sessionId }) => sessionId !== id);
  const all = events.map(({ seq }) => seq);
  const same = heard.length === all.length && heard.every(({ seq }, index) => seq === all[index]);
  return [
    ...strangers.map(({ type, sessionId }) => `heard ${type} of ${sessionId}`),
    ...(same ? [] : [`heard ${heard.length} events, where ${all.length} were published`]),
  ];
}

function brokenLife(events: Events): string[] {
  const types = events.map(({ type }) => type);
  const end = types.indexOf('session_terminated');
  return [
    ...(types[0] === 'session_created' ? [] : [`began with ${types[0] ?? 'nothing'}`]),
    ...(end < 0 ? ['never ended'] : []),
    ...(end < 0 ? [] : types.slice(end + 1).map((type) => `published ${type} after its end`)),
  ];
}

function strayMessages(ledger: Ledger, { id }: Part, events: Events): string[] {
  const asked = ledger.asked.get(id) ?? [];
  const turnIds = new Set(asked.map(({ turnId }) => turnId));
  const messages = events.flatMap((event) => (event.type === 'conversation_added' ? [event.message] : []));
  const questions = messages.filter(({ role }) => role === 'user').map(({ content }) => content);
  const foreignIds = messages.filter((message) => !message.id.startsWith(`${id}:`));
  const foreignAnswers = messages.filter(
    ({ role, metadata }) => role === 'assistant' && !turnIds.has(String(metadata?.turnId)),
  );
  const turns = events.flatMap((event) =>
    'turnId' in event && event.turnId !== undefined ? [event.turnId] : [],
  );
  const history = ledger.found.get(id)?.history;
  return [
    ...foreignIds.map((message) => `message ${message.id} bears another session’s id`),
    ...foreignAnswers.map((message) => `message ${message.id} answers what was not asked here`),
    ...turns
      .filter((turnId) => !turnIds.has(turnId))
      .map((turnId) => `event of a turn ${turnId} not asked here`),
    ...(sameList(
      questions,
      asked.slice(0, questions.length).map(({ question }) => question),
    )
      ? []
      : ['its questions are not those that it was sent, in order']),
    ...(history === undefined || sameList(history.map(asText), messages.map(asText))
      ? []
      : ['its history is not what its events told']),
  ];
}

function strayFiles(ledger: Ledger, { id }: Part, events: Events): string[] {
  const own = ledger.given.get(id) ?? new Set();
  const told = events.flatMap((event) => {
    if (event.type === 'file_added' || event.type === 'file_removed') return [event.path];
    return event.type === 'context_updated' ? event.filesChanged : [];
  });
  const active = ledger.found.get(id)?.activeFiles;
  return [
    ...told.filter((path) => !own.has(path)).map((path) => `told of ${path}, which it was not given`),
    ...(active === undefined || sameList(active.toSorted(), [...own].sort())
      ? []
      : [`holds ${active.length} files, was given ${own.size}`]),
  ];
}

function strayLines(ledger: Ledger, { id }: Part, events: Events, readLines: ReadLines): string[] {
  const own = ledger.given.get(id) ?? new Set();
  const hits = events.flatMap((event) => findingsOf(event)?.hits ?? []);
  return hits.flatMap(({ path, line, text }) => {
    if (!own.has(path)) return [`found ${path}, which it was not given`];
    const lines = readLines(path);
    if (lines === undefined) return [];
    const written = lines[line - 1]?.trim();
    const shown = text.endsWith('…') ? text.slice(0, -1) : text;
    return written?.startsWith(shown) === true ? [] : [`${path}:${line} does not say “${text}”`];
  });
}

function brokenKill(killed: Killed, events: Events): string[] {
  const ofTurn = events.filter((event) => 'turnId' in event && event.turnId === killed.turnId);
  const told = ofTurn.filter((event) => event.type === 'llm_stream_chunk');
  const pieces = new Set(told.map(({ chunkIndex }) => chunkIndex)).size; // what is told again is no other piece
  const last = events.at(-1);
  return [
    ...(last?.type === 'session_terminated' && last.reason === 'killed' ? [] : ['it did not end as killed']),
    ...(pieces === killed.told ? [] : [`it told ${pieces} pieces, was killed after ${killed.told}`]),
    ...(told.some(({ isFinal }) => isFinal) ? ['its answer came to an end'] : []),
    ...(ofTurn.some(({ type }) => type === 'llm_response') ? ['it answered all the same'] : []),
  ];
}

function disturbances(ledger: Ledger, { id }: Part, events: Events): string[] {
  const answered = new Set(events.flatMap((event) => (event.type === 'llm_response' ? [event.turnId] : [])));
  const asked = ledger.asked.get(id) ?? [];
  const found = ledger.found.get(id);
  return [
    ...asked
      .filter(({ turnId }) => !answered.has(turnId))
      .map(({ question }) => `no answer to “${question}”`),
    ...events.filter(({ type }) => type === 'session_crashed').map(() => 'it crashed'),
    ...(found === undefined ? ['it could not be looked up at the end'] : []),
    ...(found?.restarts ? [`it was restarted ${found.restarts} times`] : []),
  ];
}

function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

function asText(message: Message): string {
  return JSON.stringify([message.id, message.role, message.content]);
}
