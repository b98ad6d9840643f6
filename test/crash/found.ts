/** What a fresh manager finds in the file of one that was killed. */
import type { Message, SessionInfo } from '../../src/data.ts';
import type { PublishedEvent, SessionEvent } from '../../src/events/types.ts';
import { createSessionManager } from '../../src/index.ts';
import type { SessionManager } from '../../src/manager.ts';
import { recoverState } from '../../src/session/recover.ts';
import { type SessionData, sessionData } from '../../src/session/snapshot.ts';
import { checkStore, type DamagedEntry } from '../../src/store/check.ts';
import type { SessionStore, StoreLease } from '../../src/store/port.ts';
import { testClock } from '../support/clock.ts';
import { turns } from '../support/turns.ts';
import { type Contents, contentsOf } from './contents.ts';
import { violated } from './violation.ts';

export interface FoundSession {
  readonly contents: Contents;
  readonly info: SessionInfo;
  readonly messages: readonly Message[];
  /** The messages of its idempotency keys. */
  readonly keyed: ReadonlyArray<readonly [key: string, message: Message]>;
  /** What the public look-ups say beside. */
  readonly lookedUp: Pick<Contents, 'files' | 'index' | 'values'>;
}

export interface Found {
  readonly sessions: ReadonlyMap<string, FoundSession>;
  readonly shelf: ReadonlyMap<string, Contents>;
  readonly events: readonly PublishedEvent[];
  /** What a check of the whole store does not accept. */
  readonly damaged: readonly DamagedEntry[];
  /** The time at which the manager was opened; it stands still. */
  readonly nowMs: number;
}

/** Opens a manager on the store, reads all that it gives, lets `use` look further, and closes it. */
export async function findIn(
  store: SessionStore,
  nowMs: number,
  use: (manager: SessionManager, found: Found) => Promise<void> = async () => {},
): Promise<Found> {
  let lease: StoreLease | undefined;
  let broken: unknown;
  const logged: string[] = [];
  const manager = createSessionManager({
    store: {
      async open(options) {
        lease = await store.open(options);
        await checkWakeTimes(lease).catch((error) => {
          broken = error;
        });
        return lease;
      },
    },
    clock: testClock(nowMs),
    logger: (message, ...details) => void logged.push([message, ...details].join(' ')),
  });
  try {
    const { quarantined } = await manager.ready;
    if (broken) throw broken;
    if (quarantined.length > 0) violated(`quarantined: ${JSON.stringify(quarantined)}`);
    if (!lease) throw new Error('the manager is ready without a store');
    await settled(manager, lease);
    const found = { ...(await read(manager, lease)), nowMs };
    await use(manager, found);
    if (logged.length > 0) violated('the engine logged:', ...logged);
    return found;
  } finally {
    await manager.close();
  }
}

const NEVER = Number.POSITIVE_INFINITY;
/** Activity counts from the commit, and a fact says when it was decided: no commit takes longer than this. */
const COMMIT_MS = 10_000;

/** Who is due comes back untouched: so each head must say when, at the latest; an early time is looked at again. */
async function checkWakeTimes(lease: StoreLease): Promise<void> {
  for (const { id, status, wakeAt } of await lease.heads()) {
    const { config, lastActivityAt } = recoverState(id, await lease.load(id));
    const { idleAfterMs = NEVER, terminateAfterMs = NEVER } = config;
    const left = status === 'active' ? Math.min(idleAfterMs, terminateAfterMs) : terminateAfterMs;
    const isHalfDone = status === 'initializing' || status === 'terminating';
    const due = isHalfDone ? 0 : Date.parse(lastActivityAt) + left;
    if (due !== NEVER && (wakeAt ?? NEVER) > due + COMMIT_MS)
      violated(`${id} is stored ${status} and due at ${due}, and would be woken at ${wakeAt ?? 'no time'}`);
  }
}

/** Round trips to the store in which a recovery comes to rest. */
const MOST_PASSES = 1000;

/** What was half done has been completed, and every session has been brought back to life. */
async function settled(manager: SessionManager, lease: StoreLease): Promise<void> {
  for (let quiet = 0, newest = -1, passes = 0; quiet < 3; passes += 1) {
    if (passes > MOST_PASSES) violated(`half done for ever: ${JSON.stringify(manager.stats())}`);
    await Promise.all(
      (await manager.listSessions()).map(({ id }) => manager.getSessionInfo(id).catch(() => {})),
    );
    // Answered after all that is on its way to the store.
    await lease.counts();
    await turns(2);
    const { sessions, journalLag, pending } = manager.stats();
    const isQuiet = sessions.initializing + sessions.terminating + journalLag + pending === 0;
    quiet = isQuiet && newest === lease.lastSeq ? quiet + 1 : 0;
    newest = lease.lastSeq;
  }
}

async function read(manager: SessionManager, lease: StoreLease): Promise<Omit<Found, 'nowMs'>> {
  const sessions = new Map<string, FoundSession>();
  for (const info of await manager.listSessions())
    sessions.set(info.id, await readSession(manager, lease, info));
  const heads = await lease.heads();
  if (heads.length !== sessions.size)
    violated(`the store has ${heads.map(({ id }) => id)}, and the manager lists ${[...sessions.keys()]}`);
  const shelf = new Map<string, Contents>();
  for (const { id, data } of await lease.saved.list())
    shelf.set(id, contentsOf(id, data as unknown as SessionData));
  const events = await readEvents(manager, lease.lastSeq);
  const { damaged } = await checkStore(lease);
  return { sessions, shelf, events, damaged };
}

async function readSession(
  manager: SessionManager,
  lease: StoreLease,
  info: SessionInfo,
): Promise<FoundSession> {
  const { id } = info;
  const data = sessionData(recoverState(id, await lease.load(id)));
  const session = manager.session(id);
  const { context } = session;
  const { messages } = await session.snapshot();
  const keys = await context.keys();
  const values = await Promise.all(keys.map(async (key) => [key, await context.get(key)] as const));
  return {
    contents: contentsOf(id, data),
    info,
    messages,
    keyed: data.keyed,
    lookedUp: {
      files: (await context.activeFiles()).map(({ path }) => path),
      index: await context.fileIndex(),
      values: Object.fromEntries(values),
    },
  };
}

/** All that a cursor from the start is given, up to this one. */
async function readEvents(manager: SessionManager, lastSeq: number): Promise<PublishedEvent[]> {
  const events: PublishedEvent[] = [];
  if (lastSeq === 0) return events;
  await new Promise<void>((resolve, reject) => {
    const listener = (event: SessionEvent) => {
      if (event.type === 'gap') reject(new Error(`there is a gap from ${event.from} to ${event.to}`));
      else events.push(event);
      if (event.seq >= lastSeq) resolve();
    };
    manager.subscribeToAllSessions(listener, { from: 0 });
  });
  return events;
}
