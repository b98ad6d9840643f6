// The same for what lives in a page, of frameworks whose own types know the DOM.
import { SessionProvider, useSession as useSolidSession } from 'chartroom/solid';
import {
  useConversation as useSvelteConversation,
  useSessionSelector as useSvelteSelector,
} from 'chartroom/svelte';
import { useSessionActions as useVueActions, useConversation as useVueConversation } from 'chartroom/vue';

/** Composables, in a setup. */
export function setUp(id: () => string) {
  const { messages, streaming } = useVueConversation(id);
  const { send, pending } = useVueActions(id);
  return {
    said: () => messages.value.length + streaming.value.length,
    ask: () => send('user', 'hello'),
    pending,
  };
}

/** In the script of a component. */
export function initialize(id: () => string) {
  const conversation = useSvelteConversation(id);
  const paths = useSvelteSelector(id, ({ files }) => files.map(({ path }) => path).join());
  return { said: () => conversation.messages.length, paths: () => paths.current };
}

/** In a component. */
export function show(id: () => string) {
  const session = useSolidSession(id, { create: true, suspense: true });
  return { status: () => session.info?.status, Provider: SessionProvider };
}
