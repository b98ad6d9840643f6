export type {
  ActionState,
  ClientCalls,
  ConversationView,
  InitialData,
  SessionCalls,
  SessionState,
  SessionsView,
  SessionView,
  StreamingText,
} from '../bindings/index.ts';
export {
  type ClientOptions,
  type ProvideOptions,
  provideSessionClient,
  SessionPlugin,
  type SessionPluginOptions,
  useSessionClient,
} from './provider.ts';
export { type ClientActions, type SessionActions, useSessionActions } from './use-session-actions.ts';
export { useSessionSelector } from './use-session-selector.ts';
export {
  type ConversationRefs,
  type SessionRefs,
  type SessionsRefs,
  type UseSessionOptions,
  useConversation,
  useSession,
  useSessions,
  type ViewRefs,
} from './views.ts';
