export { type ActionState, type Actions, actionsOf, type ClientCalls, type SessionCalls } from './actions.ts';
export { callsOf } from './calls-of.ts';
export { filterKey } from './filter.ts';
export { type IsEqual, select } from './select.ts';
export { type SessionState, watchState } from './state.ts';
export type { StreamingText } from './streams.ts';
export type { ConversationView, InitialData, SessionsView, SessionView, Snapshot } from './views.ts';
export type { LoadingWatch, Watch } from './watch.ts';
export { type SessionWatchOptions, watchConversation, watchSession, watchSessions } from './watches.ts';
