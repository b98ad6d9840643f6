/** What is different between two moments of one recording. */
import type { Json, JsonObject, Message, SessionStatus } from '../data.ts';
import { sameJson } from '../same-json.ts';
import type { SessionState } from '../session/state.ts';
import { type Changes, changes } from './changes.ts';
import { chartId } from './fold.ts';
import { type ChartMoment, type Moment, type SessionMoment, sessionChart } from './moment.ts';

export interface Comparison {
  readonly charts: readonly ChartDifference[];
  readonly sessions: readonly SessionDifference[];
}

export interface ChartDifference {
  readonly actor: string;
  readonly definition: string;
  /** Its state value; absent where it has none yet. */
  readonly before?: Json;
  readonly after?: Json;
  /** The state value is another one. */
  readonly moved: boolean;
  readonly statusBefore?: string;
  readonly statusAfter?: string;
  readonly context: Changes;
}

export interface SessionDifference {
  readonly id: string;
  /** Absent where there is no such session yet. */
  readonly before?: SessionStatus;
  readonly after?: SessionStatus;
  readonly messages: { readonly added: readonly Message[]; readonly removed: readonly Message[] };
  readonly files: { readonly added: readonly string[]; readonly removed: readonly string[] };
  readonly fileIndex: Changes;
  readonly workingContext: Changes;
  /** Metadata, configuration, restarts, error and reason. */
  readonly info: Changes;
}

/** Of one session, or of everything that the recording tells of. From `a` to `b`, whichever comes first. */
export function compare(a: Moment, b: Moment, session?: string): Comparison {
  const ids = session === undefined ? union(a.sessions, b.sessions) : [session];
  const sessionCharts = new Set(ids.map((id) => chartId('session', id)));
  const others = union(a.charts, b.charts).filter((id) => !sessionCharts.has(id));
  return {
    charts: [
      ...ids.flatMap((id) => chartDifference(sessionChart(a, id), sessionChart(b, id))),
      ...others.flatMap((id) => chartDifference(a.charts.get(id), b.charts.get(id))),
    ],
    sessions: ids.flatMap((id) => sessionDifference(id, a.sessions.get(id), b.sessions.get(id))),
  };
}

const NO_CHANGES: Changes = { changes: [], more: false };

function chartDifference(before: ChartMoment | undefined, after: ChartMoment | undefined): ChartDifference[] {
  // Moments share what has not changed.
  const known = before === after ? undefined : (after ?? before);
  if (!known) return [];
  const { actor, definition } = known;
  // Where it was not told before, all of it is new, and nothing of it is a change.
  const isTold = before?.context !== undefined && after?.context !== undefined;
  const context = isTold ? changes(before.context, after.context) : NO_CHANGES;
  const moved = !sameJson(before?.value, after?.value);
  if (!moved && before?.status === after?.status && context.changes.length === 0) return [];
  return [
    {
      actor,
      definition,
      moved,
      context,
      ...(before?.value !== undefined && { before: before.value }),
      ...(after?.value !== undefined && { after: after.value }),
      ...(before && { statusBefore: before.status }),
      ...(after && { statusAfter: after.status }),
    },
  ];
}

function sessionDifference(
  id: string,
  before: SessionMoment | undefined,
  after: SessionMoment | undefined,
): SessionDifference[] {
  if (before === after) return [];
  const difference: SessionDifference = {
    id,
    ...(before && { before: before.state.status }),
    ...(after && { after: after.state.status }),
    messages: listDifference(
      messagesOf(before),
      messagesOf(after),
      ({ id: message, seq }) => `${message} ${seq}`,
    ),
    files: listDifference(filesOf(before), filesOf(after), (path) => path),
    fileIndex: changes(asTree(before?.state.fileIndex), asTree(after?.state.fileIndex)),
    workingContext: changes(asTree(before?.state.workingContext), asTree(after?.state.workingContext)),
    info: changes(infoOf(before?.state), infoOf(after?.state)),
  };
  return isEmpty(difference) ? [] : [difference];
}

function isEmpty({
  before,
  after,
  messages,
  files,
  fileIndex,
  workingContext,
  info,
}: SessionDifference): boolean {
  const lists = [messages.added, messages.removed, files.added, files.removed];
  const trees = [fileIndex, workingContext, info].map((tree) => tree.changes);
  return before === after && [...lists, ...trees].every(({ length }) => length === 0);
}

function listDifference<T>(before: readonly T[], after: readonly T[], key: (item: T) => string) {
  const [older, newer] = [new Set(before.map(key)), new Set(after.map(key))];
  return {
    added: after.filter((item) => !older.has(key(item))),
    removed: before.filter((item) => !newer.has(key(item))),
  };
}

function messagesOf(session: SessionMoment | undefined): readonly Message[] {
  const { conversation } = session?.state ?? {};
  return conversation?.slice(conversation.count) ?? [];
}

function filesOf(session: SessionMoment | undefined): readonly string[] {
  return [...(session?.state.files?.keys() ?? [])];
}

function asTree(map: ReadonlyMap<string, Json> | undefined): JsonObject {
  return Object.fromEntries(map ?? []);
}

function infoOf(state: Readonly<SessionState> | undefined): JsonObject {
  if (!state) return {};
  const { metadata, llmConfig, config, restarts, error, reason } = state;
  return { metadata, llmConfig, config: config as unknown as JsonObject, restarts, error, reason };
}

function union(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): string[] {
  return [...new Set([...a.keys(), ...b.keys()])];
}
