import { createComponent, createEffect, createRoot, createSignal } from 'solid-js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSessionManager } from '../../src/index.ts';
import {
  SessionProvider,
  useConversation,
  useSession,
  useSessionActions,
  useSessionSelector,
  useSessions,
} from '../../src/solid/index.ts';
import { drawn } from '../support/framework.ts';
import { type ScriptedEvent, scriptedAgent } from '../support/scripted-agent.ts';

function open() {
  const manager = createSessionManager({ agent: scriptedAgent });
  onTestFinished(() => manager.close());
  return manager;
}

function root<T>(run: () => T) {
  return createRoot((dispose) => {
    onTestFinished(dispose);
    return { made: run(), dispose };
  });
}

describe('outside of components', () => {
  it('follows a client that it is given, until the root is disposed', async () => {
    const client = open();
    await client.createSession({ id: 'ada' });
    const seen: string[] = [];
    const { dispose } = root(() => {
      const list = useSessions(undefined, { client });
      const session = useSession('ada', { client });
      const last = useSessionSelector('ada', (state) => state.messages.at(-1)?.content, undefined, {
        client,
      });
      createEffect(() => seen.push([list.sessions.length, session.info?.messageCount, last()].join()));
    });
    await expect.poll(() => seen.at(-1)).toBe('1,0,');
    await client.sendMessage('ada', 'user', 'hello');
    await expect.poll(() => seen.at(-1)).toBe('1,1,hello');
    expect(client.stats()).toMatchObject({ listeners: 2, streams: 1 });
    dispose();
    await client.sendMessage('ada', 'user', 'anybody there?');
    await drawn();
    expect(seen.at(-1)).toBe('1,1,hello');
    expect(client.stats()).toMatchObject({ listeners: 0, streams: 0 });
  });

  it('takes another client when there is another, and never shows one session under the id of another', async () => {
    const [a, b] = [open(), open()];
    for (const id of ['ada', 'bob']) await a.createSession({ id, metadata: { of: 'a' } });
    await b.createSession({ id: 'bob', metadata: { of: 'b' } });
    const [client, setClient] = createSignal(a);
    const [id, setId] = createSignal('ada');
    const seen: string[] = [];
    root(() => {
      const session = useSession(id, { client });
      createEffect(() => seen.push(`${id()}: ${session.info?.id} of ${session.info?.metadata.of}`));
    });
    await expect.poll(() => seen.at(-1)).toBe('ada: ada of a');
    setId('bob');
    await expect.poll(() => seen.at(-1)).toBe('bob: bob of a');
    setClient(() => b);
    await expect.poll(() => seen.at(-1)).toBe('bob: bob of b');
    expect(seen.filter((text) => !text.includes('undefined'))).toEqual([
      'ada: ada of a',
      'bob: bob of a',
      'bob: bob of b',
    ]);
    await drawn();
    expect(a.stats()).toMatchObject({ listeners: 0, streams: 0 });
  });
});

it('shows what was handed with a client of that client only', async () => {
  const [a, b] = [open(), open()];
  const session = await a.createSession({ id: 'ada' });
  const [client, setClient] = createSignal(a);
  const seen: string[] = [];
  const Page = () => {
    const [provided, own] = [useSession('ada'), useSession('ada', { client: b })];
    createEffect(() => seen.push(`${provided.status} ${own.status}`));
    return '';
  };
  const initialData = { snapshots: [await session.snapshot()] };
  root(() =>
    createComponent(SessionProvider, {
      get client() {
        return client();
      },
      initialData,
      get children() {
        return createComponent(Page, {});
      },
    }),
  );
  await expect.poll(() => seen.at(-1)).toBe('ready error');
  expect(seen[0]).toBe('ready loading');
  seen.length = 0;
  setClient(() => b);
  await expect.poll(() => seen.at(-1)).toBe('error error');
  expect(seen).not.toContain('ready error');
});

it('runs only the effects that read the part that has changed', async () => {
  const client = open();
  const session = await client.createSession({ id: 'ada' });
  const runs = { messages: 0, status: 0 };
  const { made: conversation } = root(() => {
    const talk = useConversation('ada', { client });
    createEffect(() => {
      if (talk.messages) runs.messages += 1;
    });
    createEffect(() => {
      if (talk.status) runs.status += 1;
    });
    return talk;
  });
  await expect.poll(() => conversation.status).toBe('ready');
  await session.dispatch({ type: 'ask', turnId: 't', question: '' });
  await drawn();
  const before = { ...runs };
  await session.dispatch({ type: 'say', text: 'hm' });
  await expect.poll(() => conversation.streaming.at(-1)?.text).toBe('hm');
  expect(runs).toEqual(before);
});

it('tells what an action is doing in the turn in which it is called', async () => {
  const client = open();
  const { made: actions } = root(() => useSessionActions<ScriptedEvent>('ada', { client }));
  const called = actions.dispatch({ type: 'finish' });
  expect([actions.pending, actions.action]).toEqual([true, 'dispatch']);
  await expect(called).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' });
  expect([actions.pending, actions.error?.code]).toEqual([false, 'SESSION_NOT_FOUND']);
});
