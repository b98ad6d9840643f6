export {
  checkTrace,
  parseTrace,
  type Trace,
  type TraceEntry,
  type TraceFailure,
  type TraceStep,
} from '../testing/trace.ts';
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
export { trimRecording } from './trim.ts';
export { type SavedTrace, viewerHtml } from './viewer-html.ts';
