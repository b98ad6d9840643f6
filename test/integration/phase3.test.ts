import { afterEach, describe, expect, it } from 'vitest';
import { createSessionManager as create } from '../../src/index.ts';
import type { SessionManagerOptions } from '../../src/options.ts';
import { fragileAgent } from '../support/agents.ts';
import { codeOf } from '../support/errors.ts';
import { collect, ENDED, increases, STARTED, seqs } from '../support/events.ts';
import { atRest } from '../support/leaks.ts';

const opened: Array<{ close(): Promise<void> }> = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((manager) => manager.close()));
});
function createSessionManager(options?: SessionManagerOptions) {
  const manager = create(options);
  opened.push(manager);
  return manager;
}
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('multiple concurrent sessions', () => {
  it('creates 10 sessions simultaneously', async () => {
    const manager = createSessionManager();
    const sessions = await Promise.all(upTo(10).map(() => manager.createSession()));
    expect(new Set(sessions.map(({ id }) => id)).size).toBe(10);
    const listed = await manager.listSessions();
    expect(listed.map(({ id }) => id)).toEqual(sessions.map(({ id }) => id));
    expect(listed.every(({ status }) => status === 'active')).toBe(true);
  });

  it('creates sessions with 20 concurrent tasks', async () => {
    const manager = createSessionManager();
    const task = async (i: number) => {
      const session = await manager.createSession({ id: `task-${i}` });
      await session.send('user', `of task ${i}`);
      return session;
    };
    const sessions = await Promise.all(upTo(20).map(task));
    for (const [i, session] of sessions.entries()) {
      const history = await session.context.history();
      expect(history.map(({ content }) => content)).toEqual([`of task ${i}`]);
    }
    expect(manager.stats().sessions.active).toBe(20);
  });

  it('each session keeps its own metadata', async () => {
    const manager = createSessionManager();
    await Promise.all(
      upTo(10).map((i) =>
        manager.createSession({
          id: `s${i}`,
          metadata: { i, tags: [`t${i}`] },
          llmConfig: { model: `m${i}` },
        }),
      ),
    );
    for (const i of upTo(10)) {
      const info = await manager.getSessionInfo(`s${i}`);
      expect(info.metadata).toEqual({ i, tags: [`t${i}`] });
      expect(info.llmConfig).toEqual({ model: `m${i}` });
    }
  });
});

describe('isolation', () => {
  const two = async () => {
    const manager = createSessionManager();
    const [a, b] = [await manager.createSession({ id: 'a' }), await manager.createSession({ id: 'b' })];
    return { manager, a, b };
  };

  it('conversation history: what one session says the other does not know', async () => {
    const { a, b } = await two();
    await a.send('user', 'to a');
    await b.send('user', 'to b');
    await a.send('assistant', 'from a');
    expect((await a.context.history()).map(({ content }) => content)).toEqual(['to a', 'from a']);
    expect((await b.context.history()).map(({ content }) => content)).toEqual(['to b']);
    await a.context.clearConversation();
    expect(await b.context.history()).toHaveLength(1);
  });

  it('events: a subscriber of one session hears nothing of the other', async () => {
    const { manager, a, b } = await two();
    const [ofA, ofB] = [collect(manager, { session: 'a' }), collect(manager, { session: 'b' })];
    await a.send('user', 'x');
    await b.context.put('k', 1);
    await a.terminate();
    expect(ofA.steps()).toEqual(['conversation_added', ...ENDED]);
    expect(ofB.steps()).toEqual(['working_context_updated']);
  });

  it('context manager: files and working context belong to one session', async () => {
    const { a, b } = await two();
    await a.context.addFile('only-a.ts');
    await a.context.updateFileIndex('only-a.ts', { lines: 1 });
    await a.context.put('key', 'of a');
    await b.context.addFile('only-b.ts');
    expect((await a.context.activeFiles()).map(({ path }) => path)).toEqual(['only-a.ts']);
    expect((await b.context.activeFiles()).map(({ path }) => path)).toEqual(['only-b.ts']);
    expect(await b.context.fileIndex()).toEqual({});
    expect(await b.context.get('key')).toBeUndefined();
  });

  it('cache: the same path has different content in each session', async () => {
    const { a, b } = await two();
    await a.cache.cacheFile('/same/path.ts', 'of a');
    await b.cache.cacheFile('/same/path.ts', 'of b');
    expect((await a.cache.getFile('/same/path.ts'))?.content).toBe('of a');
    expect((await b.cache.getFile('/same/path.ts'))?.content).toBe('of b');
    await a.cache.invalidateFile('/same/path.ts');
    expect((await b.cache.getFile('/same/path.ts'))?.content).toBe('of b');
  });
});

