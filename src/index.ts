export type {
  CreateSessionOptions,
  EventListener,
  EventOf,
  EventStreamOptions,
  ListFilter,
  SendOptions,
  Session,
  SessionCache,
  SessionClient,
  SessionContext,
  SubscribeOptions,
  TerminateOptions,
  Unsubscribe,
} from './client.ts';
export type { Clock } from './clock.ts';
export type {
  ActiveFile,
  BuiltContext,
  CachedFile,
  CacheStats,
  Content,
  ContentPart,
  ContextPart,
  ErrorInfo,
  Json,
  JsonObject,
  Message,
  RecoveryReport,
  Role,
  SavedSession,
  SessionConfig,
  SessionInfo,
  SessionStatus,
  TerminationReason,
} from './data.ts';
export { isSessionError, SessionError, type SessionErrorCode, type SessionErrorOptions } from './errors.ts';
export { eventSchemas } from './events/schemas.ts';
export type {
  AgentEmission,
  AgentEvent,
  AgentEventPayloads,
  AgentEventType,
  ContextEvent,
  EventBase,
  GapEvent,
  LifecycleEvent,
  PublishedEvent,
  SessionEvent,
  SessionEventType,
} from './events/types.ts';
export {
  type AgentEventOf,
  createSessionManager,
  type ManagerStats,
  type SessionManager,
} from './manager.ts';
export type {
  AgentInput,
  FileSource,
  FileStat,
  HookContext,
  InspectionObserver,
  Limits,
  Logger,
  LogLevel,
  SessionManagerOptions,
  SupervisionOptions,
  TimeoutOptions,
} from './options.ts';
export { defaults } from './settings.ts';
export { type MemoryStoreOptions, memoryStore } from './store/memory.ts';
export type { SessionStore, StoreLease } from './store/port.ts';
