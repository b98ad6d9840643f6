import { SessionError } from '../../errors.ts';
import { type Driver, loadDriver } from './driver.ts';
import { isPoison, poisoned, toRefusal, toStoreError } from './faults.ts';
import { openStoreFile } from './opening.ts';
import type { Answer, OpenRequest, Operation, Reply, State } from './protocol.ts';
import type { StoreFile } from './store-file.ts';

/** Characters of answers that make a message; the main thread parses one while the next is read. */
const REPLY_CHARACTERS = 1 << 20;

/** Small writes that share a transaction when they come one after the other. */
const GROUPED = new Set<Operation[0]>(['putSnapshot', 'remove', 'putSaved', 'deleteSaved']);

export interface Port {
  on(event: 'message', listener: (operations: readonly Operation[]) => void): unknown;
  postMessage(reply: Reply): void;
}

/** Answers every message of operations on the port, in order. */
export function serve(port: Port, driver: () => Driver = loadDriver): void {
  const server = new Server(driver);
  port.on('message', (operations) => server.answer(operations, (reply) => port.postMessage(reply)));
}

export class Server {
  readonly #driver: () => Driver;
  #file: StoreFile | undefined;
  /** After a failed sync: the answer to every call but `close`. */
  #poison: SessionError | undefined;

  constructor(driver: () => Driver, file?: StoreFile) {
    this.#driver = driver;
    this.#file = file;
  }

  answer(operations: readonly Operation[], send: (reply: Reply) => void): void {
    let answers: Answer[] = [];
    let characters = 0;
    const flush = () => {
      if (answers.length > 0) send({ answers, state: this.#file?.state });
      answers = [];
      characters = 0;
    };
    for (let next = 0; next < operations.length; ) {
      const group = this.#groupAt(operations, next);
      next += group.length;
      for (const answer of group.length > 1
        ? this.#together(group)
        : group.map((each) => this.#attempt(each))) {
        answers.push(answer);
        characters += lengthOf(answer);
      }
      if (characters > REPLY_CHARACTERS) flush();
    }
    flush();
  }

  #groupAt(operations: readonly Operation[], start: number): readonly Operation[] {
    let end = start + 1;
    const isGrouped = (index: number) => GROUPED.has((operations[index] as Operation)[0]);
    if (isGrouped(start)) while (end < operations.length && isGrouped(end)) end += 1;
    return operations.slice(start, end);
  }

  /** In one transaction; when that fails each on its own, so that one does not take the others with it. */
  #together(group: readonly Operation[]): Answer[] {
    const file = this.#file;
    if (file && !this.#poison)
      try {
        return file.write(() => group.map((operation) => ({ gives: perform(file, operation) })));
      } catch (error) {
        if (isPoison(error)) this.#poisonWith(error);
      }
    return group.map((operation) => this.#attempt(operation));
  }

  #attempt(operation: Operation): Answer {
    try {
      return { gives: this.#run(operation) };
    } catch (error) {
      return { refusal: toRefusal(toStoreError(error, this.#file?.path ?? '')) };
    }
  }

  #run(operation: Operation): unknown {
    if (operation[0] === 'open') return this.#open(operation[1]);
    const file = this.#file;
    if (!file) throw new SessionError('STORE_FAILED', 'The store is not open.');
    if (operation[0] === 'close') {
      this.#file = undefined;
      return file.close();
    }
    if (this.#poison) throw this.#poison;
    const writes = GROUPED.has(operation[0]);
    try {
      if (writes) return file.write(() => perform(file, operation));
      return operation[0] === 'append'
        ? file.append(operation[1])
        : file.read(() => perform(file, operation));
    } catch (error) {
      if ((writes || operation[0] === 'append') && isPoison(error)) this.#poisonWith(error);
      throw error;
    }
  }

  #open(request: OpenRequest): State {
    this.#file = openStoreFile(this.#driver(), request);
    return this.#file.state;
  }

  #poisonWith(error: unknown): void {
    this.#poison = poisoned(toStoreError(error, this.#file?.path ?? ''));
  }
}

/** Writes come inside a transaction. */
function perform(file: StoreFile, [name, request]: Operation): unknown {
  const { reader, appender, saved } = file;
  switch (name) {
    case 'counts':
      return reader.counts();
    case 'head':
      return reader.head(request);
    case 'heads':
      return reader.heads(request);
    case 'load':
      return reader.load(request);
    case 'facts':
      return file.facts(request);
    case 'putSnapshot':
      return appender.putSnapshot(request);
    case 'remove':
      return appender.remove(request);
    case 'putSaved':
      return saved.put(request);
    case 'getSaved':
      return saved.get(request);
    case 'listSaved':
      return saved.list();
    case 'deleteSaved':
      return saved.delete(request);
    default:
      throw new SessionError('STORE_FAILED', `There is no operation "${name}" on an open store.`);
  }
}

function lengthOf(answer: Answer): number {
  const gives = 'gives' in answer ? answer.gives : undefined;
  if (typeof gives === 'string') return gives.length;
  return typeof gives === 'object' && gives !== null && 'facts' in gives ? String(gives.facts).length : 0;
}
