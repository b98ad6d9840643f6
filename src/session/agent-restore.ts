import {
  type ActorScope,
  type AnyActorLogic,
  type AnyActorRef,
  createActor,
  type EventObject,
  fromTransition,
  isMachineSnapshot,
  type Snapshot,
} from 'xstate';
import { invalidArgument } from '../check.ts';
import type { Json, JsonObject } from '../data.ts';
import { toErrorInfo } from '../error-info.ts';
import type { AgentInput } from '../options.ts';
import { childrenOf, isActor } from './agent-children.ts';
import { type AgentSnapshot, describeTimer, type StoredTimer } from './agent-snapshot.ts';
import { AgentTimers, type DelayedEvent } from './agent-timers.ts';
import { type ActorPath, nameOf } from './agent-tree.ts';
import { type ActorMark, AgentReader, type Holder, isActorMark } from './agent-values.ts';

type Scope = ActorScope<Snapshot<unknown>, EventObject>;

/** What an actor of an agent's logic is restored from. */
export interface AgentRevival {
  readonly sessionId: string;
  readonly agent: AgentSnapshot;
}

export interface RestoredAgent {
  readonly snapshot: Snapshot<unknown>;
  /** What of it did not come back, each in words. */
  readonly lost: readonly string[];
}

/** One stored actor, as it is brought back. */
interface Part {
  readonly path: ActorPath;
  readonly status: unknown;
  /** What its live snapshot gets once all actors are there. */
  readonly late: Holder;
}

/**
 * Brings a stored agent back as the actor of `scope`, which then has to be started. For the `restoreSnapshot` of a
 * logic: `input` is what the new actor is given in place of the one that was stored. Throws when the logic cannot
 * go on from there, or can only in part; nothing is left behind then.
 *
 * Delayed events are on their way again, by their deadlines.
 */
export function restoreAgent(
  logic: AnyActorLogic,
  stored: AgentSnapshot,
  scope: Scope,
  input: AgentInput,
): RestoredAgent {
  const timers = AgentTimers.in(scope.system);
  const reader = new AgentReader(input);
  const parts: Part[] = [];
  // XState would let one that was stopped take events.
  if (stored.snapshot.status !== 'active')
    throw invalidArgument('the status of the agent', "'active' to go on", stored.snapshot.status);
  try {
    const early = readActor(stored.snapshot, [], reader, parts);
    const snapshot = restoreSnapshot(logic, early, scope);
    const find = finder(snapshot, scope);
    for (const part of parts) checkPart(part, snapshotOf(part.path, snapshot, find));
    reader.settle((mark) => actorOf(mark, find, scope));
    for (const { path, late } of parts)
      if (Object.keys(late).length > 0) Object.assign(snapshotOf(path, snapshot, find) ?? {}, late);
    const lost = [...stored.lostTimers];
    for (const timer of stored.timers)
      try {
        timers.resume(readTimer(timer, snapshot, find, scope, input));
      } catch (error) {
        lost.push(`${describeTimer(timer.event, timer.source)}: ${toErrorInfo(error).message}`);
      }
    return { snapshot, lost };
  } catch (error) {
    releaseNames(stored.snapshot, scope);
    throw error;
  }
}

/**
 * What the logic is to restore, its children included. A machine gets its context afterwards: XState would take
 * any data in it that looks like an actor for one, and find only those that are the machine's own children.
 */
function readActor(json: JsonObject, path: ActorPath, reader: AgentReader, parts: Part[]): Holder {
  const early: Holder = {};
  const late: Holder = {};
  parts.push({ path, status: json.status, late });
  const isMachine = 'value' in json && isObject(json.children);
  if (isMachine) early.context = {};
  for (const [key, part] of Object.entries(json)) {
    if (part === undefined) continue;
    if (isMachine && key === 'children') early[key] = readChildren(part as JsonObject, path, reader, parts);
    else {
      const isLate = isActorMark(part) || (isMachine && key === 'context');
      reader.readInto(isLate ? late : early, key, part);
    }
  }
  return early;
}

function readChildren(json: JsonObject, path: ActorPath, reader: AgentReader, parts: Part[]): Holder {
  const children: Holder = {};
  for (const [id, record] of Object.entries(json)) {
    const at = [...path, id];
    if (!isObject(record) || !isObject(record.snapshot))
      throw invalidArgument(nameOf(at), 'stored with a snapshot', record);
    const { snapshot, ...rest } = record;
    const child: Holder = { ...rest, snapshot: readActor(snapshot, at, reader, parts) };
    children[id] = child;
  }
  return children;
}

