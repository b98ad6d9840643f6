/** How each call is made, and which failures it may end with. */
import type { Session, SessionCache, SessionContext } from '../../client.ts';
import type { JsonObject, Message } from '../../data.ts';
import type { SessionErrorCode } from '../../errors.ts';
import type { AgentCommand } from './agent.ts';
import { textOf } from './foreign.ts';
import type { Operation } from './ledger.ts';
import type { CallKind } from './scenario.ts';
import type { Client } from './subject.ts';

/** Makes the call of an operation, through the client or through a handle of the session. */
export function invoke(client: Client, operation: Operation, viaHandle: boolean): Promise<unknown> {
  const { id, call, text } = operation;
  const { signal } = operation.abort;
  switch (call.kind) {
    case 'create':
      return client
        .createSession({ id, metadata: { mark: text, ...call.plan }, signal })
        .then((session) => session.id);
    case 'getOrCreate':
      return client
        .getOrCreateSession(id, { metadata: { mark: text, ...call.plan } })
        .then(({ created }) => created);
    case 'restore':
      return client.restoreSession(id).then((session) => session.id);
    case 'save':
      return client.saveSession(id).then((saved) => saved.messageCount);
    case 'deleteSaved':
      return client.deleteSavedSession(id);
    case 'listSaved':
      return client.listSavedSessions().then((saved) => saved.map((one) => one.id));
    case 'list':
      return client
        .listSessions()
        .then((infos) =>
          infos.map(({ id, seq, status, messageCount }) => ({ id, seq, status, messageCount })),
        );
    case 'terminate': {
      const options = { signal, ...(call.timeoutMs !== null && { timeoutMs: call.timeoutMs }) };
      return viaHandle ? client.session(id).terminate(options) : client.terminateSession(id, options);
    }
    case 'kill':
      return viaHandle ? client.session(id).kill('test') : client.killSession(id, 'test');
    case 'info':
      return (viaHandle ? client.session(id).info() : client.getSessionInfo(id)).then((info) => info.status);
    case 'dispatch':
      if (call.act === 'own') return client.session(id).dispatch(call.event as never);
      return client
        .session(id)
        .dispatch({ type: call.act === 'forged' ? ('xstate.stop' as 'crash') : call.act, n: operation.n });
    case 'close':
      return client.close();
    case 'send': {
      if (viaHandle) return sendTo(client.session(id), operation);
      const options = { signal, ...(call.key !== null && { idempotencyKey: call.key }) };
      return client.sendMessage(id, 'user', text, options).then(contentOf(operation));
    }
    case 'snapshot':
      return client
        .session(id)
        .snapshot()
        .then(({ messages }) => messages.map((message) => textOf(message.content)));
    default: {
      const session = client.session(id);
      return invokeInside(session.context, session.cache, operation);
    }
  }
}

function sendTo(session: Session<AgentCommand>, operation: Operation): Promise<unknown> {
  const { call, text, abort } = operation;
  const key = call.kind === 'send' && call.key !== null && { idempotencyKey: call.key };
  const options = { signal: abort.signal, ...key };
  return session.send('user', text, options).then(contentOf(operation));
}

/** Keeps the message for whoever compares it, and gives its text. */
function contentOf(operation: Operation): (message: Message) => string {
  return (message) => {
    operation.message = message;
    return textOf(message.content);
  };
}

