export { type ShareOptions, shareSessions } from './share-sessions.ts';
export type { SharedSessions } from './shared-tab.ts';
export type { TabState } from './tab-state.ts';
