/** What a viewer is not to see, by the names under which it stands. */
import { invalidArgument } from '../check.ts';
import type { ErrorInfo, Json, JsonObject, Message } from '../data.ts';
import type { Fact } from '../session/facts.ts';
import type { SessionData, SnapshotData } from '../session/snapshot.ts';
import type { StoredSnapshot } from '../store/port.ts';

export const REDACTED = '(redacted)';

/** Of a message: what of it stays is what the fold needs. */
const MESSAGE_PARTS = ['content', 'metadata', 'toolCallId'] as const;

type Path = readonly string[];

/**
 * A path is names with dots between them, `*` for any name: `metadata.apiKey`, `context.*.token`. It names what stands
 * at its end, wherever that is: `password` is hidden at any depth. Lists count for nothing on the way.
 *
 * Of a session there are `metadata`, `llmConfig`, `messages`, `workingContext.<key>`, `fileIndex.<path>` and `agent`; of
 * what its agent says `<event type>.<field>`; of charts `context` and `event`; `error` of errors. What holds a recording
 * together stays as it is: ids, times, roles, paths of files, limits.
 */
export class Redaction {
  readonly paths: readonly string[];
  /** By their last name. */
  readonly #patterns = new Map<string, Path[]>();

  /** Throws `INVALID_ARGUMENT`. */
  constructor(paths: readonly string[] = []) {
    if (!Array.isArray(paths)) throw invalidArgument('options.redact', 'an array of paths', paths);
    for (const [n, path] of paths.entries()) {
      const names: string[] = typeof path === 'string' ? path.split('.') : [];
      const last = names.at(-1);
      if (last === undefined || names.includes(''))
        throw invalidArgument(
          `options.redact[${n}]`,
          "names with dots between them, such as 'metadata.apiKey'",
          path,
        );
      this.#patterns.set(last, [...(this.#patterns.get(last) ?? []), names]);
    }
    this.paths = Object.freeze([...paths]);
  }

  /** The same value where nothing of it is hidden; `at` is where it stands. */
  value(value: Json, at: Path): Json {
    if (this.paths.length === 0) return value;
    return this.#hides(at) ? REDACTED : this.#inside(value, at);
  }

  /** The same, for what must stay an object: when all of it is hidden, each of its values is. */
  object(value: JsonObject, at: Path): JsonObject {
    if (this.paths.length === 0) return value;
    if (!this.#hides(at)) return this.#inside(value, at) as JsonObject;
    return Object.fromEntries(Object.keys(value).map((key) => [key, REDACTED]));
  }

  error(error: ErrorInfo): ErrorInfo {
    return this.object(error, ['error']) as ErrorInfo;
  }

  message(message: Message): Message {
    if (this.paths.length === 0) return message;
    const whole = this.#hides(['messages']);
    const parts = MESSAGE_PARTS.flatMap((part) => {
      const value = message[part];
      if (value === undefined) return [];
      const hidden = whole ? REDACTED : this.value(value, ['messages', part]);
      return [[part, part === 'metadata' && hidden === REDACTED ? { [REDACTED]: true } : hidden] as const];
    });
    return { ...message, ...Object.fromEntries(parts) };
  }

  fact(fact: Fact): Fact {
    if (this.paths.length === 0) return fact;
    return { ...fact, payload: this.#payload(fact) } as Fact;
  }

  snapshot(snapshot: StoredSnapshot): StoredSnapshot {
    if (this.paths.length === 0) return snapshot;
    const data = snapshot.data as unknown as SnapshotData;
    const { agent, error } = data;
    const hidden = {
      ...this.#session(data),
      ...(agent && { agent: this.object(agent as unknown as JsonObject, ['agent']) }),
      ...(error && { error: this.error(error) }),
    };
    return { ...snapshot, data: hidden as unknown as JsonObject };
  }

  #payload({ type, payload }: Fact): object {
    switch (type) {
      case 'session_created': {
        const { metadata, llmConfig, restored } = payload;
        return {
          ...payload,
          metadata: this.object(metadata, ['metadata']),
          llmConfig: this.object(llmConfig, ['llmConfig']),
          ...(restored && { restored: this.#session(restored) }),
        };
      }
      case 'session_crashed':
      case 'session_terminated':
        return payload.error ? { ...payload, error: this.error(payload.error) } : payload;
      case 'conversation_added':
        return { ...payload, message: this.message(payload.message) };
      case 'context_updated': {
        const { filesChanged, metadata } = payload;
        const hide = (value: JsonObject, path: string) => this.object(value, ['fileIndex', path]);
        return { ...payload, metadata: metadata && filesChanged.reduce(hide, metadata) };
      }
      case 'working_context_updated': {
        const { key, value } = payload;
        return value === undefined ? payload : { key, value: this.value(value, ['workingContext', key]) };
      }
      case 'agent_saved':
        return this.object(payload as unknown as JsonObject, ['agent']);
      case 'llm_response':
      case 'llm_stream_chunk': {
        const hidden = this.object(payload as unknown as JsonObject, [type]);
        return this.#hides(['messages']) || this.#hides(['messages', 'content'])
          ? { ...hidden, content: REDACTED }
          : hidden;
      }
      case 'session_status':
      case 'conversation_cleared':
      case 'file_added':
      case 'file_removed':
        return payload;
      default:
        return this.object(payload as unknown as JsonObject, [type]);
    }
  }

  #session<D extends SessionData>(data: D): D {
    return {
      ...data,
      metadata: this.object(data.metadata, ['metadata']),
      llmConfig: this.object(data.llmConfig, ['llmConfig']),
      conversation: data.conversation.map(([message, tokens]) => [this.message(message), tokens]),
      fileIndex: data.fileIndex.map(([path, known]) => [path, this.object(known, ['fileIndex', path])]),
      workingContext: data.workingContext.map(([key, value]) => [
        key,
        this.value(value, ['workingContext', key]),
      ]),
      keyed: data.keyed.map(([key, message]) => [key, this.message(message)]),
    };
  }

  /** Copies only what lies on the way to something hidden. */
  #inside(value: Json, at: Path): Json {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) {
      const items = value.map((item: Json) => this.#inside(item, at));
      return items.some((item, n) => item !== value[n]) ? items : value;
    }
    let changed = false;
    const entries = Object.entries(value).map(([key, item]) => {
      if (item === undefined) return [key, item] as const;
      const shown = this.#named(key, item, at);
      changed ||= shown !== item;
      return [key, shown] as const;
    });
    return changed ? Object.fromEntries(entries) : value;
  }

  /** The marks that a portrait makes for what JSON has no form for are no names. */
  #named(key: string, item: Json, at: Path): Json {
    if (key === '(Map)') return this.#pairs(item, at);
    return key === '(Set)' ? this.#inside(item, at) : this.value(item, [...at, key]);
  }

  /** A map in a portrait: its keys are names too. */
  #pairs(pairs: Json, at: Path): Json {
    if (!Array.isArray(pairs)) return pairs;
    return pairs.map((pair: Json) => {
      if (!Array.isArray(pair) || typeof pair[0] !== 'string') return this.#inside(pair, at);
      return [pair[0], this.value(pair[1] as Json, [...at, pair[0]])];
    });
  }

  #hides(at: Path): boolean {
    const last = at.at(-1);
    if (last === undefined) return false;
    const ends = (pattern: Path) => {
      const from = at.length - pattern.length;
      return from >= 0 && pattern.every((name, n) => name === '*' || name === at[from + n]);
    };
    return [last, '*'].some((name) => this.#patterns.get(name)?.some(ends));
  }
}
