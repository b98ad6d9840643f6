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
export { SessionProvider, type SessionProviderProps, useSessionClient } from './provider.ts';
export { type ClientActions, type SessionActions, useSessionActions } from './use-session-actions.ts';
export { useSessionSelector } from './use-session-selector.ts';
export type { Read, ReadOptions } from './use-watch.ts';
export { type UseSessionOptions, useConversation, useSession, useSessions } from './views.ts';
