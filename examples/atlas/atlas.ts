import {
  createSessionManager,
  isSessionError,
  type Session,
  SessionError,
  type SessionErrorCode,
  type SessionManager,
} from 'chartroom';
import type { LibrarianEvent } from 'chartroom/agents/librarian';
import { nodeFiles } from 'chartroom/node';
import { exportSaved, type StoreLease } from 'chartroom/store';
import type { Board, PublishedEvent } from './board.ts';
import { languageOf } from './folder.ts';
import { type Earlier, Hearing } from './hearing.ts';
import { keepDone, keepQuestions, openJob, type Plan, type Questions } from './job.ts';
import { Fate, killMidAnswer, pacedLibrarian } from './kill.ts';
import { type AskedTurn, createLedger, eventsBySession, type Findable, type Ledger } from './ledger.ts';
import type { Part } from './parts.ts';
import { Survey } from './questions.ts';
import type { Recovery } from './recovered.ts';

export interface AtlasOptions {
  readonly plan: Plan;
  /** What an earlier run has found to ask. */
  readonly questions: Questions | undefined;
  /** The store's; given back when the run ends. */
  readonly lease: StoreLease;
  readonly board: Board;
  readonly paceMs: number;
  readonly signal: AbortSignal;
  /** Called first, with the engine that all happens in. */
  onStart(manager: SessionManager<LibrarianEvent>): Promise<void>;
  /** Called once what earlier runs left is there, if there were any. */
  onReady(recovery: Recovery | undefined): void;
  /** Called after the board has changed, with the event that changed it. */
  onChange(event: PublishedEvent): void;
  /** Called when all is done, before the store is told so. */
  onDone(ledger: Ledger, earlier: Earlier): void;
  /** Called after that; the engine closes when it resolves. */
  untilLeft(): Promise<void>;
}

type Library = SessionManager<LibrarianEvent>;
type LibrarySession = Session<LibrarianEvent>;

/** What the steps of a run share. */
interface Run {
  readonly manager: Library;
  readonly options: AtlasOptions;
  readonly ledger: Ledger;
  readonly hearing: Hearing;
  readonly fate: Fate;
}

/**
 * Opens a session for each part, indexes, asks, kills one in mid-answer, ends the others; or goes on with that from
 * wherever an earlier run was cut off. Every step looks first at what is done already.
 */
export async function runAtlas(options: AtlasOptions): Promise<void> {
  const { plan, lease, board, signal, paceMs, questions } = options;
  const stop = Promise.withResolvers<never>();
  const since = lease.lastSeq;
  const fate = new Fate(plan.parts);
  if (questions) fate.learn(questions);
  const manager = createSessionManager({
    store: { open: async () => lease },
    agent: pacedLibrarian(paceMs, fate),
    files: nodeFiles(plan.folder.root),
    limits: {
      cacheBytes: Math.max(...plan.parts.map(roomFor)),
      maxMessageBytes: Number.POSITIVE_INFINITY, // the plan of a large folder is large
    },
    // Of what an agent said and the store did not take, nobody would ever hear: the run ends.
    logger: { error: (message, ...details) => stop.reject(failureOf(message, details)) },
  });
  await using _closing = manager;
  const onAbort = () => stop.reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  const ledger = createLedger(plan.parts);
  const hearing = new Hearing(manager, { ledger, board, since, onChange: options.onChange });
  await Promise.race([stop.promise, proceed({ manager, options, ledger, hearing, fate })]);
}

