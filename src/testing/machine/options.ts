import type { StandardSchemaV1 } from '@standard-schema/spec';
import type fc from 'fast-check';
import type { AnyActorLogic, AnyStateMachine, SnapshotFrom } from 'xstate';
import type { VerificationProgress } from '../report.ts';

/** Payloads of an event, or inputs: an arbitrary of fast-check, or a schema to make them from. */
export type Source<T> = fc.Arbitrary<T> | StandardSchemaV1;

/**
 * What an invoked or spawned actor may do that would act by itself: a promise, a callback, an observable. In a run
 * a stand-in takes its place and does one of these things whenever the run says so, or nothing for as long.
 */
export interface ActorModel {
  /** What a promise resolves with. */
  readonly output?: Source<unknown>;
  /** What it rejects with. */
  readonly error?: Source<unknown>;
  /** Events that a callback sends to its parent, `type` included. */
  readonly sends?: Source<object>;
  /** Values that an observable gives. */
  readonly values?: Source<unknown>;
}

export interface VerifyMachineOptions<M extends AnyStateMachine = AnyStateMachine> {
  /** In reports, traces and the file of kept runs. Default the machine's id. */
  readonly name?: string;
  /**
   * Payloads by event type. An event of which nothing is said here comes with payloads made up from the properties
   * that the machine was seen to read, of any type.
   */
  readonly events?: Readonly<Record<string, Source<object>>>;
  /** What actors do, by the name of their logic in `setup({ actors })`, else by their id; or logic to run instead. */
  readonly actors?: Readonly<Record<string, ActorModel | AnyActorLogic>>;
  readonly input?: Source<unknown>;
  /** Event types by which it can be ended from wherever it is. */
  readonly terminate?: readonly string[];
  /** What has to hold in every snapshot, by a name in words. */
  readonly invariants?: Readonly<Record<string, (snapshot: SnapshotFrom<M>) => boolean>>;
  /**
   * How it is saved and restored. `'armed'`: as JSON, and delayed events are armed again for what is left of them,
   * as the agent of a durable session is. `'plain'`: as JSON and no more, as XState does it by itself, which loses
   * delayed events. `false`: never. Default `'armed'`.
   */
  readonly restore?: 'armed' | 'plain' | false;
  /** Another form than JSON for what is saved. */
  readonly codec?: {
    readonly write: (snapshot: unknown) => unknown;
    readonly read: (written: unknown) => unknown;
  };
  /** Snapshots that older versions have stored, and how they are brought over. Runs start from them too. */
  readonly migrate?: { readonly from: readonly unknown[]; readonly migrate: (snapshot: unknown) => unknown };
  /** Paths of the context, as `updatedAt` or `order.id`, that may differ between two runs of the same steps. */
  readonly volatile?: readonly string[];
  /** Random runs. Default 200. */
  readonly runs?: number;
  /** Random steps in a run at most. Default 30. */
  readonly steps?: number;
  /** Default: another one each time; the report has it. */
  readonly seed?: number;
  /** With the seed of a failure, goes to it at once. */
  readonly path?: string;
  /** A file of kept runs: they are made first, and a run that fails is added. */
  readonly regressions?: string;
  /** Where the trace of a failure is written. Default: a folder `chartroom` among the system's temporary files. */
  readonly traceFolder?: string | false;
  readonly onProgress?: (progress: VerificationProgress) => void;
}
