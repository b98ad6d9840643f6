import { flushSync, mount, unmount } from 'svelte';
import { toStore } from 'svelte/store';
import { describe, expect, it, onTestFinished } from 'vitest';
import { page } from 'vitest/browser';
import { createSessionManager } from '../../src/index.ts';
import {
  useConversation,
  useSession,
  useSessionActions,
  useSessionSelector,
  useSessions,
} from '../../src/svelte/index.ts';
import { drawn } from '../support/framework.ts';
import { type ScriptedEvent, scriptedAgent } from '../support/scripted-agent.ts';
import Host from '../support/svelte/Host.svelte';
import Room from '../support/svelte/Room.svelte';

function open() {
  const manager = createSessionManager({ agent: scriptedAgent });
  onTestFinished(() => manager.close());
  return manager;
}

/** What an effect that reads `get` has seen, the first included. */
function effect<T>(get: () => T) {
  const seen: T[] = [];
  let runs = 0;
  const read = () => {
    runs += 1;
    return get();
  };
  const stop = toStore(read).subscribe((value) => seen.push(value));
  onTestFinished(stop);
  return {
    seen,
    stop,
    /** Since it was asked last. */
    ran() {
      const before = runs;
      runs = 0;
      return before;
    },
  };
}

describe('outside of components', () => {
  it('follows a client that it is given, while an effect or a store reads it', async () => {
    const client = open();
    await client.createSession({ id: 'ada' });
    const list = useSessions(undefined, { client });
    const session = useSession('ada', { client });
    const last = useSessionSelector('ada', (state) => state.messages.at(-1)?.content, undefined, { client });
    const all = effect(() => [list.sessions.length, session.info?.messageCount, last.current].join());
    await expect.poll(() => all.seen.at(-1)).toBe('1,0,');
    await client.sendMessage('ada', 'user', 'hello');
    await expect.poll(() => all.seen.at(-1)).toBe('1,1,hello');
    expect(client.stats()).toMatchObject({ listeners: 2, streams: 1 });
    all.stop();
    await client.sendMessage('ada', 'user', 'anybody there?');
    await drawn();
    expect(all.seen.at(-1)).toBe('1,1,hello');
    expect(client.stats()).toMatchObject({ listeners: 0, streams: 0 });
  });

  it('has a session made when it is read', async () => {
    const client = open();
    const session = useSession('ada', { client, create: true });
    expect(client.stats().listeners).toBe(0);
    const seen = effect(() => session.info?.status);
    await expect.poll(() => seen.seen.at(-1)).toBe('active');
  });
});

it('runs only the effects that read the part that has changed', async () => {
  const client = open();
  const session = await client.createSession({ id: 'ada' });
  const conversation = useConversation('ada', { client });
  const messages = effect(() => conversation.messages);
  const streaming = effect(() => conversation.streaming.at(-1)?.text);
  const status = effect(() => conversation.status);
  await expect.poll(() => status.seen.at(-1)).toBe('ready');
  await session.dispatch({ type: 'ask', turnId: 't', question: '' });
  await drawn();
  messages.ran();
  status.ran();
  await session.dispatch({ type: 'say', text: 'hm' });
  await expect.poll(() => streaming.seen.at(-1)).toBe('hm');
  expect([messages.ran(), status.ran()]).toEqual([0, 0]);
});

it('tells what an action is doing in the turn in which it is called', async () => {
  const client = open();
  const actions = useSessionActions<ScriptedEvent>('ada', { client });
  const called = actions.dispatch({ type: 'finish' });
  expect([actions.pending, actions.action]).toEqual([true, 'dispatch']);
  await expect(called).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' });
  expect([actions.pending, actions.error?.code]).toEqual([false, 'SESSION_NOT_FOUND']);
});

it('loads, whether anybody reads or not', async () => {
  const client = open();
  await client.createSession({ id: 'ada' });
  const session = useSession(() => 'ada', { client });
  await session.load();
  expect(session.info?.id).toBe('ada');
});

it('shows what was handed with a client of that client only', async () => {
  const [a, b] = [open(), open()];
  const session = await a.createSession({ id: 'ada' });
  await session.send('user', 'hello');
  const initialData = { snapshots: [await session.snapshot()] };
  const target = document.body.appendChild(document.createElement('div'));
  const props = { component: Room, client: a, initialData, given: { id: 'ada' } };
  const host = mount(Host, { target, props }) as { setClient(client: unknown): void };
  onTestFinished(async () => {
    await unmount(host);
    target.remove();
  });
  flushSync();
  const status = page.getByRole('region', { name: 'ada' }).getByRole('status');
  expect(status.element().textContent).toBe('active');
  flushSync(() => host.setClient(b));
  expect(status.element().textContent).toBe('loading');
  await expect.element(status).toHaveTextContent('SESSION_NOT_FOUND');
});