describe('lifecycle', () => {
  it('complete lifecycle from creation to termination, with every event in order', async () => {
    const manager = createSessionManager();
    const seen = collect(manager);
    const session = await manager.createSession({ id: 'a' });
    await session.send('user', 'hello');
    await session.send('assistant', 'hi');
    await session.context.addFile('a.ts');
    await session.terminate();
    expect(seen.steps()).toEqual([
      ...STARTED,
      'conversation_added',
      'conversation_added',
      'file_added',
      ...ENDED,
    ]);
    expect(increases(seqs(seen.events))).toBe(true);
  });

  it('correct states at every step', async () => {
    const manager = createSessionManager();
    const statuses: string[] = [];
    manager.subscribeToAllSessions(
      (event) => {
        const look = event.status === 'terminated' ? 'gone' : event.status;
        statuses.push(`${event.previousStatus} to ${look}`);
      },
      { types: ['session_status'] },
    );
    const session = await manager.createSession();
    expect((await session.info()).status).toBe('active');
    await session.terminate();
    expect(await codeOf(session.info())).toBe('SESSION_NOT_FOUND');
    expect(statuses).toEqual(['initializing to active', 'active to terminating', 'terminating to gone']);
  });

  it('resources are cleaned up after termination: reads then say not found', async () => {
    const manager = createSessionManager({ agent: fragileAgent });
    const session = await manager.createSession({ id: 'a', config: { idleAfterMs: 60_000 } });
    await session.send('user', 'x');
    await session.cache.cacheFile('f', 'F');
    await session.terminate();
    const reads = [
      session.info(),
      session.snapshot(),
      session.context.history(),
      session.context.activeFiles(),
      session.context.get('k'),
      session.cache.getFile('f'),
      manager.getSessionInfo('a'),
    ];
    expect(new Set(await Promise.all(reads.map(codeOf)))).toEqual(new Set(['SESSION_NOT_FOUND']));
    expect(await manager.listSessions()).toEqual([]);
    expect(manager.stats()).toMatchObject(atRest());
  });
});

describe('fault isolation', () => {
  it('a crash in one session does not affect the others', async () => {
    const manager = createSessionManager({ agent: fragileAgent, logger: {} });
    const sessions = await Promise.all(upTo(5).map((i) => manager.createSession({ id: `s${i}` })));
    await Promise.all(sessions.map((session, i) => session.send('user', `of s${i}`)));
    expect(await codeOf(manager.session('s2').dispatch({ type: 'boom' }))).toBe('SESSION_CRASHED');
    expect(await codeOf(manager.getSessionInfo('s2'))).toBe('SESSION_NOT_FOUND');
    expect((await manager.listSessions()).map(({ id }) => id)).toEqual(['s0', 's1', 's3', 's4']);
    for (const i of [0, 1, 3, 4]) {
      const session = manager.session(`s${i}`);
      expect(await session.info()).toMatchObject({ status: 'active', messageCount: 1, restarts: 0 });
      await session.dispatch({ type: 'say', content: 'alive' });
      expect((await session.send('user', 'still here')).id).toBe(`s${i}:2`);
    }
    expect((await (await manager.createSession({ id: 's2' })).info()).messageCount).toBe(0);
  });

  it('a dead session receives no more events, and publishes none', async () => {
    const manager = createSessionManager({ agent: fragileAgent, logger: {} });
    const session = await manager.createSession();
    await session.dispatch({ type: 'boom' }).catch(() => {});
    const seen = collect(manager);
    expect(await codeOf(session.dispatch({ type: 'say', content: 'x' }))).toBe('SESSION_NOT_FOUND');
    expect(await codeOf(session.send('user', 'x'))).toBe('SESSION_NOT_FOUND');
    await manager.createSession({ id: 'other' });
    expect(seen.session(session.id)).toEqual([]);
    expect(seen.steps()).toEqual(STARTED);
  });
});

describe('client API', () => {
  it('complete workflow', async () => {
    const manager = createSessionManager();
    const session = await manager.createSession({ id: 'work', metadata: { project: 'x' } });
    const seen = collect(manager, { session: 'work' });
    await manager.sendMessage('work', 'user', 'read a.ts');
    await session.context.addFile('a.ts');
    await session.cache.cacheFile('a.ts', 'let a');
    await session.context.put('finding', { line: 1 });
    await manager.sendMessage('work', 'assistant', 'done');
    const built = await session.context.build(['conversation', 'files', 'workingContext']);
    expect(built.conversation).toHaveLength(2);
    expect(built.files?.map(({ path }) => path)).toEqual(['a.ts']);
    expect(built.workingContext).toEqual({ finding: { line: 1 } });
    const saved = await manager.saveSession('work');
    expect(saved).toMatchObject({ id: 'work', messageCount: 2, metadata: { project: 'x' } });
    await manager.terminateSession('work');
    expect(await manager.listSessions()).toEqual([]);
    const restored = await manager.restoreSession('work');
    expect((await restored.context.history()).map(({ content }) => content)).toEqual(['read a.ts', 'done']);
    await manager.deleteSavedSession('work');
    expect(await manager.listSavedSessions()).toEqual([]);
    expect(seen.of('conversation_added')).toHaveLength(2);
  });

  it('subscribe to one session, then unsubscribe', async () => {
    const manager = createSessionManager();
    const session = await manager.createSession();
    const seen = collect(manager, { session: session.id });
    await session.send('user', 'heard');
    seen.stop();
    await session.send('user', 'unheard');
    expect(seen.of('conversation_added').map(({ message }) => message.content)).toEqual(['heard']);
  });

  it('subscribe to all sessions', async () => {
    const manager = createSessionManager();
    const seen = collect(manager);
    for (const i of upTo(3)) await (await manager.createSession({ id: `s${i}` })).terminate();
    expect(seen.of('session_created').map(({ sessionId }) => sessionId)).toEqual(['s0', 's1', 's2']);
    expect(seen.of('session_terminated').map(({ sessionId }) => sessionId)).toEqual(['s0', 's1', 's2']);
  });
});

