/** @jsxImportSource react */
import { memo, StrictMode, Suspense } from 'react';
import { renderToString } from 'react-dom/server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { page } from 'vitest/browser';
import {
  createSessionManager,
  SessionError,
  type SessionInfo,
  type SessionManagerOptions,
} from '../../src/index.ts';
import { SessionProvider, useConversation, useSession, useSessions } from '../../src/react/index.ts';
import { viewsBehave } from '../bindings/behaviour/views.ts';
import { fakeClient, infoAt } from '../support/fake-client.ts';
import { drawn } from '../support/framework.ts';
import { gate } from '../support/gate.ts';
import { react } from '../support/react/framework.tsx';
import { Boundary, mount } from '../support/react/mount.tsx';
import { scriptedAgent } from '../support/scripted-agent.ts';

function open(options?: SessionManagerOptions<typeof scriptedAgent>) {
  const manager = createSessionManager({ agent: scriptedAgent, ...options });
  onTestFinished(() => manager.close());
  return manager;
}

function Talk({ id }: { id: string }) {
  const { status, messages, streaming, error } = useConversation(id);
  return (
    <section aria-label={id}>
      <p role="status">{error?.code ?? status}</p>
      <ul aria-label="messages">
        {messages.map((message) => (
          <li key={message.id}>{String(message.content)}</li>
        ))}
        {streaming.map(({ turnId, text }) => (
          <li key={turnId} aria-busy="true">
            {text}
          </li>
        ))}
      </ul>
    </section>
  );
}

describe('as in every framework:', () => viewsBehave(react));

describe('useSessions', () => {
  it('shows the sessions as they come and go, and renders again only the rows that changed', async () => {
    const manager = open();
    await manager.createSession({ id: 'ada' });
    await manager.createSession({ id: 'bob' });
    const renders: string[] = [];
    const Row = memo(({ info }: { info: SessionInfo }) => {
      renders.push(info.id);
      return (
        <li>
          {info.id} {info.messageCount}
        </li>
      );
    });
    function List() {
      // Written inline, another object each time.
      const { sessions } = useSessions({ status: ['active', 'idle'] });
      return (
        <ul aria-label="sessions">
          {sessions.map((info) => (
            <Row key={info.id} info={info} />
          ))}
        </ul>
      );
    }
    mount(manager, <List />);
    const list = page.getByRole('list', { name: 'sessions' });
    await expect.element(list).toHaveTextContent('ada 0bob 0');
    await manager.sendMessage('bob', 'user', 'hello');
    await expect.element(list).toHaveTextContent('ada 0bob 1');
    expect(renders).toEqual(['ada', 'bob', 'bob']);
    await manager.createSession({ id: 'cleo' });
    await manager.terminateSession('ada');
    await expect.element(list).toHaveTextContent('bob 1cleo 0');
    expect(renders.filter((id) => id !== 'cleo')).toEqual(['ada', 'bob', 'bob']);
    expect(manager.stats().listeners).toBe(1);
  });
});

describe('useSession', () => {
  function Info({ id }: { id: string }) {
    const { status, info, error } = useSession(id, { create: { metadata: { by: 'page' } } });
    return <p role="status">{error?.code ?? info?.status ?? status}</p>;
  }

  it('makes one session under StrictMode, which mounts twice, and for siblings', async () => {
    const made: string[] = [];
    const manager = open({ hooks: { initialize: ({ id }) => void made.push(id) } });
    mount(
      manager,
      <StrictMode>
        <Info id="ada" />
        <Info id="ada" />
      </StrictMode>,
    );
    await expect.element(page.getByRole('status').first()).toHaveTextContent('active');
    await expect.element(page.getByRole('status').last()).toHaveTextContent('active');
    expect(made).toEqual(['ada']);
    expect(await manager.getSessionInfo('ada')).toMatchObject({ metadata: { by: 'page' } });
    await manager.terminateSession('ada');
    await expect.element(page.getByRole('status').first()).toHaveTextContent('SESSION_NOT_FOUND');
    expect(made).toEqual(['ada']);
  });
});

