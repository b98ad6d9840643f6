export { keepRegression, type Regression, readRegressions } from './regressions.ts';
export { VerificationError, type VerificationProgress, type VerificationReport } from './report.ts';
export {
  checkTrace,
  parseTrace,
  type Trace,
  type TraceEntry,
  type TraceFailure,
  type TraceKind,
  type TraceStep,
} from './trace.ts';
