import type { Client, ClientSession } from './subject.ts';

type NamedCall = readonly [name: string, call: () => Promise<unknown>];

/** Every asynchronous call of a handle, each with arguments that are right. */
export function callsOf(session: ClientSession): NamedCall[] {
  return [...readsOf(session), ...writesOf(session), ...endsOf(session), ...cacheCallsOf(session)];
}

export function readsOf(session: ClientSession): NamedCall[] {
  return [
    ['info', () => session.info()],
    ['snapshot', () => session.snapshot()],
    ['context.history', () => session.context.history()],
    ['context.activeFiles', () => session.context.activeFiles()],
    ['context.fileIndex', () => session.context.fileIndex()],
    ['context.get', () => session.context.get('key')],
    ['context.keys', () => session.context.keys()],
    ['context.build', () => session.context.build(['conversation'])],
  ];
}

export function writesOf(session: ClientSession): NamedCall[] {
  return [
    ['send', () => session.send('user', 'late')],
    ['context.addMessage', () => session.context.addMessage('user', 'late')],
    ['context.clearConversation', () => session.context.clearConversation()],
    ['context.addFile', () => session.context.addFile('late.ts')],
    ['context.removeFile', () => session.context.removeFile('late.ts')],
    ['context.updateFileIndex', () => session.context.updateFileIndex('late.ts', { late: true })],
    ['context.put', () => session.context.put('late', true)],
    ['context.delete', () => session.context.delete('late')],
  ];
}

export function endsOf(session: ClientSession): NamedCall[] {
  return [
    ['dispatch', () => session.dispatch({ type: 'late' })],
    ['terminate', () => session.terminate()],
    ['kill', () => session.kill()],
  ];
}

export function cacheCallsOf(session: Pick<ClientSession, 'cache'>): NamedCall[] {
  return [
    ['cache.cacheFile', () => session.cache.cacheFile('a', 'A')],
    ['cache.getFile', () => session.cache.getFile('a')],
    ['cache.cacheAnalysis', () => session.cache.cacheAnalysis('a', 'kind', 1)],
    ['cache.getAnalysis', () => session.cache.getAnalysis('a', 'kind')],
    ['cache.invalidateFile', () => session.cache.invalidateFile('a')],
    ['cache.clear', () => session.cache.clear()],
    ['cache.stats', () => session.cache.stats()],
  ];
}

/** Every asynchronous call of a client but close, aimed at one session. */
export function clientCallsOf(client: Client, id: string): NamedCall[] {
  return [
    ['createSession', () => client.createSession({ id })],
    ['getOrCreateSession', () => client.getOrCreateSession(id)],
    ['listSessions', () => client.listSessions()],
    ['listSavedSessions', () => client.listSavedSessions()],
    ['restoreSession', () => client.restoreSession(id)],
    ['deleteSavedSession', () => client.deleteSavedSession(id)],
    ...idCallsOf(client, id),
  ];
}

/** Every asynchronous call of a client that needs a session of that id to be there. */
export function idCallsOf(client: Client, id: string): NamedCall[] {
  return [
    ['getSessionInfo', () => client.getSessionInfo(id)],
    ['sendMessage', () => client.sendMessage(id, 'user', 'late')],
    ['terminateSession', () => client.terminateSession(id)],
    ['killSession', () => client.killSession(id)],
    ['saveSession', () => client.saveSession(id)],
  ];
}
