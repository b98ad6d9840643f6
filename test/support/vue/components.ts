import { defineComponent, h } from 'vue';
import type { SessionInfo } from '../../../src/index.ts';
import {
  useConversation,
  useSession,
  useSessionActions,
  useSessionSelector,
  useSessions,
} from '../../../src/vue/index.ts';
import type { ComponentProps } from '../framework.ts';
import type { ScriptedEvent } from '../scripted-agent.ts';

const status = (text: string | number) => h('p', { role: 'status' }, text);

interface RowProps {
  info: SessionInfo;
  rendered: ((id: string) => void) | undefined;
}
const Row = defineComponent(
  (props: RowProps) => () => {
    props.rendered?.(props.info.id);
    return h('li', `${props.info.id} ${props.info.messageCount}`);
  },
  { props: ['info', 'rendered'] },
);

const Sessions = defineComponent(
  (props: ComponentProps['sessions']) => {
    const { sessions, status: how, error } = useSessions(() => props.filter);
    return () => [
      h(
        'ul',
        { 'aria-label': 'sessions' },
        sessions.value.map((info) => h(Row, { key: info.id, info, rendered: props.rendered })),
      ),
      status(error.value?.code ?? how.value),
    ];
  },
  { props: ['filter', 'rendered'] },
);

const Room = defineComponent(
  (props: ComponentProps['room']) => {
    const { create = false } = props;
    const { status: how, info, error } = useSession(() => props.id, { create });
    const { messages, streaming } = useConversation(() => props.id);
    return () => {
      props.rendered?.();
      return h('section', { 'aria-label': props.id }, [
        status(error.value?.code ?? info.value?.status ?? how.value),
        h('ul', { 'aria-label': 'messages' }, [
          ...messages.value.map(({ id, content }) => h('li', { key: id }, String(content))),
          ...streaming.value.map(({ turnId, text }) => h('li', { key: turnId, 'aria-busy': true }, text)),
        ]),
      ]);
    };
  },
  { props: ['id', 'create', 'rendered'] },
);

const Silent = defineComponent(
  (props: ComponentProps['silent']) => {
    useSession(() => props.id, { create: true });
    return () => undefined;
  },
  { props: ['id'] },
);

const Selected = defineComponent(
  (props: ComponentProps['selected']) => {
    const selected = useSessionSelector(
      () => props.id,
      (state) => props.select(state),
      props.isEqual,
    );
    return () => {
      props.rendered?.();
      return status(selected.value);
    };
  },
  { props: ['id', 'select', 'isEqual', 'rendered'] },
);

const Box = defineComponent(
  (props: ComponentProps['box']) => {
    const { send, dispatch, pending, action, error } = useSessionActions<ScriptedEvent>(() => props.id);
    const button = (name: string, onClick: () => unknown) => h('button', { onClick }, name);
    return () => {
      props.called?.(send);
      return [
        status(pending.value ? `${action.value} is pending` : (error.value?.code ?? 'at rest')),
        button('send', async () => props.sent?.((await send('user', 'hello')).id)),
        // Nobody looks at its promise.
        button('misuse', () => void send('robot' as 'user', 'hello')),
        button('finish', () => void dispatch({ type: 'finish' })),
      ];
    };
  },
  { props: ['id', 'called', 'sent'] },
);

const Maker = defineComponent(() => {
  const { create, pending, action } = useSessionActions();
  const onClick = () => void create({ id: 'ada' });
  return () => h('button', { disabled: pending.value, onClick }, action.value ?? 'new');
});

export const components = {
  sessions: Sessions,
  room: Room,
  silent: Silent,
  selected: Selected,
  box: Box,
  maker: Maker,
};
