import { setTimeout } from 'node:timers/promises';
import { createSessionManager, isSessionError, type Session, type SessionManager } from 'chartroom';
import { type LibrarianEvent, librarian, type PauseInput } from 'chartroom/agents/librarian';
import { nodeFiles } from 'chartroom/node';
import { fromPromise } from 'xstate';
import type { Board, PublishedEvent } from './board.ts';
import { type Folder, languageOf } from './folder.ts';
import { killMidAnswer } from './kill.ts';
import { type AskedTurn, createLedger, type Ledger } from './ledger.ts';
import type { Part } from './parts.ts';
import { Survey } from './questions.ts';

export interface AtlasOptions {
  readonly folder: Folder;
  readonly parts: readonly Part[];
  readonly board: Board;
  /** Asked of every session; empty: questions made from what the folder defines. */
  readonly questions: readonly string[];
  readonly paceMs: number;
  /** Called after the board has changed, with the event that changed it. */
  onChange(event: PublishedEvent): void;
  readonly signal: AbortSignal;
}

type LibrarySession = Session<LibrarianEvent>;

/** Opens a session for each part, indexes, asks, kills one in mid-answer, ends the others. */
export async function runAtlas(options: AtlasOptions): Promise<Ledger> {
  const { folder, parts, board, signal } = options;
  signal.throwIfAborted();
  const ledger = createLedger(parts);
  const manager = createSessionManager({
    agent: pacedLibrarian(options.paceMs),
    files: nodeFiles(folder.root),
    limits: { cacheBytes: Math.max(...parts.map(roomFor)) },
  });
  await using _closing = manager;
  const onAbort = () => void manager.close();
  signal.addEventListener('abort', onAbort, { once: true });
  listen(manager, ledger, options);

  const survey = new Survey();
  const sessions = await Promise.all(parts.map((part) => open(manager, part)));
  await Promise.all(
    sessions.map((session, index) => indexFiles(session, parts[index], ledger, survey, board)),
  );
  const turns = planTurns(options, survey);
  for (const row of board.rows) row.questions = turns.get(row.id)?.length ?? 0;

  const victim = victimOf(parts);
  await Promise.all(
    sessions.map(async (session) => {
      const planned = turns.get(session.id) ?? [];
      if (session.id === victim?.id) await converseUntilKilled(session, planned, ledger);
      else await converse(session, planned, ledger);
    }),
  );

  const living = sessions.filter(({ id }) => id !== ledger.killed?.id);
  await Promise.all(living.map(async (session) => ledger.found.set(session.id, await lookUp(session))));
  await Promise.all(living.map((session) => session.terminate()));
  signal.removeEventListener('abort', onAbort);
  return ledger;
}

/** XState's own way to slow an agent down: the same machine, with another actor for the pause. */
function pacedLibrarian(paceMs: number): typeof librarian {
  if (paceMs === 0) return librarian;
  const pause = fromPromise<void, PauseInput>(({ signal }) => setTimeout(paceMs, undefined, { signal }));
  return librarian.provide({ actors: { pause } });
}

/** The cache is bounded in bytes, and in entries by bytes; leave room, so that all files of a part stay. */
function roomFor({ files }: Part): number {
  return files.reduce((sum, { bytes }) => sum + 2 * bytes + 1024, 1_000_000);
}

function listen(
  manager: SessionManager<LibrarianEvent>,
  ledger: Ledger,
  { board, onChange }: AtlasOptions,
): void {
  manager.subscribeToAllSessions((event) => {
    if (event.type === 'gap') return;
    ledger.events.push(event);
    board.apply(event);
    onChange(event);
  });
  for (const [id, heard] of ledger.heard) {
    manager.subscribeToSession(id, (event) => {
      if (event.type !== 'gap') heard.push(event);
    });
  }
}