describe('event broadcasting', () => {
  it('all lifecycle events, with status and previousStatus', async () => {
    const manager = createSessionManager();
    const seen = collect(manager);
    await (await manager.createSession({ id: 'a', metadata: { m: 1 } })).terminate();
    expect(seen.events).toMatchObject([
      { type: 'session_created', sessionId: 'a', metadata: { m: 1 } },
      { type: 'session_status', previousStatus: 'initializing', status: 'active' },
      { type: 'session_status', previousStatus: 'active', status: 'terminating' },
      { type: 'session_status', previousStatus: 'terminating', status: 'terminated' },
      { type: 'session_terminated', sessionId: 'a', reason: 'normal' },
    ]);
  });

  it('the session topic carries status, conversation and files of its session', async () => {
    const manager = createSessionManager();
    const seen = collect(manager, { session: 'a' });
    const session = await manager.createSession({ id: 'a' });
    await session.send('user', 'x');
    await session.context.addFile('f');
    await session.context.removeFile('f');
    await session.context.clearConversation();
    expect(seen.steps()).toEqual([
      ...STARTED,
      'conversation_added',
      'file_added',
      'file_removed',
      'conversation_cleared',
    ]);
  });

  it('independent events of several sessions', async () => {
    const manager = createSessionManager();
    const topics = upTo(5).map((i) => collect(manager, { session: `s${i}` }));
    const sessions = await Promise.all(upTo(5).map((i) => manager.createSession({ id: `s${i}` })));
    await Promise.all(sessions.flatMap((session, i) => upTo(i).map((n) => session.send('user', `${n}`))));
    for (const [i, topic] of topics.entries()) {
      expect(topic.of('conversation_added')).toHaveLength(i);
      expect(topic.events.every(({ sessionId }) => sessionId === `s${i}`)).toBe(true);
    }
  });
});

describe('concurrent operations', () => {
  it('concurrent create and terminate', async () => {
    const manager = createSessionManager();
    const old = await Promise.all(upTo(10).map((i) => manager.createSession({ id: `old-${i}` })));
    await Promise.all([
      ...old.map((session) => session.terminate()),
      ...upTo(10).map((i) => manager.createSession({ id: `new-${i}` })),
    ]);
    const listed = await manager.listSessions();
    expect(listed.map(({ id }) => id).sort()).toEqual(upTo(10).map((i) => `new-${i}`));
    expect(listed.every(({ status }) => status === 'active')).toBe(true);
  });

  it('concurrent messages to several sessions: all arrive, each session in order', async () => {
    const manager = createSessionManager();
    const sessions = await Promise.all(upTo(5).map(() => manager.createSession()));
    await Promise.all(
      upTo(50).flatMap((n) => sessions.map((session, i) => session.send('user', `${i}:${n}`))),
    );
    for (const [i, session] of sessions.entries()) {
      const history = await session.context.history();
      expect(history.map(({ content }) => content)).toEqual(upTo(50).map((n) => `${i}:${n}`));
    }
  });

  it('mixed concurrent operations', async () => {
    const manager = createSessionManager({ agent: fragileAgent, logger: {} });
    const seen = collect(manager);
    const [keep, end, kill, crash] = await Promise.all(
      ['keep', 'end', 'kill', 'crash'].map((id) => manager.createSession({ id })),
    );
    await Promise.all([
      keep?.send('user', 'x'),
      keep?.context.put('k', 1),
      keep?.cache.cacheFile('f', 'F'),
      keep?.dispatch({ type: 'say', content: 'hi' }),
      end?.terminate(),
      kill?.kill(),
      crash?.dispatch({ type: 'boom' }).catch(() => {}),
      manager.createSession({ id: 'fresh' }),
      manager.listSessions(),
      codeOf(manager.createSession({ id: 'keep' })),
      codeOf(manager.getSessionInfo('unknown')),
    ]);
    expect((await manager.listSessions()).map(({ id }) => id)).toEqual(['keep', 'fresh']);
    expect(await manager.getSessionInfo('keep')).toMatchObject({ status: 'active', messageCount: 1 });
    expect(seen.of('llm_response')).toHaveLength(1);
    const reasons = new Map(
      seen.of('session_terminated').map(({ sessionId, reason }) => [sessionId, reason]),
    );
    expect(Object.fromEntries(reasons)).toEqual({ end: 'normal', kill: 'killed', crash: 'crashed' });
  });
});
