import type { AnyActorRef, Snapshot } from 'xstate';
import { invalidArgument } from '../check.ts';
import type { ErrorInfo, Json, JsonObject } from '../data.ts';
import { toErrorInfo } from '../error-info.ts';
import { copyJson } from '../json.ts';
import type { AgentInput } from '../options.ts';
import { isActor } from './agent-children.ts';
import { type ActorPath, isOver } from './agent-tree.ts';

/**
 * What JSON cannot say of an agent's values is written as an object with this key: the handles that the engine has
 * lent to it, actors, errors. Data of the user's that has the key itself is wrapped, so none can pass for a mark.
 */
const MARK = '$chartroom';

type Mark =
  | { readonly [MARK]: 'input' | 'session' | 'context' | 'cache' | 'signal' }
  | (ErrorInfo & { readonly [MARK]: 'error' })
  /** An actor of the agent. */
  | { readonly [MARK]: 'actor'; readonly path: ActorPath }
  /** An actor that is over and no longer anybody's child. */
  | { readonly [MARK]: 'ended'; readonly id: string; readonly status: string }
  | { readonly [MARK]: 'data'; readonly value: JsonObject };

/** An actor that a value refers to. */
export type ActorMark = Extract<Mark, { readonly [MARK]: 'actor' | 'ended' }>;

/** Writes the values of one agent. */
export class AgentWriter {
  readonly #input: AgentInput;
  readonly #tree: ReadonlyMap<AnyActorRef, ActorPath>;

  constructor(input: AgentInput, tree: ReadonlyMap<AnyActorRef, ActorPath>) {
    this.#input = input;
    this.#tree = tree;
  }

  /**
   * A frozen copy by the same rules as any JSON that crosses the API. Throws `INVALID_ARGUMENT` with the path to
   * what cannot be stored, `at` being its root.
   */
  write(value: unknown, at: string): Json {
    return copyJson(this.#mark(value, at, []), at);
  }

  /** For what was thrown: where it is no JSON, its name and message must do. */
  writeError(thrown: unknown, at: string): Json {
    try {
      return this.write(thrown, at);
    } catch {
      return copyJson(markError(thrown), at);
    }
  }

  /** Copies only what holds a mark. What no copy can be made of is left for `copyJson` to refuse. */
  #mark(value: unknown, at: string, ancestors: object[]): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const mark = this.#markOf(value, at);
    if (mark) return mark;
    if (!isPlain(value) || ancestors.includes(value)) return value;
    ancestors.push(value);
    let copy: object | undefined;
    for (const key of Object.keys(value)) {
      const item: unknown = Object.getOwnPropertyDescriptor(value, key)?.value;
      const marked = this.#mark(item, at, ancestors);
      if (marked === item) continue;
      copy ??= shallowCopy(value);
      Object.defineProperty(copy, key, { value: marked });
    }
    ancestors.pop();
    const marked = copy ?? value;
    return Object.hasOwn(marked, MARK) && !Array.isArray(marked) ? { [MARK]: 'data', value: marked } : marked;
  }

  #markOf(value: object, at: string): Mark | undefined {
    const { session } = this.#input;
    if (value === this.#input) return { [MARK]: 'input' };
    if (value === session) return { [MARK]: 'session' };
    if (value === session.context) return { [MARK]: 'context' };
    if (value === session.cache) return { [MARK]: 'cache' };
    if (isPlain(value)) return undefined;
    if (isActor(value)) return this.#markActor(value, at);
    if (value instanceof Error) return markError(value);
    // Last, because the signal is made when it is first read.
    if (value === this.#input.signal) return { [MARK]: 'signal' };
    return undefined;
  }

  #markActor(actor: AnyActorRef, at: string): ActorMark {
    const path = this.#tree.get(actor);
    if (path) return { [MARK]: 'actor', path };
    if (isOver(actor)) {
      const { status } = actor.getSnapshot() as Snapshot<unknown>;
      return { [MARK]: 'ended', id: actor.id, status };
    }
    const expected = 'without running actors other than the agent’s own';
    throw invalidArgument(at, expected, `the actor ${actor.id}`);
  }
}

/** An object, or an array by its indices. */
export type Holder = Record<string, unknown>;

/** Where a value goes once the actor that it refers to is there. */
interface Awaited {
  readonly holder: Holder;
  readonly key: string;
  readonly mark: ActorMark;
}

/** Reads the values of one agent: what it gives may be changed by whoever gets it. */
export class AgentReader {
  readonly #input: AgentInput;
  readonly #awaited: Awaited[] = [];

  constructor(input: AgentInput) {
    this.#input = input;
  }

  /** Reads `json` into `holder[key]`. */
  readInto(holder: Holder, key: string, json: Json): void {
    if (isActorMark(json)) {
      this.#awaited.push({ holder, key, mark: json });
      holder[key] = undefined;
    } else holder[key] = this.#read(json);
  }

  /** Fills in the actors, now that there are any. */
  settle(actorOf: (mark: ActorMark) => AnyActorRef): void {
    for (const { holder, key, mark } of this.#awaited) holder[key] = actorOf(mark);
    this.#awaited.length = 0;
  }

  #read(json: Json): unknown {
    if (typeof json !== 'object' || json === null) return json;
    if (!Array.isArray(json) && Object.hasOwn(json, MARK)) return this.#readMark(json as Mark);
    return this.#copy(json as JsonObject);
  }

  #copy(json: JsonObject | readonly Json[]): object {
    const copy = (Array.isArray(json) ? [] : {}) as Holder;
    for (const [key, item] of Object.entries(json)) this.readInto(copy, key, item as Json);
    return copy;
  }

  #readMark(mark: Mark): unknown {
    const { session } = this.#input;
    switch (mark[MARK]) {
      case 'input':
        return this.#input;
      case 'session':
        return session;
      case 'context':
        return session.context;
      case 'cache':
        return session.cache;
      case 'signal':
        return this.#input.signal;
      case 'error':
        return errorFrom(mark);
      case 'data':
        return this.#copy(mark.value);
      default:
        throw invalidArgument(MARK, 'a mark that this version knows', (mark as JsonObject)[MARK]);
    }
  }
}

export function isActorMark(json: Json): json is ActorMark {
  return (
    typeof json === 'object' &&
    json !== null &&
    Object.hasOwn(json, MARK) &&
    ['actor', 'ended'].includes((json as Mark)[MARK])
  );
}

/** The stack stays out, and so does what a class of errors adds: both mean nothing to another process. */
function markError(thrown: unknown): Mark {
  return { [MARK]: 'error', ...toErrorInfo(thrown) };
}

function errorFrom({ name, message, code }: ErrorInfo): Error {
  return Object.assign(new Error(message), { name }, code !== undefined && { code });
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null;
}

function shallowCopy(value: object): object {
  return Array.isArray(value)
    ? value.slice()
    : Object.create(Object.getPrototypeOf(value), Object.getOwnPropertyDescriptors(value));
}
