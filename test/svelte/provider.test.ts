import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Component } from 'svelte';
import { compile } from 'svelte/compiler';
import { render } from 'svelte/server';
import { beforeAll, describe, expect, expectTypeOf, it, onTestFinished } from 'vitest';
import type { LibrarianEvent } from '../../src/agents/librarian.ts';
import { createSessionManager, type SessionClient, type SessionError } from '../../src/index.ts';
import {
  getSessionClient,
  useConversation,
  useSession,
  useSessionActions,
  useSessionSelector,
  useSessions,
} from '../../src/svelte/index.ts';
import { root } from '../support/source-tree.ts';
import { turns } from '../support/turns.ts';

const folder = '.cache/svelte-server';
let Page: Component<Record<string, unknown>>;

beforeAll(async () => {
  const filename = 'test/support/svelte/Page.svelte';
  const { js } = compile(readFileSync(`${root}/${filename}`, 'utf8'), { generate: 'server', filename });
  mkdirSync(`${root}/${folder}`, { recursive: true });
  writeFileSync(`${root}/${folder}/Page.js`, js.code);
  Page = (await import(`${root}/${folder}/Page.js`)).default;
});

async function open() {
  const manager = createSessionManager();
  onTestFinished(() => manager.close());
  const session = await manager.createSession({ id: 'ada' });
  await session.send('user', 'hello');
  return { manager, session };
}

const rendered = (props: Record<string, unknown>) =>
  render(Page, { props })
    .body.replaceAll(/<!--.*?-->/g, '')
    .trim();

it('is missed by name outside of components', () => {
  const missing = { code: 'INVALID_ARGUMENT', message: expect.stringContaining('setSessionClient(client)') };
  expect(() => useSessions()).toThrow(expect.objectContaining(missing));
  expect(() => getSessionClient()).toThrow(expect.objectContaining(missing));
});

describe('on a server', () => {
  it('renders loading, or what it was handed, and leaves nothing behind', async () => {
    const { manager: client, session } = await open();
    expect(rendered({ client })).toBe('true,loading,,0,,0,0,false');
    const initialData = { sessions: await client.listSessions(), snapshots: [await session.snapshot()] };
    expect(rendered({ client, initialData })).toBe('true,ready,,1,ada,1,1,false');
    await turns();
    expect(client.stats()).toMatchObject({ listeners: 0, streams: 0 });
  });

  it('renders what has been loaded before', async () => {
    const { manager: client } = await open();
    await Promise.all([
      useSession('ada', { client }).load(),
      useSessions({ status: ['active'] }, { client }).load(),
      useConversation('ada', { client }).load(),
    ]);
    expect(rendered({ client })).toBe('true,ready,,1,ada,1,1,false');
    await client.close();
    await turns();
    expect(rendered({ client })).toContain('MANAGER_CLOSED');
  });
});

it('has types that know the events of the agent, and what may be missing', () => {
  const typed = () => {
    const { dispatch, send, error } = useSessionActions<LibrarianEvent>('ada');
    expectTypeOf(dispatch).parameter(0).toEqualTypeOf<LibrarianEvent>();
    expectTypeOf(error).toEqualTypeOf<SessionError | undefined>();
    expectTypeOf(getSessionClient<LibrarianEvent>()).toEqualTypeOf<SessionClient<LibrarianEvent>>();
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
    return useSessionSelector('ada', ({ files }) => files.length).current;
  };
  expectTypeOf(typed).returns.toEqualTypeOf<number>();
});
