export type { CreateClient, TestEnv } from './client/env.ts';
export type { VerifyClientOptions } from './client/options.ts';
export type { Observation } from './client/own-invariants.ts';
export { type ClientReport, verifyClient } from './client/verify-client.ts';
export type { ActorModel, VerifyMachineOptions } from './machine/options.ts';
export { type MachineReplay, type MachineReplayOptions, replayMachine } from './machine/replay.ts';
export { verifyMachine } from './machine/verify-machine.ts';
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
