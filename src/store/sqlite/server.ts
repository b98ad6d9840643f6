import { SessionError } from '../../errors.ts';
import { type Driver, loadDriver } from './driver.ts';
import { isPoison, poisoned, toRefusal, toStoreError } from './faults.ts';
import { openStoreFile } from './opening.ts';
import type { Answer, OpenRequest, Operation, OperationName, Reply, State } from './protocol.ts';
import type { StoreFile } from './store-file.ts';

/** Characters of answers that make a message; the main thread parses one while the next is read. */
const REPLY_CHARACTERS = 1 << 20;
/** Of one run, so that answers go out while the rest is worked on. */
const RUN = 1024;

/** What comes one after the other of these kinds shares a transaction. Each `append` has its own. */
type Kind = 'read' | 'write' | 'alone';
const KINDS: Readonly<Record<OperationName, Kind>> = {
  open: 'alone',
  close: 'alone',
  append: 'alone',
  counts: 'read',
  head: 'read',
  heads: 'read',
  load: 'read',
  facts: 'read',
  getSaved: 'read',
  listSaved: 'read',
  savedIds: 'read',
  putSnapshot: 'write',
  remove: 'write',
  putSaved: 'write',
  deleteSaved: 'write',
};

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
      const run = runAt(operations, next);
      next += run.length;
      for (const answer of this.#answerRun(run)) {
        answers.push(answer);
        characters += lengthOf(answer);
      }
      if (characters > REPLY_CHARACTERS) flush();
    }
    flush();
  }

  #answerRun(run: readonly Operation[]): Answer[] {
    const [first] = run;
    const kind = first && KINDS[first[0]];
    if (kind === 'read') return this.#read(run);
    if (kind === 'write') return this.#write(run);
    return run.map((operation) => this.#attempt(() => this.#alone(operation)));
  }

  #read(run: readonly Operation[]): Answer[] {
    try {
      const file = this.#usable();
      return file.read(() => {
        const loads = run.flatMap(([name, request]) => (name === 'load' ? [request] : []));
        const loaded = file.loader.load(loads).values();
        return run.map((operation) =>
          this.#attempt(() => (operation[0] === 'load' ? loaded.next().value : read(file, operation))),
        );
      });
    } catch (error) {
      return run.map(() => this.#refuse(error));
    }
  }

  /** In one transaction; when that fails each on its own, so that one does not take the others with it. */
  #write(run: readonly Operation[]): Answer[] {
    try {
      const file = this.#usable();
      return this.#written(() =>
        file.write(() => run.map((operation) => ({ gives: write(file, operation) }))),
      );
    } catch (error) {
      if (run.length === 1) return [this.#refuse(error)];
      return run.flatMap((operation) => this.#write([operation]));
    }
  }

  #alone(operation: Operation): unknown {
    if (operation[0] === 'open') return this.#open(operation[1]);
    if (operation[0] === 'close') return this.#close();
    if (operation[0] !== 'append') throw unknownOperation(operation);
    const file = this.#usable();
    return this.#written(() => file.append(operation[1]));
  }

  #open(request: OpenRequest): State {
    this.#file = openStoreFile(this.#driver(), request);
    return this.#file.state;
  }

  #close(): void {
    const file = this.#file;
    this.#file = undefined;
    file?.close();
  }

  #usable(): StoreFile {
    if (this.#poison) throw this.#poison;
    if (!this.#file) throw new SessionError('STORE_FAILED', 'The store is not open.');
    return this.#file;
  }

  #written<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (isPoison(error)) this.#poison = poisoned(this.#storeError(error));
      throw error;
    }
  }

  #attempt(work: () => unknown): Answer {
    try {
      const gives = work();
      return gives instanceof SessionError ? this.#refuse(gives) : { gives };
    } catch (error) {
      return this.#refuse(error);
    }
  }

  #refuse(error: unknown): Answer {
    return { refusal: toRefusal(this.#storeError(error)) };
  }

  #storeError(error: unknown): SessionError {
    return toStoreError(error, this.#file?.path ?? '');
  }
}

/** The operations from `start` on that are of one kind. */
function runAt(operations: readonly Operation[], start: number): readonly Operation[] {
  const kindAt = (index: number) => KINDS[(operations[index] as Operation)[0]];
  const kind = kindAt(start);
  let end = start + 1;
  if (kind !== 'alone') while (end < operations.length && end - start < RUN && kindAt(end) === kind) end += 1;
  return operations.slice(start, end);
}

function read(file: StoreFile, operation: Operation): unknown {
  const { reader, saved } = file;
  const [name, request] = operation;
  switch (name) {
    case 'counts':
      return reader.counts();
    case 'head':
      return reader.head(request);
    case 'heads':
      return reader.heads(request);
    case 'facts':
      return file.facts(request);
    case 'getSaved':
      return saved.get(request);
    case 'savedIds':
      return saved.ids();
    case 'listSaved':
      return saved.list();
    default:
      throw unknownOperation(operation);
  }
}

function write({ appender, saved }: StoreFile, operation: Operation): unknown {
  const [name, request] = operation;
  switch (name) {
    case 'putSnapshot':
      return appender.putSnapshot(request);
    case 'remove':
      return appender.remove(request);
    case 'putSaved':
      return saved.put(request);
    case 'deleteSaved':
      return saved.delete(request);
    default:
      throw unknownOperation(operation);
  }
}

function unknownOperation([name]: Operation): SessionError {
  return new SessionError('STORE_FAILED', `There is no operation "${name}" here.`);
}

function lengthOf(answer: Answer): number {
  const gives = 'gives' in answer ? answer.gives : undefined;
  if (typeof gives === 'string') return gives.length;
  return typeof gives === 'object' && gives !== null && 'facts' in gives ? String(gives.facts).length : 0;
}
