/** @jsxImportSource react */
import { type ComponentType, memo, useEffect } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { onTestFinished } from 'vitest';
import type { SessionInfo } from '../../../src/index.ts';
import {
  SessionProvider,
  useConversation,
  useSession,
  useSessionActions,
  useSessionSelector,
  useSessions,
} from '../../../src/react/index.ts';
import type { ComponentProps, Framework } from '../framework.ts';
import type { ScriptedEvent } from '../scripted-agent.ts';
import { allowNoComplaints } from './mount.tsx';

type Rendered = ComponentProps['sessions']['rendered'];

const Row = memo(({ info, rendered }: { info: SessionInfo; rendered: Rendered }) => {
  rendered?.(info.id);
  return (
    <li>
      {info.id} {info.messageCount}
    </li>
  );
});

function Sessions({ filter, rendered }: ComponentProps['sessions']) {
  const { status, sessions, error } = useSessions(filter);
  return (
    <>
      <ul aria-label="sessions">
        {sessions.map((info) => (
          <Row key={info.id} info={info} rendered={rendered} />
        ))}
      </ul>
      <p role="status">{error?.code ?? status}</p>
    </>
  );
}

function Room({ id, create = false, rendered }: ComponentProps['room']) {
  const { status, info, error } = useSession(id, { create });
  const { messages, streaming } = useConversation(id);
  rendered?.();
  return (
    <section aria-label={id}>
      <p role="status">{error?.code ?? info?.status ?? status}</p>
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

function Silent({ id }: ComponentProps['silent']) {
  useSession(id, { create: true });
  return null;
}

function Selected({ id, select, isEqual, rendered }: ComponentProps['selected']) {
  rendered?.();
  return <p role="status">{useSessionSelector(id, select, isEqual)}</p>;
}

function Box({ id = '', called, sent }: ComponentProps['box']) {
  const { send, dispatch, pending, action, error } = useSessionActions<ScriptedEvent>(id);
  useEffect(() => {
    called?.(send);
  });
  return (
    <>
      <p role="status">{pending ? `${action} is pending` : (error?.code ?? 'at rest')}</p>
      <button type="button" onClick={async () => sent?.((await send('user', 'hello')).id)}>
        send
      </button>
      {/* Nobody looks at its promise. */}
      <button type="button" onClick={() => void send('robot' as 'user', 'hello')}>
        misuse
      </button>
      <button type="button" onClick={() => void dispatch({ type: 'finish' })}>
        finish
      </button>
    </>
  );
}

function Maker() {
  const { create, pending, action } = useSessionActions();
  return (
    <button type="button" disabled={pending} onClick={() => void create({ id: 'ada' })}>
      {action ?? 'new'}
    </button>
  );
}

const components = {
  sessions: Sessions,
  room: Room,
  silent: Silent,
  selected: Selected,
  box: Box,
  maker: Maker,
};

export const react: Framework = {
  mount(name, client, given, { initialData, caught } = {}) {
    allowNoComplaints();
    const Component = components[name] as ComponentType<object>;
    const place = document.body.appendChild(document.createElement('div'));
    const root = createRoot(place, { onUncaughtError: (error) => caught?.(error) });
    let props = { ...given };
    const render = () =>
      flushSync(() =>
        root.render(
          <SessionProvider client={client} initialData={initialData}>
            <Component {...props} />
          </SessionProvider>,
        ),
      );
    render();
    const unmount = () => {
      root.unmount();
      place.remove();
    };
    onTestFinished(unmount);
    const set = (next: object) => {
      props = { ...props, ...next };
      render();
    };
    return { set, unmount };
  },
};
