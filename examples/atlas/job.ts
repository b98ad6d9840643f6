import type { Json, Session, SessionClient } from 'chartroom';
import { exportSession, type StoreLease } from 'chartroom/store';
import type { FolderFacts } from './folder.ts';
import type { AskedTurn } from './ledger.ts';
import type { Part } from './parts.ts';

/** The session that keeps what the job is, in its working context. Those of the parts begin with a number. */
export const JOB_ID = 'atlas';
/** Of what the working context of that session holds. */
const FORMAT = 1;

/** What was decided at the start, and holds for every run: the folder may look different by then. */
export interface Plan {
  readonly folder: FolderFacts;
  readonly parts: readonly Part[];
  /** The questions that the command line brought; empty: the atlas finds its own. */
  readonly asked: readonly string[];
  /** ISO 8601. */
  readonly startedAt: string;
}

/** What each part is asked, by session. */
export type Questions = ReadonlyMap<string, readonly AskedTurn[]>;

/** A job as a store holds it. */
export interface StoredJob {
  readonly plan: Plan;
  /** Undefined until all files were indexed. */
  readonly questions: Questions | undefined;
  /** When all of it was done, ISO 8601; undefined while something is left to do. */
  readonly doneAt: string | undefined;
}

/** The store holds something else than a job of the atlas: the message says what. */
export class ForeignStoreError extends Error {
  override readonly name = 'ForeignStoreError';
}

/** Undefined for a store in which no job was begun. Throws {@link ForeignStoreError}, and as `exportSession` does. */
export async function readJob(lease: StoreLease): Promise<StoredJob | undefined> {
  if (lease.lastSeq === 0 && (await lease.saved.list()).length === 0) return undefined;
  if ((await lease.head(JOB_ID)) === undefined) throw new ForeignStoreError('holds no job of the atlas');
  const { metadata, data } = await exportSession(lease, JOB_ID);
  if (metadata.atlas !== FORMAT)
    throw new ForeignStoreError(`holds no job of this version of the atlas (${FORMAT})`);
  const kept = new Map<string, unknown>(data.workingContext);
  const plan = kept.get('plan') as Plan | undefined;
  if (plan === undefined) return undefined;
  const asked = kept.get('questions') as Record<string, AskedTurn[]> | undefined;
  return {
    plan,
    questions: asked && new Map(Object.entries(asked)),
    doneAt: kept.get('doneAt') as string | undefined,
  };
}

/** Opens the session of the job, new or as it was found. */
export async function openJob<T>(manager: SessionClient<T>, plan: Plan): Promise<Session<T>> {
  const { session } = await manager.getOrCreateSession(JOB_ID, {
    metadata: { atlas: FORMAT, folder: plan.folder.root },
  });
  if ((await session.context.get('plan')) === undefined) await session.context.put('plan', asJson(plan));
  return session;
}

export async function keepQuestions({ context }: Session<never>, questions: Questions): Promise<void> {
  await context.put('questions', asJson(Object.fromEntries(questions)));
}

export async function keepDone({ context }: Session<never>, doneAt: string): Promise<void> {
  await context.put('doneAt', doneAt);
}

/** An interface has no index signature; what is in these is JSON. */
function asJson(value: object): Json {
  return value as Json;
}