async function proceed(run: Run): Promise<void> {
  const { manager, options, ledger, hearing, fate } = run;
  const { plan, board } = options;
  await options.onStart(manager);
  const report = await manager.ready;
  for (const { id, reason } of report.quarantined) ledger.quarantined.set(id, reason);
  const job = await openJob(manager, plan);
  await job.send('system', `A run of process ${process.pid}.`);
  await hearing.recall(manager);
  if (options.questions) announce(board, options.questions);
  const { earlier } = hearing;
  options.onReady(earlier.runs > 0 ? { report, earlier, board, ledger } : undefined);
  hearing.goLive();

  const opened = await Promise.all(plan.parts.map((part) => open(run, part)));
  const sessions = opened.filter((session) => session !== undefined);
  const questions = options.questions ?? (await findQuestions(run, sessions));
  if (!options.questions) await keepQuestions(job, questions);
  fate.learn(questions);
  announce(board, questions);
  recount(run, questions);

  await Promise.all(
    sessions.map(async (session) => {
      const turns = questions.get(session.id) ?? [];
      await (session.id === fate.id
        ? converseUntilKilled(run, session, turns)
        : converse(run, session, turns));
    }),
  );
  await finish(run, sessions);
  options.onDone(ledger, hearing.earlier);
  if (ledger.quarantined.size === 0) await keepDone(job, new Date().toISOString());
  await options.untilLeft();
}

/** The cache is bounded in bytes, and in entries by bytes; leave room, so that all files of a part stay. */
function roomFor({ files }: Part): number {
  return files.reduce((sum, { bytes }) => sum + 2 * bytes + 1024, 1_000_000);
}

function announce(board: Board, questions: Questions): void {
  for (const row of board.rows) row.questions = questions.get(row.id)?.length ?? 0;
}

/** The session of a part, new or as it was found; undefined when it has ended, or is in quarantine. */
async function open(run: Run, { id, name, files }: Part): Promise<LibrarySession | undefined> {
  const { manager, hearing, ledger, options } = run;
  if (ledger.quarantined.has(id)) return undefined;
  hearing.listenTo(manager, id);
  const status = options.board.row(id)?.status;
  if (status === 'terminating' || status === 'terminated') {
    await hearing.end(id); // an end that was cut off goes on by itself
    return undefined;
  }
  const { session } = await manager.getOrCreateSession(id, {
    metadata: { part: name },
    config: { maxFiles: files.length, maxMessages: 100_000, maxTokens: 100_000_000 },
  });
  return session;
}

/** Indexes all files, and finds out on the way what to ask of them. */
async function findQuestions(run: Run, sessions: readonly LibrarySession[]): Promise<Questions> {
  const { parts, asked } = run.options.plan;
  const survey = new Survey();
  await Promise.all(
    sessions.map((session) => {
      const part = parts.find(({ id }) => id === session.id);
      return indexFiles(run, session, part?.files ?? [], survey);
    }),
  );
  const found = survey.questionsFor(parts);
  return new Map(
    parts.map(({ id }, index) => {
      const own = asked.length > 0 ? asked : (found[index] ?? []);
      return [id, own.map((question, number) => ({ turnId: `${id}/${number + 1}`, question }))];
    }),
  );
}

async function indexFiles(
  { options: { board }, ledger }: Run,
  session: LibrarySession,
  files: Part['files'],
  survey: Survey,
): Promise<void> {
  const indexed = await session.context.fileIndex();
  for (const { path } of files) {
    const file = await session.cache.getFile(path); // read from the disk, through the cache
    const known = Object.hasOwn(indexed, path);
    if (known || file !== undefined) ledger.given.get(session.id)?.add(path);
    if (file === undefined) continue; // gone since the scan
    survey.add(path, file.content);
    const about = { language: languageOf(path), lines: lineCount(file.content), bytes: file.size };
    if (!known)
      await Promise.all([session.context.addFile(path), session.context.updateFileIndex(path, about)]);
    await showCached(board, session);
  }
}

async function showCached(board: Board, { id, cache }: LibrarySession): Promise<void> {
  const row = board.row(id);
  if (row !== undefined) row.cachedBytes = (await cache.stats()).bytes;
}

function lineCount(content: string): number {
  return content.split('\n').length - (content.endsWith('\n') ? 1 : 0);
}

