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
  getSessionClient,
  type MaybeGetter,
  type ProvideOptions,
  setSessionClient,
} from './provider.ts';
export { type ClientActions, type SessionActions, useSessionActions } from './use-session-actions.ts';
export { useSessionSelector } from './use-session-selector.ts';
export { type Live, type UseSessionOptions, useConversation, useSession, useSessions } from './views.ts';
