export {
  type CheckProgress,
  checkStore,
  type DamagedEntry,
  quarantinedSessions,
  type StoreCheck,
} from './check.ts';
export { checkDocument, formatDocument, parseDocument, type SessionDocument } from './document.ts';
export {
  type Damage,
  type DamagedSessionInfo,
  type StoredSessionInfo,
  storedSessions,
} from './inventory.ts';
export type {
  FactQuery,
  HeadQuery,
  JournalRecord,
  SavedDocument,
  SavedSessions,
  SessionHead,
  SessionStore,
  StoredSession,
  StoredSnapshot,
  StoreLease,
} from './port.ts';
export type { DocumentLimits } from './session-data.ts';
export {
  type ExportOptions,
  exportSaved,
  exportSession,
  type ImportOptions,
  type ImportSavedOptions,
  importSaved,
  importSession,
} from './transfer.ts';
