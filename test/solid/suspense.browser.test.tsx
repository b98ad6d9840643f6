/** @jsxImportSource solid-js */
import { createResource, createSignal, ErrorBoundary, Suspense } from 'solid-js';
import { expect, it, onTestFinished } from 'vitest';
import { page } from 'vitest/browser';
import { createSessionManager } from '../../src/index.ts';
import { useConversation, useSession, useSessions } from '../../src/solid/index.ts';
import { drawn } from '../support/framework.ts';
import { gate } from '../support/gate.ts';
import { mount } from '../support/solid/framework.tsx';

function open() {
  const manager = createSessionManager();
  onTestFinished(() => manager.close());
  return manager;
}

function Messages(props: { id: string; seen?: (count: number) => void }) {
  const conversation = useConversation(() => props.id, { suspense: true });
  const count = () => {
    props.seen?.(conversation.messages.length);
    return conversation.messages.length;
  };
  return <p role="status">{count()} messages</p>;
}

it('waits for the first answer, and for the one of another id, and shows nothing before', async () => {
  const manager = open();
  for (const id of ['ada', 'bob']) await (await manager.createSession({ id })).send('user', 'hello');
  await manager.sendMessage('bob', 'user', 'and goodbye');
  const gates = { ada: gate(), bob: gate() };
  const client = new Proxy(manager, {
    get(target, key) {
      if (key !== 'session') return Reflect.get(target, key).bind?.(target) ?? Reflect.get(target, key);
      return (id: 'ada' | 'bob') => ({
        async snapshot(options?: { messages?: number }) {
          await gates[id].promise;
          return target.session(id).snapshot(options);
        },
      });
    },
  });
  const [id, setId] = createSignal<'ada' | 'bob'>('ada');
  const seen: number[] = [];
  mount({ client }, () => (
    <Suspense fallback={<p role="status">waiting</p>}>
      <Messages id={id()} seen={(count) => seen.push(count)} />
    </Suspense>
  ));
  const status = page.getByRole('status');
  await expect.element(status).toHaveTextContent('waiting');
  gates.ada.open();
  await expect.element(status).toHaveTextContent('1 messages');
  setId('bob');
  await expect.element(status).toHaveTextContent('waiting');
  gates.bob.open();
  await expect.element(status).toHaveTextContent('2 messages');
  // What is read while it waits is not shown, and nothing is read twice.
  expect(seen).toEqual([0, 1, 0, 2]);
  await manager.sendMessage('bob', 'user', 'still here');
  await expect.element(status).toHaveTextContent('3 messages');
});

it('shows what has changed while something else kept it waiting', async () => {
  const manager = open();
  const ready = gate();
  // Somebody else is looking already.
  mount({ client: manager }, () => <p>{useSessions().status}</p>);
  await expect.element(page.getByText('ready')).toBeVisible();
  const Slow = () => {
    const list = useSessions();
    const [waited] = createResource(() => ready.promise.then(() => 'sessions'));
    return (
      <p role="status">
        {list.sessions.length} {waited()}
      </p>
    );
  };
  mount({ client: manager }, () => (
    <Suspense>
      <Slow />
    </Suspense>
  ));
  await manager.createSession();
  await drawn();
  ready.open();
  await expect.element(page.getByRole('status')).toHaveTextContent('1 sessions');
});

it('throws what went wrong to the boundary, and asks again when that tries again', async () => {
  const manager = open();
  const failed = (error: { code?: string }, reset: () => void) => (
    <>
      <p role="alert">{error.code}</p>
      <button type="button" onClick={reset}>
        try again
      </button>
    </>
  );
  mount({ client: manager }, () => (
    <ErrorBoundary fallback={failed}>
      <Suspense fallback={<p role="status">waiting</p>}>
        <Messages id="ada" />
      </Suspense>
    </ErrorBoundary>
  ));
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

it('is not needed to have errors thrown', async () => {
  const manager = open();
  const Strict = () => {
    const session = useSession('ada', { throwOnError: true });
    return <p role="status">{session.status}</p>;
  };
  mount({ client: manager }, () => (
    <ErrorBoundary fallback={(error) => <p role="alert">{error.code}</p>}>
      <Strict />
    </ErrorBoundary>
  ));
  await expect.element(page.getByRole('alert')).toHaveTextContent('SESSION_NOT_FOUND');
});