describe('suspense', () => {
  function Messages({ id }: { id: string }) {
    const { messages } = useConversation(id, { suspense: true });
    return <p role="status">{messages.length} messages</p>;
  }

  it('waits for the first answer, once', async () => {
    const ready = gate();
    const manager = open();
    const session = await manager.createSession({ id: 'ada' });
    await session.send('user', 'hello');
    let asked = 0;
    const client = new Proxy(manager, {
      get(target, key) {
        if (key !== 'session') return Reflect.get(target, key).bind?.(target) ?? Reflect.get(target, key);
        return (id: string) => {
          const snapshot = async (options?: { messages?: number }) => {
            if (options?.messages !== 0) asked += 1;
            await ready.promise;
            return target.session(id).snapshot(options);
          };
          return { snapshot };
        };
      },
    });
    mount(
      client,
      <StrictMode>
        <Suspense fallback={<p role="status">waiting</p>}>
          <Messages id="ada" />
        </Suspense>
      </StrictMode>,
    );
    await expect.element(page.getByRole('status')).toHaveTextContent('waiting');
    ready.open();
    await expect.element(page.getByRole('status')).toHaveTextContent('1 messages');
    expect(asked).toBe(1);
  });

  it('throws what went wrong to the boundary, and asks again when that tries again', async () => {
    const manager = open();
    mount(
      manager,
      <Boundary>
        <Suspense fallback={<p role="status">waiting</p>}>
          <Messages id="ada" />
        </Suspense>
      </Boundary>,
    );
    await expect.element(page.getByRole('alert')).toHaveTextContent('SESSION_NOT_FOUND');
    await manager.createSession({ id: 'ada' });
    await expect
      .poll(async () => {
        const again = page.getByRole('button', { name: 'try again' });
        if (again.query()) await again.click();
        return page.getByRole('status').query()?.textContent;
      })
      .toBe('0 messages');
  });

  it('asks again when the boundary tries again, though somebody else shows the same error', async () => {
    let isLost = true;
    const { client } = fakeClient({
      snapshot: async (id) => {
        if (isLost) throw new SessionError('CONNECTION_LOST', 'The line is cut.');
        return { info: infoAt(id, 1), messages: [], seq: 1 };
      },
    });
    mount(
      client,
      <>
        <Talk id="ada" />
        <Boundary>
          <Suspense fallback={<p>waiting</p>}>
            <Messages id="ada" />
          </Suspense>
        </Boundary>
      </>,
    );
    await expect.element(page.getByRole('alert')).toHaveTextContent('CONNECTION_LOST');
    await drawn();
    isLost = false;
    await expect
      .poll(async () => {
        const again = page.getByRole('button', { name: 'try again' });
        if (again.query()) await again.click();
        return page.getByRole('status').last().query()?.textContent;
      })
      .toBe('0 messages');
  });

  it('is not needed to have errors thrown', async () => {
    function Strict({ id }: { id: string }) {
      return <p role="status">{useSession(id, { throwOnError: true }).status}</p>;
    }
    mount(
      open(),
      <Boundary>
        <Strict id="../ada" />
      </Boundary>,
    );
    await expect.element(page.getByRole('alert')).toHaveTextContent('INVALID_SESSION_ID');
  });
});

describe('hydration', () => {
  it('shows what the server rendered from, without a mismatch and without loading again', async () => {
    const manager = open();
    const session = await manager.createSession({ id: 'ada' });
    await session.send('user', 'hello');
    // As it comes in the page's markup.
    const initialData = JSON.parse(JSON.stringify({ snapshots: [await session.snapshot()] }));
    const seen: string[] = [];
    function Watched() {
      const { status, messages } = useConversation('ada');
      seen.push(`${status} ${messages.length}`);
      return <p role="status">{messages.map(({ content }) => String(content)).join()}</p>;
    }
    const html = renderToString(
      <SessionProvider client={manager} initialData={initialData}>
        <Watched />
      </SessionProvider>,
    );
    expect(html).toBe('<p role="status">hello</p>');
    mount(manager, <Watched />, { html, initialData });
    await session.send('user', 'again');
    await expect.element(page.getByRole('status')).toHaveTextContent('hello,again');
    expect(seen.every((each) => each.startsWith('ready'))).toBe(true);
  });

  it('shows nothing of that with another client', async () => {
    const [first, second] = [open(), open()];
    const session = await first.createSession({ id: 'ada' });
    const initialData = { snapshots: [await session.snapshot()] };
    const seen: string[] = [];
    function Watched() {
      const { status, info } = useSession('ada');
      seen.push(`${status} ${info?.id}`);
      return <p role="status">{status}</p>;
    }
    const around = (client: typeof first) => (
      <SessionProvider client={client} initialData={initialData}>
        <Watched />
      </SessionProvider>
    );
    const { render } = mount(first, around(first));
    await expect.element(page.getByRole('status')).toHaveTextContent('ready');
    seen.length = 0;
    render(around(second));
    await expect.element(page.getByRole('status')).toHaveTextContent('error');
    expect(seen).not.toContain('ready ada');
  });

  it('starts from loading where the server was given nothing', async () => {
    const manager = open();
    await manager.createSession({ id: 'ada' });
    const html = renderToString(
      <SessionProvider client={manager}>
        <Talk id="ada" />
      </SessionProvider>,
    );
    expect(html).toContain('loading');
    mount(manager, <Talk id="ada" />, { html });
    await expect.element(page.getByRole('status')).toHaveTextContent('ready');
  });
});