async function open(
  manager: SessionManager<LibrarianEvent>,
  { id, name, files }: Part,
): Promise<LibrarySession> {
  return manager.createSession({
    id,
    metadata: { part: name },
    config: { maxFiles: files.length, maxMessages: 100_000, maxTokens: 100_000_000 },
  });
}

async function indexFiles(
  session: LibrarySession,
  part: Part | undefined,
  ledger: Ledger,
  survey: Survey,
  board: Board,
): Promise<void> {
  for (const { path } of part?.files ?? []) {
    const file = await session.cache.getFile(path); // read from the disk, through the cache
    if (file === undefined) continue; // gone since the scan
    survey.add(path, file.content);
    ledger.given.get(session.id)?.add(path);
    await session.context.addFile(path);
    await session.context.updateFileIndex(path, {
      language: languageOf(path),
      lines: lineCount(file.content),
      bytes: file.size,
    });
    const row = board.row(session.id);
    if (row !== undefined) row.cachedBytes = (await session.cache.stats()).bytes;
  }
}

function lineCount(content: string): number {
  return content.split('\n').length - (content.endsWith('\n') ? 1 : 0);
}

function planTurns(
  { parts, questions }: AtlasOptions,
  survey: Survey,
): ReadonlyMap<string, readonly AskedTurn[]> {
  const found = survey.questionsFor(parts);
  return new Map(
    parts.map(({ id }, index) => {
      const own = questions.length > 0 ? questions : (found[index] ?? []);
      return [id, own.map((question, number) => ({ turnId: `${id}/${number + 1}`, question }))];
    }),
  );
}

/** One of middling size, so that others are at work before and after it. Nobody is killed who is alone. */
function victimOf(parts: readonly Part[]): Part | undefined {
  if (parts.length < 2) return undefined;
  return parts.toSorted((a, b) => a.files.length - b.files.length)[Math.floor(parts.length / 2)];
}

async function converse(session: LibrarySession, turns: readonly AskedTurn[], ledger: Ledger): Promise<void> {
  for (const turn of turns) await ask(session, turn, ledger);
}

/** Not in its first answer, so that there is something to lose. */
async function converseUntilKilled(
  session: LibrarySession,
  turns: readonly AskedTurn[],
  ledger: Ledger,
): Promise<void> {
  const fatal = new Map(turns.slice(turns.length > 1 ? 1 : 0).map((turn) => [turn.turnId, turn]));
  const assassin = killMidAnswer(session, fatal);
  try {
    await converse(session, turns, ledger);
    if (assassin.struck === undefined) {
      // Nothing that it was asked had an answer of two pieces: then in the middle of a search.
      const last = { turnId: `${session.id}/last`, question: 'Is there anything else?' };
      fatal.set(last.turnId, last);
      assassin.hurry();
      await ask(session, last, ledger);
    }
  } catch (error) {
    if (assassin.struck === undefined || !isSessionError(error)) throw error;
  } finally {
    await assassin.finish();
  }
  if (assassin.struck !== undefined) ledger.killed = assassin.struck;
}

/** Resolves with the answer's end. Throws when the session ends first. */
async function ask(session: LibrarySession, turn: AskedTurn, ledger: Ledger): Promise<void> {
  ledger.asked.get(session.id)?.push(turn);
  const events = session.events({ types: ['llm_response', 'agent_status'] });
  await session.send('user', turn.question);
  await session.dispatch({ type: 'ask', ...turn });
  for await (const event of events) {
    if (event.type === 'gap' || event.turnId !== turn.turnId) continue;
    if (event.type === 'llm_response') return;
    if (event.status === 'failed') throw new Error(`${session.id} could not answer: ${event.message}`);
  }
  await session.info(); // gone: rejects with the reason
}

async function lookUp(session: LibrarySession) {
  const [info, history, activeFiles] = await Promise.all([
    session.info(),
    session.context.history(),
    session.context.activeFiles(),
  ]);
  return { info, history, activeFiles };
}
