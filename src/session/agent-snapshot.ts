import {
  type AnyActorRef,
  type AnyMachineSnapshot,
  type EventObject,
  isMachineSnapshot,
  type Snapshot,
} from 'xstate';
import { invalidArgument } from '../check.ts';
import type { Json, JsonObject } from '../data.ts';
import { toErrorInfo } from '../error-info.ts';
import type { AgentInput } from '../options.ts';
import { childrenOf, isActor } from './agent-children.ts';
import { AgentTimers } from './agent-timers.ts';
import { type ActorPath, isAtWork, isOver, nameOf, treeOf } from './agent-tree.ts';
import { AgentWriter } from './agent-values.ts';

/** An agent as its session stores it. Frozen JSON all the way down. */
export interface AgentSnapshot extends JsonObject {
  /** As XState persists it, children included; what JSON cannot say of it is written as marks. */
  readonly snapshot: JsonObject;
  /** Delayed events on their way, in the order in which they are due. */
  readonly timers: readonly StoredTimer[];
  /** Delayed events that could not be stored, each in words. */
  readonly lostTimers: readonly string[];
  /** Something is under way that sleeping would lose, and that a restored agent does again from its start. */
  readonly atWork: boolean;
}

export interface StoredTimer extends JsonObject {
  readonly source: ActorPath;
  /** Without it the source. */
  readonly target?: ActorPath;
  readonly event: Json;
  readonly id: string;
  /** Milliseconds on the clock. */
  readonly dueAt: number;
}

/** Why there is nothing to bring an agent back from, in a sentence. */
export interface LostAgent {
  readonly lost: string;
}

type Tree = ReadonlyMap<AnyActorRef, ActorPath>;

/**
 * A running agent, or one that has completed, as JSON. `input` is what it was given: the handles in it may be
 * anywhere in its values. Takes as long as its values are large, however many agents there are.
 */
export function persistAgent(agent: AnyActorRef, input: AgentInput): AgentSnapshot | LostAgent {
  const timers = AgentTimers.in(agent.system);
  try {
    const { status } = agent.getSnapshot() as Snapshot<unknown>;
    if (status !== 'active' && status !== 'done')
      throw invalidArgument('agent', 'running or completed to be stored', status);
    const tree = treeOf(agent);
    const writer = new AgentWriter(input, tree);
    const snapshot = new SnapshotWriter(tree, writer).write(agent);
    const due = timersOf(tree, timers, writer);
    return Object.freeze({ snapshot, ...due, atWork: isAtWork(tree) });
  } catch (error) {
    return Object.freeze({ lost: toErrorInfo(error).message });
  }
}

/** Whether the agent had ended by itself: then there is none any more. */
export function hasCompleted(agent: AgentSnapshot): boolean {
  return agent.snapshot.status === 'done';
}

/** What XState persists of the agent and its children, with our JSON for every value. */
class SnapshotWriter {
  readonly #writer: AgentWriter;
  readonly #contexts = new Map<AnyActorRef, Json>();

  /** Contexts come first: XState’s own walk over one does not end at a cycle, and cannot say where it is. */
  constructor(tree: Tree, writer: AgentWriter) {
    this.#writer = writer;
    for (const [actor, path] of tree) {
      const snapshot: unknown = actor.getSnapshot();
      if (!isMachineSnapshot(snapshot)) continue;
      const at = placeOf(path);
      checkChildren(snapshot, at);
      this.#contexts.set(actor, writer.write(snapshot.context, `${at}.context`));
    }
  }

  write(agent: AnyActorRef): JsonObject {
    return this.#actor(agent, agent.getPersistedSnapshot(), placeOf([]));
  }

  #actor(actor: AnyActorRef, persisted: unknown, at: string): JsonObject {
    const context = this.#contexts.get(actor);
    const written: Record<string, Json> = {};
    for (const [key, part] of Object.entries(checkObject(persisted, at))) {
      if (part === undefined) continue;
      if (context !== undefined && key === 'context') written[key] = context;
      else if (context !== undefined && key === 'children') written[key] = this.#children(actor, part, at);
      else if (key === 'error') written[key] = this.#writer.writeError(part, `${at}.error`);
      else written[key] = this.#writer.write(part, `${at}.${key}`);
    }
    return Object.freeze(written);
  }

  #children(parent: AnyActorRef, persisted: unknown, at: string): JsonObject {
    const written: Record<string, JsonObject> = {};
    for (const [id, child] of Object.entries(childrenOf(parent.getSnapshot()))) {
      const place = childPlace(at, id);
      const { snapshot, ...rest } = checkObject((persisted as Record<string, unknown>)[id], place);
      const record = this.#writer.write(rest, place) as JsonObject;
      written[id] = Object.freeze({
        ...record,
        snapshot: this.#actor(child as AnyActorRef, snapshot, place),
      });
    }
    return Object.freeze(written);
  }
}

/** A child comes back by the name of its logic and its own id, which XState loses when it is `__proto__`. */
function checkChildren({ children }: AnyMachineSnapshot, at: string): void {
  for (const [id, child] of Object.entries(children as Record<string, unknown>)) {
    if (!isActor(child)) throw invalidArgument(childPlace(at, id), 'an actor', child);
    if (typeof child.src !== 'string')
      throw invalidArgument(
        childPlace(at, id),
        'invoked, or spawned by a name from setup({ actors })',
        child.src,
      );
    if (id === '__proto__') throw invalidArgument(childPlace(at, id), 'named otherwise', id);
  }
}

function timersOf(tree: Tree, timers: AgentTimers, writer: AgentWriter) {
  const stored: StoredTimer[] = [];
  const lostTimers: string[] = [];
  const pending = [...tree.keys()].flatMap((actor) => [...timers.of(actor)]);
  pending.sort((a, b) => a.dueAt - b.dueAt || a.order - b.order);
  for (const delayed of pending) {
    const { source, target, id, dueAt } = delayed;
    const path = tree.get(target);
    // Of one that would never arrive nothing is lost.
    if (dueAt === Number.POSITIVE_INFINITY || (!path && isOver(target))) continue;
    try {
      if (!path) throw new Error('it goes to an actor that is not the agent’s own');
      const event = writer.write(delayed.event, 'event');
      const aimed = target === source ? undefined : { target: path };
      stored.push(Object.freeze({ source: tree.get(source) ?? [], ...aimed, event, id, dueAt }));
    } catch (error) {
      lostTimers.push(`${describeTimer(delayed.event, tree.get(source))}: ${toErrorInfo(error).message}`);
    }
  }
  return { timers: Object.freeze(stored), lostTimers: Object.freeze(lostTimers) };
}

/** How a person calls a delayed event. */
export function describeTimer(event: unknown, source: ActorPath = []): string {
  return `the delayed event ${JSON.stringify((event as EventObject).type)} of ${nameOf(source)}`;
}

const placeOf = (path: ActorPath): string => path.reduce(childPlace, 'agent');

function childPlace(at: string, id: string): string {
  return `${at}.children[${JSON.stringify(id)}]`;
}

function checkObject(value: unknown, at: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw invalidArgument(at, 'stored as an object', value);
}
