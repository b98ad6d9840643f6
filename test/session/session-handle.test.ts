import { describe, expect, it } from 'vitest';
import type { Session } from '../../src/client.ts';
import { watchedAgent } from '../support/agents.ts';
import { codeOf, codeThrown } from '../support/errors.ts';
import { drain } from '../support/events.ts';
import { thawed } from '../support/frozen.ts';
import { turns } from '../support/turns.ts';
import { forever, stage } from './stage.ts';
import { storeUnderTest } from './stores.ts';

describe('a handle', () => {
  it('belongs to the id: it reaches whoever bears it, now or later', async () => {
    const on = stage();
    const handle = on.manager.session('s');
    expect(await codeOf(handle.info())).toBe('SESSION_NOT_FOUND');
    const first = await on.manager.createSession({ id: 's', metadata: { n: 1 } });
    expect((await handle.info()).metadata).toEqual({ n: 1 });
    await first.terminate();
    await on.manager.createSession({ id: 's', metadata: { n: 2 } });
    expect((await handle.info()).metadata).toEqual({ n: 2 });
  });

  it('says what its manager says: info, send, terminate, kill', async () => {
    const agent = watchedAgent();
    const on = stage({ agent: agent.logic });
    const session: Session<{ type: string }> = await on.manager.createSession({ id: 's' });
    expect(await session.info()).toEqual(await on.manager.getSessionInfo('s'));
    const sent = await session.send('tool', 'x', { toolCallId: 't', idempotencyKey: 'k' });
    expect(await on.manager.sendMessage('s', 'user', 'y', { idempotencyKey: 'k' })).toBe(sent);
    await session.dispatch({ type: 'ask' });
    expect(agent.of('s').received).toEqual([{ type: 'ask' }]);
    await session.terminate({ reason: 'done' });
    await (await on.manager.createSession({ id: 's' })).kill('enough');
    expect(on.news().filter((line) => line.startsWith('gone'))).toEqual([
      'gone (done)',
      'gone (killed): enough',
    ]);
  });

  it('hears its own session and no other', async () => {
    const on = stage();
    const session = await on.manager.createSession({ id: 's' });
    const other = await on.manager.createSession({ id: 'other' });
    const heard: string[] = [];
    const stop = session.subscribe(({ sessionId, type }) => heard.push(`${sessionId} ${type}`), {
      types: ['file_added'],
    });
    const events = drain(session.events({ types: ['file_added'], sessionId: 'other' } as never), 1);
    await other.context.addFile('a');
    await session.context.addFile('b');
    await session.context.put('k', 1);
    stop();
    await session.context.addFile('c');
    expect(heard).toEqual(['s file_added']);
    expect((await events).map(({ sessionId }) => sessionId)).toEqual(['s']);
  });

  it('refuses a wrong event, option or stream before anything happens', async () => {
    const on = stage({ agent: watchedAgent().logic });
    const session = await on.manager.createSession({ id: 's' });
    on.news();
    const calls = [
      session.dispatch({ type: 'xstate.stop' }),
      session.dispatch(null as never),
      session.snapshot({ message: 1 } as never),
      session.snapshot({ messages: -1 }),
      session.send('robot' as never, 'x'),
    ];
    expect(await Promise.all(calls.map(codeOf))).toEqual(Array(5).fill('INVALID_ARGUMENT'));
    expect(codeThrown(() => session.events(null as never))).toBe('INVALID_ARGUMENT');
    expect(on.news()).toEqual([]);
  });

  it('of a closed manager rejects MANAGER_CLOSED, whatever the arguments', async () => {
    const on = stage();
    const session = await on.manager.createSession({ id: 's' });
    await on.manager.close();
    const calls = [
      session.info(),
      session.snapshot(7 as never),
      session.send('robot' as never, 'x'),
      session.dispatch(null as never),
      session.terminate(7 as never),
      session.kill(),
    ];
    expect(await Promise.all(calls.map(codeOf))).toEqual(Array(6).fill('MANAGER_CLOSED'));
    expect(codeThrown(() => session.subscribe(() => {}))).toBe('MANAGER_CLOSED');
    expect(codeThrown(() => session.events())).toBe('MANAGER_CLOSED');
  });
});

describe('a snapshot', () => {
  it('is one view: what a cursor at its seq brings is what is not in it', async () => {
    const on = stage();
    const session = await on.manager.createSession({ id: 's' });
    for (const content of ['1', '2', '3']) await session.send('user', content);
    const { info, messages, seq } = await session.snapshot();
    expect([info.messageCount, messages.map(({ content }) => content)]).toEqual([3, ['1', '2', '3']]);
    expect(seq).toBe(on.heard.events.at(-1)?.seq);
    const later = drain(session.events({ from: seq }), 1);
    await session.send('user', '4');
    expect((await later)[0]).toMatchObject({ type: 'conversation_added', message: { content: '4' } });
    expect(messages).toHaveLength(3);
  });

  it('holds the newest messages asked for, or none, and is frozen', async () => {
    const on = stage();
    const session = await on.manager.createSession({ id: 's' });
    for (const content of ['1', '2', '3']) await session.send('user', content);
    const two = await session.snapshot({ messages: 2 });
    expect(two.messages.map(({ content }) => content)).toEqual(['2', '3']);
    expect((await session.snapshot({ messages: 0 })).messages).toEqual([]);
    expect(thawed(two)).toBeUndefined();
  });
});

describe('disposing the handle of a create', () => {
  it('terminates that session, and never a later one of its id', async () => {
    const on = stage();
    const first = await on.manager.createSession({ id: 's' });
    await first[Symbol.asyncDispose]();
    expect(on.news().at(-1)).toBe('gone (normal)');
    await on.manager.createSession({ id: 's' });
    await first[Symbol.asyncDispose]();
    expect((await on.manager.getSessionInfo('s')).status).toBe('active');
  });

  it('resolves when the manager is closed, or closes meanwhile', async () => {
    const on = stage({ hooks: { cleanup: forever } });
    const session = await on.manager.createSession({ id: 's' });
    const disposed = codeOf(Promise.resolve(session[Symbol.asyncDispose]()));
    await turns();
    await on.manager.close();
    expect(await disposed).toBe('resolved instead');
    expect(await codeOf(Promise.resolve(session[Symbol.asyncDispose]()))).toBe('resolved instead');
  });

  it('rejects with what keeps the session from ending', async () => {
    const store = storeUnderTest();
    const on = stage({ store });
    const session = await on.manager.createSession({ id: 's' });
    store.refuse(() => true);
    expect(await codeOf(Promise.resolve(session[Symbol.asyncDispose]()))).toBe('STORE_FAILED');
    expect((await session.info()).status).toBe('active');
  });
});
