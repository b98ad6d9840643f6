import { checkKey, checkPath, tooLarge } from '../check.ts';
import type { SendOptions, SessionContext } from '../client.ts';
import type { Content, ContextPart, Json, JsonObject, Message, Role } from '../data.ts';
import { copyJson, copyJsonObject, exceedsBytes } from '../json.ts';
import { addFile, clearConversation, deleteValue, putValue, removeFile, updateFileIndex } from './content.ts';
import type { SessionEntry } from './entry.ts';
import type { HandleHost, Scope } from './host.ts';
import type { Perform } from './operations.ts';
import { activeFilesOf, buildContext, fileIndexOf, historyOf } from './views.ts';

/** A write that looks at nothing of its session. */
const STACKS = true;

/** A session's conversation, files and working context, through its manager. */
export class ContextHandle implements SessionContext {
  readonly #host: HandleHost;
  readonly #id: string;
  readonly #scope: Scope | undefined;

  constructor(host: HandleHost, id: string, scope?: Scope) {
    this.#host = host;
    this.#id = id;
    this.#scope = scope;
  }

  addMessage(role: Role, content: Content, options?: SendOptions): Promise<Message> {
    return sendThrough(this.#host, this.#id, role, content, options, this.#scope);
  }

  history(options?: { limit?: number; before?: string }): Promise<Message[]> {
    return this.#read(({ state }) => historyOf(state, options));
  }

  clearConversation(): Promise<void> {
    return this.#write(({ state }, batch) => clearConversation(state, batch), STACKS);
  }

  async addFile(path: string): Promise<void> {
    this.#host.checkOpen();
    checkPath(path, 'path');
    return this.#write(({ state }, batch) => addFile(state, batch, path));
  }

  async removeFile(path: string): Promise<void> {
    this.#host.checkOpen();
    checkPath(path, 'path');
    return this.#write(({ state }, batch) => removeFile(state, batch, path));
  }

  activeFiles() {
    return this.#read(({ state }) => activeFilesOf(state));
  }

  async updateFileIndex(path: string, metadata: JsonObject): Promise<void> {
    this.#host.checkOpen();
    checkPath(path, 'path');
    const copy = copyJsonObject(metadata, 'metadata');
    this.#checkSize(copy, 'metadata');
    return this.#write(({ state }, batch) => updateFileIndex(state, batch, path, copy), STACKS);
  }

  fileIndex() {
    return this.#read(({ state }) => fileIndexOf(state));
  }

  async put(key: string, value: Json): Promise<void> {
    this.#host.checkOpen();
    checkKey(key, 'key');
    const copy = copyJson(value, 'value');
    this.#checkSize(copy, 'value');
    return this.#write(({ state }, batch) => putValue(state, batch, key, copy), STACKS);
  }

  async get(key: string): Promise<Json | undefined> {
    this.#host.checkOpen();
    checkKey(key, 'key');
    return this.#read(({ state }) => state.workingContext?.get(key));
  }

  keys(): Promise<string[]> {
    return this.#read(({ state }) => Object.freeze([...(state.workingContext?.keys() ?? [])]) as string[]);
  }

  async delete(key: string): Promise<void> {
    this.#host.checkOpen();
    checkKey(key, 'key');
    return this.#write(({ state }, batch) => deleteValue(state, batch, key));
  }

  build(
    include: readonly ContextPart[],
    options?: { maxMessages?: number; maxFiles?: number; maxTokens?: number },
  ) {
    return this.#read(({ state }) => buildContext(state, include, options));
  }

  #read<R>(view: (entry: SessionEntry) => R): Promise<R> {
    return this.#host.admit(() => this.#host.operations.read(this.#id, view, this.#scope));
  }

  #write<R>(perform: Perform<R>, stacks = false): Promise<R> {
    return this.#host.admitWrite(() =>
      this.#host.operations.write(this.#id, perform, { scope: this.#scope, stacks }),
    );
  }

  #checkSize(value: Json, at: string): void {
    const { maxMessageBytes } = this.#host.limits;
    if (exceedsBytes(value, maxMessageBytes)) throw tooLarge(at, maxMessageBytes, 'limits.maxMessageBytes');
  }
}

/** Checks and copies at once, so that what the caller changes afterwards has no effect. */
export function sendThrough(
  host: HandleHost,
  id: string,
  role: Role,
  content: Content,
  options: SendOptions | undefined,
  scope?: Scope,
): Promise<Message> {
  try {
    host.checkOpen();
    const draft = host.operations.draft(role, content, options);
    return host.admitWrite(() => host.operations.send(id, draft, scope));
  } catch (error) {
    return Promise.reject(error);
  }
}
