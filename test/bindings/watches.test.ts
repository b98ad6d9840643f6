import { describe, expect, it, onTestFinished } from 'vitest';
import { watchConversation, watchSession, watchSessions } from '../../src/bindings/index.ts';
import { createSessionManager, type SessionManagerOptions, type SessionStatus } from '../../src/index.ts';
import { strays } from '../support/errors.ts';
import { gate } from '../support/gate.ts';
import { scriptedAgent } from '../support/scripted-agent.ts';
import { turns } from '../support/turns.ts';
import { look } from '../support/watching.ts';

function open(options?: SessionManagerOptions<typeof scriptedAgent>) {
  const manager = createSessionManager({ agent: scriptedAgent, ...options });
  onTestFinished(() => manager.close());
  return manager;
}

describe('the sessions', () => {
  it('are loading, then there, in creation order, and rows that have not changed keep their reference', async () => {
    const manager = open();
    await manager.createSession({ id: 'b' });
    await manager.createSession({ id: 'a' });
    const seen = look(watchSessions(manager));
    expect(seen.now).toEqual({ status: 'loading', sessions: [], error: undefined });
    await turns();
    expect(seen.now.status).toBe('ready');
    expect(seen.now.sessions.map(({ id }) => id)).toEqual(['b', 'a']);
    const [b, a] = seen.now.sessions;
    await manager.sendMessage('a', 'user', 'hello');
    await turns();
    expect(seen.now.sessions[0]).toBe(b);
    expect(seen.now.sessions[1]).not.toBe(a);
    expect(seen.now.sessions[1]?.messageCount).toBe(1);
    await manager.createSession({ id: 'c' });
    await manager.killSession('b');
    await turns();
    expect(seen.now.sessions.map(({ id }) => id)).toEqual(['a', 'c']);
  });
});

it('have the filter as it was when it was given: it may be changed and given again', async () => {
  const manager = open();
  await manager.createSession({ id: 'ada' });
  const status: SessionStatus[] = ['idle'];
  const filter = { status };
  const seen = look(watchSessions(manager, filter));
  await turns();
  status.push('active');
  await manager.sendMessage('ada', 'user', 'hello');
  await turns();
  expect(seen.now.sessions).toEqual([]);
  const again = look(watchSessions(manager, filter));
  await turns();
  expect(again.now.sessions.map(({ id }) => id)).toEqual(['ada']);
  const wrong = look(watchSessions(manager, null as never));
  await turns();
  expect(wrong.now.error?.code).toBe('INVALID_ARGUMENT');
});

describe('what a page was handed', () => {
  it('is shown until the client has answered', async () => {
    const manager = open();
    await manager.createSession({ id: 'ada' });
    const sessions = [...(await manager.listSessions())];
    await manager.createSession({ id: 'bob' });
    const watch = watchSessions(manager, {}, { sessions });
    const seen = look(watch);
    expect(watch.get()).toBe(watch.fallback);
    expect(seen.now).toMatchObject({ status: 'ready', sessions });
    await turns();
    expect(seen.now.sessions.map(({ id }) => id)).toEqual(['ada', 'bob']);
  });
});

describe('what a page was handed long ago', () => {
  it('is not shown to those who come when the client has answered and nobody looks any more', async () => {
    const manager = open();
    const session = await manager.createSession({ id: 'ada' });
    const data = { sessions: await manager.listSessions(), snapshots: [await session.snapshot()] };
    const watches = () => [
      watchSessions(manager, {}, data),
      watchSession(manager, 'ada', {}, data),
      watchConversation(manager, 'ada', data),
    ];
    const statuses = () => watches().map((watch) => watch.get().status);
    expect(statuses()).toEqual(['ready', 'ready', 'ready']);
    const looks = watches().map((watch) => look<{ status: string }>(watch));
    await turns();
    for (const { stop } of looks) stop();
    await manager.terminateSession('ada');
    await turns();
    expect(statuses()).toEqual(['loading', 'loading', 'loading']);
    expect(watches().map(({ fallback }) => fallback.status)).toEqual(['ready', 'ready', 'ready']);
  });
});

describe('a session', () => {
  it('that is not there is an error, appears when it comes, and is an error again when it is gone', async () => {
    const manager = open();
    const seen = look(watchSession(manager, 'ada'));
    await turns();
    expect(seen.now).toMatchObject({
      status: 'error',
      info: undefined,
      error: { code: 'SESSION_NOT_FOUND' },
    });
    await manager.createSession({ id: 'ada' });
    await turns();
    expect(seen.now).toMatchObject({ status: 'ready', info: { id: 'ada', status: 'active' } });
    await manager.terminateSession('ada');
    await turns();
    expect(seen.now).toMatchObject({ status: 'error', error: { code: 'SESSION_NOT_FOUND' } });
  });

  it('is made when somebody subscribes who says so, once for those who come at the same time', async () => {
    const started = gate();
    let made = 0;
    const manager = open({
      hooks: {
        initialize: () => {
          made += 1;
          return started.promise;
        },
      },
    });
    const first = look(watchSession(manager, 'ada', { create: { metadata: { n: 1 } } }));
    first.stop();
    const second = look(watchSession(manager, 'ada', { create: { metadata: { n: 2 } } }));
    await turns();
    expect(second.now).toMatchObject({
      status: 'ready',
      info: { status: 'initializing', metadata: { n: 1 } },
    });
    expect(second.views.some(({ status }) => status === 'error')).toBe(false);
    started.open();
    await turns();
    expect(second.now).toMatchObject({ info: { status: 'active' } });
    expect(made).toBe(1);
  });

  it('that cannot be made says why', async () => {
    const manager = open({ limits: { maxSessions: 1 } });
    await manager.createSession();
    const seen = look(watchSession(manager, 'ada', { create: true }));
    await turns();
    expect(seen.views.map(({ error }) => error?.code)).toEqual([undefined, 'LIMIT_EXCEEDED']);
  });
});

