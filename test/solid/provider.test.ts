import { type Accessor, createComponent, type JSX, Suspense } from 'solid-js';
import { isServer, renderToString, renderToStringAsync } from 'solid-js/web';
import { describe, expect, expectTypeOf, it, onTestFinished } from 'vitest';
import type { LibrarianEvent } from '../../src/agents/librarian.ts';
import { createSessionManager, type SessionClient, type SessionError } from '../../src/index.ts';
import {
  type InitialData,
  SessionProvider,
  useConversation,
  useSession,
  useSessionActions,
  useSessionClient,
  useSessionSelector,
  useSessions,
} from '../../src/solid/index.ts';
import { turns } from '../support/turns.ts';

async function open() {
  const manager = createSessionManager();
  onTestFinished(() => manager.close());
  const session = await manager.createSession({ id: 'ada' });
  await session.send('user', 'hello');
  return { manager, session };
}

const under = (client: SessionClient, content: () => JSX.Element, initialData?: InitialData) =>
  createComponent(SessionProvider, {
    client,
    initialData,
    get children() {
      return createComponent(content, {});
    },
  });

it('gives its client', async () => {
  const { manager } = await open();
  const Same = () => String(useSessionClient() === manager);
  expect(renderToString(() => under(manager, Same))).toBe('true');
});

it('is missed by name', () => {
  const missing = { code: 'INVALID_ARGUMENT', message: expect.stringContaining('<SessionProvider') };
  expect(() => renderToString(() => createComponent(() => useSessions().status, {}))).toThrow(
    expect.objectContaining(missing),
  );
});

describe('on a server', () => {
  const Page = () => {
    const list = useSessions({ status: 'active' });
    const session = useSession(() => 'ada', { create: true });
    const conversation = useConversation('ada');
    const count = useSessionSelector('ada', (state) => state.messages.length);
    const { pending } = useSessionActions('ada');
    return [
      list.status,
      list.sessions.length,
      session.info?.id,
      conversation.messages.length,
      count(),
      pending,
    ].join();
  };

  it('renders loading, or what it was handed, and leaves nothing behind', async () => {
    expect(isServer).toBe(true);
    const { manager, session } = await open();
    expect(renderToString(() => under(manager, Page))).toBe('loading,0,,0,0,false');
    const initialData = { sessions: await manager.listSessions(), snapshots: [await session.snapshot()] };
    expect(renderToString(() => under(manager, Page, initialData))).toBe('ready,1,ada,1,1,false');
    await turns();
    expect(manager.stats()).toMatchObject({ listeners: 0, streams: 0 });
  });

  it('waits inside a <Suspense> before it renders', async () => {
    const { manager } = await open();
    const Talk = () => {
      const conversation = useConversation('ada', { suspense: true });
      return conversation.messages.map(({ content }) => content).join();
    };
    const Waiting = () =>
      createComponent(Suspense, {
        fallback: 'waiting',
        get children() {
          return createComponent(Talk, {});
        },
      });
    const html = await renderToStringAsync(() => under(manager, Waiting));
    expect(html).toContain('hello');
    expect(html).not.toContain('waiting');
  });
});

it('has types that know the events of the agent, and what may be missing', () => {
  const typed = () => {
    const { dispatch, send, error } = useSessionActions<LibrarianEvent>('ada');
    expectTypeOf(dispatch).parameter(0).toEqualTypeOf<LibrarianEvent>();
    expectTypeOf(error).toEqualTypeOf<SessionError | undefined>();
    expectTypeOf(useSessionClient<LibrarianEvent>()).toEqualTypeOf<SessionClient<LibrarianEvent>>();
    const session = useSession('ada');
    if (session.status === 'ready') expectTypeOf(session.info.id).toEqualTypeOf<string>();
    // @ts-expect-error not before it is known to be there
    session.info.id;
    // @ts-expect-error a role that is none
    send('robot', 'hello');
    // @ts-expect-error what needs a session
    useSessionActions().send('user', 'hello');
    // @ts-expect-error the client says what its id is
    useSession('ada', { create: { id: 'bob' } });
    return useSessionSelector('ada', ({ files }) => files.length);
  };
  expectTypeOf(typed).returns.toEqualTypeOf<Accessor<number>>();
});
