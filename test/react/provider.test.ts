import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createElement, type FunctionComponent, Suspense } from 'react';
import { renderToPipeableStream, renderToString } from 'react-dom/server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { watchConversation } from '../../src/bindings/index.ts';
import { createSessionManager } from '../../src/index.ts';
import {
  SessionProvider,
  useConversation,
  useSession,
  useSessionClient,
  useSessions,
} from '../../src/react/index.ts';
import { turns } from '../support/turns.ts';

function open() {
  const manager = createSessionManager();
  onTestFinished(() => manager.close());
  return manager;
}

it('gives its client', () => {
  const manager = open();
  const Same = () => String(useSessionClient() === manager);
  expect(renderToString(createElement(SessionProvider, { client: manager }, createElement(Same)))).toBe(
    'true',
  );
});

it('is missed by name', () => {
  const Lost = () => String(useSessions().status);
  expect(() => renderToString(createElement(Lost))).toThrow('No <SessionProvider client={…}> is above');
});

describe('on a server', () => {
  const Page: FunctionComponent<{ suspense?: boolean }> = ({ suspense = false }) => {
    const { messages } = useConversation('ada', { suspense });
    return messages.map(({ content }) => String(content)).join();
  };

  it('renders loading, or what it was handed, and leaves nothing behind', async () => {
    const manager = open();
    const session = await manager.createSession({ id: 'ada' });
    await session.send('user', 'hello');
    const List = () => {
      const { status, sessions } = useSessions({ status: 'active' });
      return `${status} ${sessions.length} ${useSession('ada').status}`;
    };
    const page = (initialData?: object) =>
      renderToString(createElement(SessionProvider, { client: manager, initialData }, createElement(List)));
    expect(page()).toBe('loading 0 loading');
    expect(page({ sessions: await manager.listSessions() })).toBe('ready 1 ready');
    await turns();
    expect(manager.stats()).toMatchObject({ listeners: 0, streams: 0 });
  });

  it('renders what it was handed, and not what somebody else has been shown since', async () => {
    const manager = open();
    const session = await manager.createSession({ id: 'ada' });
    await session.send('user', 'hello');
    const initialData = { snapshots: [await session.snapshot()] };
    await session.send('user', 'again');
    await watchConversation(manager, 'ada').load();
    const page = createElement(
      SessionProvider,
      { client: manager, initialData },
      createElement(Page, { suspense: true }),
    );
    expect(renderToString(page)).toBe('hello');
  });

  it('streams what it waited for', async () => {
    const manager = open();
    const session = await manager.createSession({ id: 'ada' });
    await session.send('user', 'hello');
    const page = createElement(
      SessionProvider,
      { client: manager },
      createElement(Suspense, { fallback: 'waiting' }, createElement(Page, { suspense: true })),
    );
    const html = text(renderToPipeableStream(page).pipe(new PassThrough()));
    expect(await html).toContain('hello');
  });
});
