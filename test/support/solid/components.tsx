/** @jsxImportSource solid-js */
import { createMemo, For } from 'solid-js';
import type { SessionInfo } from '../../../src/index.ts';
import {
  useConversation,
  useSession,
  useSessionActions,
  useSessionSelector,
  useSessions,
} from '../../../src/solid/index.ts';
import type { ComponentProps } from '../framework.ts';
import type { ScriptedEvent } from '../scripted-agent.ts';

function Row(props: { info: SessionInfo; rendered: ((id: string) => void) | undefined }) {
  props.rendered?.(props.info.id);
  return (
    <li>
      {props.info.id} {props.info.messageCount}
    </li>
  );
}

function Sessions(props: ComponentProps['sessions']) {
  const list = useSessions(() => props.filter);
  return (
    <>
      <ul aria-label="sessions">
        <For each={list.sessions}>{(info) => <Row info={info} rendered={props.rendered} />}</For>
      </ul>
      <p role="status">{list.error?.code ?? list.status}</p>
    </>
  );
}

function Room(props: ComponentProps['room']) {
  const session = useSession(() => props.id, { create: props.create ?? false });
  const conversation = useConversation(() => props.id);
  const status = () => {
    props.rendered?.();
    return session.error?.code ?? session.info?.status ?? session.status;
  };
  const messages = () => {
    props.rendered?.();
    return conversation.messages;
  };
  return (
    <section aria-label={props.id}>
      <p role="status">{status()}</p>
      <ul aria-label="messages">
        <For each={messages()}>{({ content }) => <li>{String(content)}</li>}</For>
        <For each={conversation.streaming}>{({ text }) => <li aria-busy="true">{text}</li>}</For>
      </ul>
    </section>
  );
}

function Silent(props: ComponentProps['silent']) {
  useSession(() => props.id, { create: true });
  return undefined;
}

function Selected(props: ComponentProps['selected']) {
  const selected = useSessionSelector(
    () => props.id,
    (state) => props.select(state),
    props.isEqual,
  );
  const show = () => {
    props.rendered?.();
    return selected();
  };
  return <p role="status">{show()}</p>;
}

function Box(props: ComponentProps['box']) {
  const actions = useSessionActions<ScriptedEvent>(() => props.id);
  const status = createMemo(() => {
    props.called?.(actions.send);
    return actions.pending ? `${actions.action} is pending` : (actions.error?.code ?? 'at rest');
  });
  return (
    <>
      <p role="status">{status()}</p>
      <button type="button" onClick={async () => props.sent?.((await actions.send('user', 'hello')).id)}>
        send
      </button>
      {/* Nobody looks at its promise. */}
      <button type="button" onClick={() => void actions.send('robot' as 'user', 'hello')}>
        misuse
      </button>
      <button type="button" onClick={() => void actions.dispatch({ type: 'finish' })}>
        finish
      </button>
    </>
  );
}

function Maker() {
  const actions = useSessionActions();
  return (
    <button type="button" disabled={actions.pending} onClick={() => void actions.create({ id: 'ada' })}>
      {actions.action ?? 'new'}
    </button>
  );
}

export const components = {
  sessions: Sessions,
  room: Room,
  silent: Silent,
  selected: Selected,
  box: Box,
  maker: Maker,
};
