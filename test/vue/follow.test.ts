import { describe, expect, it, onTestFinished } from 'vitest';
import { computed, createRenderer, effectScope, onMounted, reactive, ref, watch, watchEffect } from 'vue';
import { createSessionManager, type SessionManager } from '../../src/index.ts';
import {
  useConversation,
  useSession,
  useSessionActions,
  useSessionSelector,
  useSessions,
} from '../../src/vue/index.ts';
import { type ScriptedEvent, scriptedAgent } from '../support/scripted-agent.ts';
import { turns } from '../support/turns.ts';

function open() {
  const manager = createSessionManager({ agent: scriptedAgent });
  onTestFinished(() => manager.close());
  return manager;
}

/** What a program without components keeps in a scope of its own. */
function inScope<T>(run: () => T) {
  const scope = effectScope(true);
  onTestFinished(() => scope.stop());
  return { made: scope.run(run) as T, stop: () => scope.stop() };
}

describe('outside of components', () => {
  it('follows a client that it is given, until the scope is stopped', async () => {
    const client = open();
    await client.createSession({ id: 'ada' });
    const { made, stop } = inScope(() => {
      const { sessions } = useSessions(undefined, { client });
      const { info } = useSession('ada', { client });
      const { messages } = useConversation('ada', { client });
      const last = useSessionSelector('ada', (state) => state.messages.at(-1)?.content, undefined, {
        client,
      });
      return { sessions, info, messages, last };
    });
    const seen = () => [
      made.sessions.value.length,
      made.info.value?.messageCount,
      made.messages.value.length,
      made.last.value,
    ];
    expect(seen()).toEqual([0, undefined, 0, undefined]);
    await turns();
    expect(seen()).toEqual([1, 0, 0, undefined]);
    await client.sendMessage('ada', 'user', 'hello');
    await turns();
    expect(seen()).toEqual([1, 1, 1, 'hello']);
    expect(client.stats()).toMatchObject({ listeners: 2, streams: 1 });
    stop();
    await client.sendMessage('ada', 'user', 'anybody there?');
    await turns();
    expect(seen()).toEqual([1, 1, 1, 'hello']);
    expect(client.stats()).toMatchObject({ listeners: 0, streams: 0 });
  });

  it('takes a client out of whatever holds it, and another when there is another', async () => {
    const [a, b] = [open(), open()];
    await a.createSession({ id: 'ada' });
    await b.createSession({ id: 'bob' });
    // Deep, as an unwary page would keep it.
    const held = reactive<{ client: SessionManager<ScriptedEvent> }>({ client: a });
    const { made } = inScope(() => useSessions({}, { client: () => held.client }));
    await turns();
    expect(made.sessions.value.map(({ id }) => id)).toEqual(['ada']);
    held.client = b;
    expect(made.status.value).toBe('loading');
    await turns();
    expect(made.sessions.value.map(({ id }) => id)).toEqual(['bob']);
    expect(a.stats()).toMatchObject({ listeners: 0, streams: 0 });
  });

  it('never shows one session under the id of another', async () => {
    const client = open();
    for (const id of ['ada', 'bob']) await client.createSession({ id });
    const id = ref('ada');
    const seen: string[] = [];
    inScope(() => {
      const { info } = useSession(id, { client });
      watch(
        () => `${id.value}: ${info.value?.id}`,
        (text) => seen.push(text),
        { flush: 'sync' },
      );
    });
    await turns();
    id.value = 'bob';
    await turns();
    expect(seen.filter((text) => !text.endsWith('undefined'))).toEqual(['ada: ada', 'bob: bob']);
  });

  it('tells only those who read the part that has changed', async () => {
    const client = open();
    const session = await client.createSession({ id: 'ada' });
    const runs = { messages: 0, streaming: 0 };
    inScope(() => {
      const { messages, streaming } = useConversation('ada', { client });
      watchEffect(() => {
        if (messages.value) runs.messages += 1;
      });
      watchEffect(() => {
        if (streaming.value) runs.streaming += 1;
      });
    });
    await turns();
    await session.dispatch({ type: 'ask', turnId: 't', question: '' });
    const before = { ...runs };
    await session.dispatch({ type: 'say', text: 'hm' });
    await turns();
    expect(runs).toEqual({ messages: before.messages, streaming: before.streaming + 1 });
  });

  it('does not make the records reactive', async () => {
    const client = open();
    await client.createSession({ id: 'ada', metadata: { deep: { down: true } } });
    const { made } = inScope(() => useSession('ada', { client }));
    await turns();
    const { info } = made;
    expect(computed(() => info.value).value).toBe(info.value);
    expect(info.value?.metadata).toEqual({ deep: { down: true } });
    expect(Object.isFrozen(info.value)).toBe(true);
  });

  it('tells what an action is doing in the turn in which it is called', async () => {
    const client = open();
    const { made } = inScope(() => useSessionActions<ScriptedEvent>('ada', { client }));
    const called = made.dispatch({ type: 'finish' });
    expect([made.pending.value, made.action.value]).toEqual([true, 'dispatch']);
    await expect(called).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' });
    expect([made.pending.value, made.error.value?.code]).toEqual([false, 'SESSION_NOT_FOUND']);
  });
});

describe('load', () => {
  it('resolves once there is something to show', async () => {
    const client = open();
    await client.createSession({ id: 'ada' });
    const { made } = inScope(() => useSession('ada', { client }));
    await made.load();
    expect(made.info.value?.id).toBe('ada');
    const { made: missing } = inScope(() => useSession('bob', { client }));
    await missing.load();
    expect(missing.error.value?.code).toBe('SESSION_NOT_FOUND');
  });
});

/** Mounts a component that shows nothing, on a page of nothing. */
function mount(setup: () => void) {
  const node = () => ({});
  const { createApp } = createRenderer<object, object>({
    insert() {},
    remove() {},
    patchProp() {},
    setText() {},
    setElementText() {},
    createElement: node,
    createText: node,
    createComment: node,
    parentNode: () => null,
    nextSibling: () => null,
  });
  const app = createApp({
    setup() {
      setup();
      return () => null;
    },
  });
  app.mount({});
  onTestFinished(() => app.unmount());
}

it('looks at once where a component has been mounted already, as in a store that it uses first then', async () => {
  const client = open();
  await client.createSession({ id: 'ada' });
  let made: ReturnType<typeof useSessions> | undefined;
  mount(() => {
    onMounted(() => {
      made = inScope(() => useSessions(undefined, { client })).made;
    });
  });
  await turns();
  expect(made?.sessions.value.map(({ id }) => id)).toEqual(['ada']);
});