/** Of what earlier runs did, what the ledger could not hear: by the plan, as far as the events say it was done. */
function recount({ options, ledger, hearing, fate }: Run, questions: Questions): void {
  const published = eventsBySession(ledger);
  for (const { id, files } of options.plan.parts) {
    const added = new Set(
      published.get(id)?.flatMap((event) => (event.type === 'file_added' ? [event.path] : [])),
    );
    for (const { path } of files) if (added.has(path)) ledger.given.get(id)?.add(path);
    if (!hearing.hasEnded(id)) continue;
    ledger.asked.get(id)?.push(...(questions.get(id) ?? []), ...(id === fate.id ? [fate.last] : []));
    if (id === fate.id && options.board.row(id)?.killed) {
      const killed = fate.traces(published.get(id) ?? []);
      if (killed) ledger.killed = killed;
    }
  }
}

async function converse(run: Run, session: LibrarySession, turns: readonly AskedTurn[]): Promise<void> {
  for (const turn of turns) await ask(run, session, turn);
}

async function converseUntilKilled(
  run: Run,
  session: LibrarySession,
  turns: readonly AskedTurn[],
): Promise<void> {
  const assassin = killMidAnswer(session, run.fate);
  try {
    await converse(run, session, [...turns, run.fate.last]);
  } catch (error) {
    if (assassin.struck === undefined || !isSessionError(error)) throw error;
  } finally {
    await assassin.finish();
  }
  if (assassin.struck !== undefined) run.ledger.killed = assassin.struck;
}

/**
 * Resolves with the answer's end. Throws when the session ends first. What an earlier run did of it is not done
 * again: the question bears a key, and a librarian that came back at work knows it already.
 */
async function ask(
  { options, ledger, hearing }: Run,
  session: LibrarySession,
  turn: AskedTurn,
): Promise<void> {
  const { turnId, question } = turn;
  ledger.asked.get(session.id)?.push(turn);
  if (hearing.hasAnswered(turnId)) return;
  const { activeTasks } = await session.info();
  // Once it resolves, all that the librarian had said by then has been heard.
  await session.send('user', question, { idempotencyKey: turnId });
  if (activeTasks === 0 && !hearing.hasAnswered(turnId)) await session.dispatch({ type: 'ask', ...turn });
  await hearing.answer(session.id, turnId);
  if (!hearing.hasAnswered(turnId)) await session.info(); // gone: rejects with the reason
  await showCached(options.board, session);
}

/** Looks at every session a last time, keeps a copy of it, and ends it. */
async function finish(
  { manager, options, ledger, hearing }: Run,
  sessions: readonly LibrarySession[],
): Promise<void> {
  const living = sessions.filter(({ id }) => id !== ledger.killed?.id);
  await Promise.all(living.map(async (session) => ledger.found.set(session.id, await lookUp(session))));
  await Promise.all(
    living.map(async (session) => {
      await manager.saveSession(session.id);
      await session.terminate();
    }),
  );
  for (const { id } of options.plan.parts) {
    if (ledger.quarantined.has(id)) continue;
    await hearing.end(id);
    const kept =
      id === ledger.killed?.id || ledger.found.has(id) ? undefined : await copyOf(options.lease, id);
    if (kept) ledger.found.set(id, kept);
  }
}

async function lookUp(session: LibrarySession): Promise<Findable> {
  const [{ restarts }, history, files] = await Promise.all([
    session.info(),
    session.context.history(),
    session.context.activeFiles(),
  ]);
  return { restarts, history, activeFiles: files.map(({ path }) => path) };
}

/** Of a session that an earlier run ended, after it had kept a copy; undefined when there is none. */
async function copyOf(lease: StoreLease, id: string): Promise<Findable | undefined> {
  if ((await lease.saved.get(id)) === undefined) return undefined;
  const { conversation, files } = (await exportSaved(lease, id)).data;
  const history = conversation.map(([message]) => message);
  return { restarts: undefined, history, activeFiles: files.map(([path]) => path) };
}

/** The error behind a line of the engine's log. */
function failureOf(message: string, details: readonly unknown[]): Error {
  const error = details.find(isSessionError);
  if (error) return error;
  const { code, message: why } = (details.at(-1) ?? {}) as { code?: SessionErrorCode; message?: string };
  if (code?.startsWith('STORE_')) return new SessionError(code, why ?? message);
  return new Error(why === undefined ? message : `${message} ${why}`);
}
