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
  type MaybeAccessor,
  SessionProvider,
  type SessionProviderProps,
  useSessionClient,
} from './provider.ts';
export { type ClientActions, type SessionActions, useSessionActions } from './use-session-actions.ts';
export { useSessionSelector } from './use-session-selector.ts';
export {
  type ReadOptions,
  type UseSessionOptions,
  useConversation,
  useSession,
  useSessions,
} from './views.ts';