function restoreSnapshot(logic: AnyActorLogic, early: Holder, scope: Scope): Snapshot<unknown> {
  const snapshot = early as unknown as Snapshot<unknown>;
  return logic.restoreSnapshot ? logic.restoreSnapshot(snapshot, scope as never) : snapshot;
}

function readTimer(
  { source: from, target: to = from, event, id, dueAt }: StoredTimer,
  agent: Snapshot<unknown>,
  find: Find,
  scope: Scope,
  input: AgentInput,
): DelayedEvent {
  const source = find(from);
  const target = find(to);
  if (!source || !target) throw new Error('there is no such actor any more');
  const holder: Holder = {};
  const reader = new AgentReader(input);
  reader.readInto(holder, 'event', event);
  reader.settle((mark) => actorOf(mark, find, scope));
  const read = holder.event as EventObject;
  if (read.type.startsWith('xstate.after.') && !awaits(snapshotOf(from, agent, find), read.type))
    throw new Error('it is in no state that waits for it');
  return { source, target, event: read, id, dueAt };
}

/** The delay of a state is part of the event’s type: a machine that was changed may know it no more. */
function awaits(snapshot: Snapshot<unknown> | undefined, type: string): boolean {
  if (!isMachineSnapshot(snapshot)) return false;
  return snapshot._nodes.some(({ after }) => after.some(({ eventType }) => eventType === type));
}

type Find = (path: ActorPath) => AnyActorRef | undefined;

/** The agent's own snapshot is not its actor's yet. */
function finder(snapshot: Snapshot<unknown>, scope: Scope): Find {
  return (path) => {
    let actor: AnyActorRef = scope.self;
    let children = childrenOf(snapshot);
    for (const id of path) {
      const child = children[id];
      if (!isActor(child)) return undefined;
      actor = child;
      children = childrenOf(child.getSnapshot());
    }
    return actor;
  };
}

function snapshotOf(path: ActorPath, agent: Snapshot<unknown>, find: Find): Snapshot<unknown> | undefined {
  return path.length === 0 ? agent : find(path)?.getSnapshot();
}

/** XState drops a child whose logic has gone, and leaves one that cannot be restored in `error`, both without a word. */
function checkPart({ path, status }: Part, restored: Snapshot<unknown> | undefined): void {
  if (!restored) throw new Error(`There is no logic any more for ${nameOf(path)}.`);
  if (restored.status === status) return;
  const what = restored.status === 'error' ? toErrorInfo(restored.error).message : `it is ${restored.status}`;
  throw new Error(`${nameOf(path)} cannot go on from where it was: ${what}`);
}

/** One that had ended is there for those who still hold it: it takes no events, as before. */
function actorOf(mark: ActorMark, find: Find, scope: Scope): AnyActorRef {
  if ('path' in mark) {
    const actor = find(mark.path);
    if (!actor) throw new Error(`A value refers to ${nameOf(mark.path)}, which is not there any more.`);
    return actor;
  }
  const snapshot = { status: mark.status, output: undefined, error: undefined, context: undefined };
  const ended = createActor(nothing, { id: mark.id, parent: scope.self, snapshot: snapshot as never });
  scope.stopChild(ended);
  return ended;
}

const nothing = fromTransition(() => undefined, undefined);

/** Actors of a restore that failed never run, but XState has given them their system ids already. */
function releaseNames(json: Json | undefined, scope: Scope): void {
  if (!isObject(json) || !isObject(json.children)) return;
  for (const record of Object.values(json.children)) {
    if (!isObject(record)) continue;
    const taken = typeof record.systemId === 'string' ? scope.system.get(record.systemId) : undefined;
    // Internal to XState and absent from its types, as are an actor's parents.
    const system = scope.system as typeof scope.system & { _unregister(actor: AnyActorRef): void };
    if (taken && isBelow(taken, scope.self)) system._unregister(taken);
    releaseNames(record.snapshot, scope);
  }
}

function isBelow(actor: AnyActorRef, ancestor: AnyActorRef): boolean {
  const parent = (actor as AnyActorRef & { readonly _parent?: AnyActorRef })._parent;
  return parent === ancestor || (parent !== undefined && isBelow(parent, ancestor));
}

function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
