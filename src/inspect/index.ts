export {
  checkTrace,
  parseTrace,
  type Trace,
  type TraceEntry,
  type TraceFailure,
  type TraceStep,
} from '../testing/trace.ts';
export { type Change, type Changes, changes, type JsonPath } from './changes.ts';
export { type ChartDifference, type Comparison, compare, type SessionDifference } from './compare.ts';
export { chartId } from './fold.ts';
export type { InspectSessionsOptions } from './inspect-options.ts';
export { inspectSessions, type SessionInspector } from './inspect-sessions.ts';
export { Inspection, type InspectionOptions, type ViewerConnection } from './inspection.ts';
export { legible } from './legible.ts';
export type { AppSource, Looked } from './looked.ts';
export {
  type Answer,
  type ChartMoment,
  type Moment,
  momentAt,
  type OpenCall,
  type SessionMoment,
  sessionChart,
} from './moment.ts';
export {
  ACTIONS,
  type ActionName,
  type ActionRequest,
  type ActorNode,
  type AppRow,
  type CacheView,
  type DeadlineView,
  type Detail,
  type FleetChange,
  type FleetRow,
  type InspectorMessage,
  PROTOCOL,
  type Recording,
  type Subject,
  type ViewerChannel,
  type ViewerMessage,
} from './protocol.ts';
export { type Recorder, type RecordOptions, recordSessions } from './recorder.ts';
export {
  ENGINE_LANES,
  ENTRY_KINDS,
  type EntryKind,
  type RowFilter,
  Sequence,
  type SequenceRow,
} from './sequence.ts';
export { StatelyApps, type StatelyAppsOptions, type StatelyFeed } from './stately.ts';
export { Timeline } from './timeline.ts';
export { type EntryClock, entryClock, timeInWords } from './times.ts';
export { trimRecording } from './trim.ts';
export { type SavedTrace, viewerHtml } from './viewer-html.ts';
export { contentInWords, entryInWords, eventInWords, excerpt, stateInWords } from './words.ts';