/** The calls that a hook or an agent can make as well. */
export function invokeInside(
  context: SessionContext,
  cache: SessionCache,
  operation: Operation,
): Promise<unknown> {
  const { call, text } = operation;
  switch (call.kind) {
    case 'send': {
      const options = call.key === null ? {} : { idempotencyKey: call.key };
      return context.addMessage('assistant', text, options).then(contentOf(operation));
    }
    case 'history':
      return context.history().then((messages) => messages.map((message) => textOf(message.content)));
    case 'clear':
      return context.clearConversation();
    case 'keys':
      return context.keys().then((keys) => [...keys].sort());
    case 'values':
      return valuesOf(context);
    case 'put':
      return context.put(call.key, text);
    case 'get':
      return context.get(call.key).then((value) => (value === undefined ? undefined : textOf(value)));
    case 'delete':
      return context.delete(call.key);
    case 'addFile':
      return context.addFile(call.path);
    case 'removeFile':
      return context.removeFile(call.path);
    case 'files':
      return context.activeFiles().then((files) => files.map((file) => file.path));
    case 'updateIndex':
      return context.updateFileIndex(call.path, { [call.key]: text });
    case 'fileIndex':
      return context.fileIndex().then(indexInTexts);
    case 'cacheFile':
      return cache.cacheFile(call.path, text);
    case 'readFile':
      return cache.getFile(call.path).then((file) => file?.content);
    case 'invalidate':
      return cache.invalidateFile(call.path);
    case 'clearCache':
      return cache.clear();
    case 'cacheStats':
      return cache.stats().then(({ files, bytes }) => ({ files, bytes }));
    default:
      throw new Error(`${call.kind} is not a call on a session's context`);
  }
}

/** All of the working context, at one instant. */
async function valuesOf(context: SessionContext): Promise<unknown> {
  const { workingContext } = await context.build(['workingContext']);
  const entries = Object.entries(workingContext ?? {}).map(([key, value]) => [key, textOf(value)] as const);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
}

function indexInTexts(index: Record<string, JsonObject>): Record<string, Record<string, string>> {
  const texts = (known: JsonObject) =>
    Object.fromEntries(Object.entries(known).map(([key, value]) => [key, textOf(value)]));
  return Object.fromEntries(Object.entries(index).map(([path, known]) => [path, texts(known)]));
}

/** A session that ended while it started: what a create and the writes that waited for it are told. */
export const DEATHS: readonly SessionErrorCode[] = [
  'INITIALIZE_FAILED',
  'TIMEOUT',
  'SESSION_TERMINATED',
  'SESSION_CRASHED',
];
const ADMISSION: readonly SessionErrorCode[] = ['LIMIT_EXCEEDED', 'OVERLOADED'];
const CREATE: readonly SessionErrorCode[] = [...DEATHS, ...ADMISSION];
const WRITE: readonly SessionErrorCode[] = [
  'SESSION_NOT_FOUND',
  'SESSION_NOT_ACTIVE',
  'SESSION_TERMINATED',
  'INITIALIZE_FAILED',
  'SESSION_CRASHED',
  'OVERLOADED',
];
const READ: readonly SessionErrorCode[] = ['SESSION_NOT_FOUND'];

/** The closed set of failures, `MANAGER_CLOSED` and `INVALID_SESSION_ID` apart. */
export const FAILURES: Readonly<Record<CallKind, readonly SessionErrorCode[]>> = {
  create: [...CREATE, 'DUPLICATE_SESSION', 'ABORTED'],
  getOrCreate: CREATE,
  restore: [...CREATE, 'DUPLICATE_SESSION', 'SESSION_NOT_FOUND'],
  save: READ,
  deleteSaved: READ,
  listSaved: [],
  list: [],
  terminate: [...READ, 'ABORTED'],
  kill: READ,
  info: READ,
  snapshot: READ,
  history: READ,
  keys: READ,
  values: READ,
  files: READ,
  fileIndex: READ,
  get: READ,
  clear: WRITE,
  put: WRITE,
  delete: WRITE,
  addFile: WRITE,
  removeFile: WRITE,
  updateIndex: WRITE,
  send: [...WRITE, 'PAYLOAD_TOO_LARGE', 'ABORTED'],
  dispatch: [...WRITE, 'INVALID_TRANSITION', 'INVALID_ARGUMENT'],
  readFile: READ,
  cacheStats: READ,
  cacheFile: WRITE,
  invalidate: WRITE,
  clearCache: WRITE,
  close: [],
};
