import { describe, expect, expectTypeOf, it, onTestFinished } from 'vitest';
import {
  type Component,
  type ComputedRef,
  createSSRApp,
  defineComponent,
  h,
  onServerPrefetch,
  Suspense,
  shallowRef,
} from 'vue';
import { renderToString } from 'vue/server-renderer';
import type { LibrarianEvent } from '../../src/agents/librarian.ts';
import {
  createSessionManager,
  type SessionClient,
  type SessionError,
  type SessionManager,
} from '../../src/index.ts';
import {
  type InitialData,
  provideSessionClient,
  SessionPlugin,
  useConversation,
  useSession,
  useSessionActions,
  useSessionClient,
  useSessionSelector,
  useSessions,
} from '../../src/vue/index.ts';
import { turns } from '../support/turns.ts';

async function open() {
  const manager = createSessionManager();
  onTestFinished(() => manager.close());
  const session = await manager.createSession({ id: 'ada' });
  await session.send('user', 'hello');
  return { manager, session };
}

function render(client: SessionManager, component: Component, initialData?: InitialData): Promise<string> {
  return renderToString(createSSRApp(component).use(SessionPlugin, { client, initialData }));
}

it('gives its client to the app', async () => {
  const { manager } = await open();
  const page = await render(manager, { setup: () => () => String(useSessionClient() === manager) });
  expect(page).toBe('true');
});

it('gives its client to the components inside', async () => {
  const { manager } = await open();
  const Inside = { setup: () => () => String(useSessionClient() === manager) };
  const Outside = defineComponent(() => {
    provideSessionClient(manager);
    return () => h(Inside);
  });
  expect(await renderToString(createSSRApp(Outside))).toBe('true');
});

it('is missed by name, in a component and outside', async () => {
  const missing = { code: 'INVALID_ARGUMENT', message: expect.stringContaining('app.use(SessionPlugin') };
  expect(() => useSessions()).toThrow(expect.objectContaining(missing));
  const app = createSSRApp({ setup: () => void useSessions() });
  app.config.warnHandler = () => {};
  await expect(renderToString(app)).rejects.toMatchObject(missing);
});

describe('what was handed with a client', () => {
  async function handed() {
    const { manager, session } = await open();
    const other = createSessionManager();
    onTestFinished(() => other.close());
    return { manager, other, initialData: { snapshots: [await session.snapshot()] } };
  }

  it('is not shown of another one that a component is given', async () => {
    const { manager, other, initialData } = await handed();
    const Page = defineComponent(() => {
      const [provided, own] = [useSession('ada'), useSession('ada', { client: other })];
      return () => `${provided.status.value} ${own.status.value}`;
    });
    expect(await render(manager, Page, initialData)).toBe('ready loading');
  });

  it('is not shown of another one that is there in its place', async () => {
    const { manager, other, initialData } = await handed();
    const client = shallowRef(manager);
    const Page = defineComponent(() => {
      const { status } = useSession('ada');
      const before = status.value;
      client.value = other;
      return () => `${before} ${status.value}`;
    });
    const app = createSSRApp(Page).use(SessionPlugin, { client, initialData });
    expect(await renderToString(app)).toBe('ready loading');
  });
});

describe('on a server', () => {
  const Page = defineComponent(() => {
    const { status, sessions } = useSessions({ status: 'active' });
    const { info } = useSession(() => 'ada', { create: true });
    const { messages } = useConversation('ada');
    const count = useSessionSelector('ada', (state) => state.messages.length);
    const { pending } = useSessionActions('ada');
    return () =>
      [
        status.value,
        sessions.value.length,
        info.value?.id,
        messages.value.length,
        count.value,
        pending.value,
      ].join();
  });

  it('renders loading, or what it was handed, and leaves nothing behind', async () => {
    const { manager, session } = await open();
    expect(await render(manager, Page)).toBe('loading,0,,0,0,false');
    const sessions = await manager.listSessions();
    const snapshots = [await session.snapshot()];
    expect(await render(manager, Page, { sessions, snapshots })).toBe('ready,1,ada,1,1,false');
    await turns();
    expect(manager.stats()).toMatchObject({ listeners: 0, streams: 0 });
  });

  it('waits where it is told to, before it renders', async () => {
    const { manager } = await open();
    const Prefetching = defineComponent(() => {
      const { messages, load } = useConversation('ada');
      onServerPrefetch(load);
      return () => messages.value.map(({ content }) => content).join();
    });
    expect(await render(manager, Prefetching)).toBe('hello');
    const Asynchronous = defineComponent({
      async setup() {
        const { messages, load } = useConversation('ada');
        await load();
        return () => messages.value.map(({ content }) => content).join();
      },
    });
    expect(await render(manager, () => h(Suspense, () => h(Asynchronous)))).toBe('hello');
  });

  it('shows an error as the page would', async () => {
    const { manager } = await open();
    await manager.close();
    const Closed = defineComponent(() => {
      const { error, load } = useSessions();
      onServerPrefetch(load);
      return () => String(error.value?.code);
    });
    expect(await render(manager, Closed)).toBe('MANAGER_CLOSED');
  });
});

it('has types that know the events of the agent, and what may be missing', () => {
  const typed = () => {
    const { dispatch, send, error } = useSessionActions<LibrarianEvent>('ada');
    expectTypeOf(dispatch).parameter(0).toEqualTypeOf<LibrarianEvent>();
    expectTypeOf(error).toEqualTypeOf<ComputedRef<SessionError | undefined>>();
    expectTypeOf(useSessionClient<LibrarianEvent>()).toEqualTypeOf<SessionClient<LibrarianEvent>>();
    expectTypeOf(useSession('ada').status.value).toEqualTypeOf<'loading' | 'ready' | 'error'>();
    // @ts-expect-error a role that is none
    send('robot', 'hello');
    // @ts-expect-error what needs a session
    useSessionActions().send('user', 'hello');
    // @ts-expect-error the client says what its id is
    useSession('ada', { create: { id: 'bob' } });
    return useSessionSelector('ada', ({ files }) => files.length);
  };
  expectTypeOf(typed).returns.toEqualTypeOf<ComputedRef<number>>();
});