describe('a conversation', () => {
  it('shows what is being told, and the message in its place when it has come', async () => {
    const manager = open();
    const session = await manager.createSession({ id: 'ada' });
    const seen = look(watchConversation(manager, 'ada'));
    await session.send('user', 'why?');
    await session.dispatch({ type: 'ask', turnId: 't', question: 'why?' });
    await turns();
    expect(seen.now).toMatchObject({ status: 'ready', streaming: [] });
    const { messages } = seen.now;
    expect(messages.map(({ content }) => content)).toEqual(['why?']);
    await session.dispatch({ type: 'say', text: 'Be' });
    await session.dispatch({ type: 'say', text: 'cause' });
    await turns();
    expect(seen.now.streaming).toEqual([{ turnId: 't', text: 'Because', isFinal: false, isPartial: false }]);
    expect(seen.now.messages).toBe(messages);
    const late = look(watchConversation(manager, 'ada'));
    expect(late.now).toBe(seen.now);
    await session.send('assistant', 'Because');
    await session.dispatch({ type: 'finish' });
    await turns();
    expect(seen.now.streaming).toEqual([]);
    expect(seen.now.messages.map(({ content }) => content)).toEqual(['why?', 'Because']);
  });

  it('that is joined midway has what was told before', async () => {
    const manager = open();
    const session = await manager.createSession({ id: 'ada' });
    await session.send('user', 'why?');
    await session.dispatch({ type: 'ask', turnId: 't', question: 'why?' });
    await session.dispatch({ type: 'say', text: 'Be' });
    const seen = look(watchConversation(manager, 'ada'));
    await session.dispatch({ type: 'say', text: 'cause' });
    await turns();
    expect(seen.now.streaming).toEqual([{ turnId: 't', text: 'Because', isFinal: false, isPartial: false }]);
  });
});

describe('a conversation in which a question was asked before the answer to another was told', () => {
  it.each([0, 1])('has that answer from its beginning, with %i before it', async (answered) => {
    const manager = open();
    const session = await manager.createSession({ id: 'ada' });
    for (let n = 0; n < answered; n++) {
      await session.send('user', 'who?');
      await session.send('assistant', 'Ada');
    }
    await session.send('user', 'why?');
    await session.dispatch({ type: 'ask', turnId: 't', question: 'why?' });
    await session.dispatch({ type: 'say', text: 'Be' });
    await session.send('user', 'and when?');
    await session.dispatch({ type: 'say', text: 'cause' });
    const seen = look(watchConversation(manager, 'ada'));
    await turns();
    expect(seen.now.streaming).toEqual([{ turnId: 't', text: 'Because', isFinal: false, isPartial: false }]);
  });
});

describe('a client that is closed', () => {
  it.each(['before', 'after'] as const)(
    '%s it is looked at gives an error view, and nothing stray',
    async (when) => {
      const views = await strays(async () => {
        const manager = open();
        await manager.createSession({ id: 'ada' });
        if (when === 'before') await manager.close();
        const all = [
          watchSessions(manager),
          watchSession(manager, 'ada', { create: true }),
          watchConversation(manager, 'ada'),
        ];
        const seen = all.map((watch) => look<{ status: string; error: unknown }>(watch));
        await turns();
        if (when === 'after') {
          expect(seen.map(({ now }) => now.status)).toEqual(['ready', 'ready', 'ready']);
          await manager.close();
          await turns();
        }
        expect(seen.map(({ now }) => now.error)).toMatchObject(
          [1, 2, 3].map(() => ({ code: 'MANAGER_CLOSED' })),
        );
      });
      expect(views).toEqual([]);
    },
  );
});

describe('sharing', () => {
  it('costs one subscription however many look, and none once they have left', async () => {
    const manager = open();
    await manager.createSession({ id: 'ada' });
    const looks = Array.from({ length: 100 }, () => [
      look(watchSession(manager, 'ada')),
      look(watchConversation(manager, 'ada')),
    ]).flat();
    await turns();
    expect(manager.stats()).toMatchObject({ listeners: 1, streams: 1 });
    for (const { stop } of looks) stop();
    await turns();
    expect(manager.stats()).toMatchObject({ listeners: 0, streams: 0 });
  });
});

it('without an id nobody who waits is kept: each has a promise of its own', () => {
  const manager = open();
  const load = () => watchSession(manager, undefined).load();
  expect(load()).not.toBe(load());
});
