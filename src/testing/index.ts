export type { CreateClient, MaybePromise, TestEnv } from './client/env.ts';
export type { VerifyClientOptions } from './client/options.ts';
export type { Observation } from './client/own-invariants.ts';
export { type ClientReport, verifyClient } from './client/verify-client.ts';
export type { ActorModel, Source, VerifyMachineOptions } from './machine/options.ts';
export { verifyMachine } from './machine/verify-machine.ts';
export { keepRegression, type Regression, readRegressions } from './regressions.ts';
export { type ReplayOptions, type ReplayResult, replay } from './replay.ts';
export { VerificationError, type VerificationProgress, type VerificationReport } from './report.ts';
export { type ContractCase, type VerifyStoreOptions, verifyStore } from './store/verify-store.ts';
export {
  checkTrace,
  parseTrace,
  type Trace,
  type TraceEntry,
  type TraceFailure,
  type TraceKind,
  type TraceStep,
} from './trace.ts';
export { type Verification, verificationOf } from './verification.ts';
