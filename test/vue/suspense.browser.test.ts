import { expect, it, onTestFinished } from 'vitest';
import { page } from 'vitest/browser';
import { type Component, createApp, defineComponent, h, Suspense } from 'vue';
import { createSessionManager, type SessionManager } from '../../src/index.ts';
import { SessionPlugin, useConversation, useSession, useSessions } from '../../src/vue/index.ts';
import { drawn } from '../support/framework.ts';
import { gate } from '../support/gate.ts';

function open() {
  const manager = createSessionManager();
  onTestFinished(() => manager.close());
  return manager;
}

function mount(client: SessionManager, component: Component) {
  const place = document.body.appendChild(document.createElement('div'));
  const fallback = () => h('p', { role: 'status' }, 'waiting');
  const app = createApp(() => h(Suspense, null, { default: () => h(component), fallback }));
  app.use(SessionPlugin, { client }).mount(place);
  onTestFinished(() => {
    app.unmount();
    place.remove();
  });
}

const status = page.getByRole('status');

it('shows first what it waited for', async () => {
  const manager = open();
  const session = await manager.createSession({ id: 'ada' });
  await session.send('user', 'hello');
  const seen: string[] = [];
  const Waiting = defineComponent(async () => {
    const { status: how, messages, load } = useConversation('ada');
    seen.push(how.value);
    await load();
    return () => {
      seen.push(how.value);
      return h('p', { role: 'status' }, `${messages.value.length} messages`);
    };
  });
  mount(manager, Waiting);
  await expect.element(status).toHaveTextContent('waiting');
  await expect.element(status).toHaveTextContent('1 messages');
  await session.send('user', 'still here?');
  await expect.element(status).toHaveTextContent('2 messages');
  expect(seen).toEqual(['loading', 'ready', 'ready']);
});

it('looks from when it is mounted', async () => {
  const manager = open();
  const ready = gate();
  const Slow = defineComponent(async () => {
    const { info } = useSession('ada', { create: true });
    await ready.promise;
    return () => h('p', { role: 'status' }, info.value?.status);
  });
  mount(manager, Slow);
  await drawn();
  expect(await manager.listSessions()).toEqual([]);
  ready.open();
  await expect.element(status).toHaveTextContent('active');
});

it('shows then what has changed while something else kept it waiting', async () => {
  const manager = open();
  const ready = gate();
  const Slow = defineComponent(async () => {
    const { sessions } = useSessions();
    const before = sessions.value.length;
    await ready.promise;
    return () => h('p', { role: 'status' }, `${before}, then ${sessions.value.length}`);
  });
  // Somebody else is looking already.
  mount(
    manager,
    defineComponent(() => {
      const { sessions } = useSessions();
      return () => h('ul', { 'aria-label': 'others' }, `${sessions.value.length} of others`);
    }),
  );
  mount(manager, Slow);
  await manager.createSession({ id: 'bob' });
  await expect.element(page.getByText('1 of others')).toBeVisible();
  ready.open();
  await expect.element(status).toHaveTextContent('0, then 1');
});
