/** What is left of a failure beside its error: a trace in a file, and a kept run. */
import { keepTrace } from './files.ts';
import { keepRegression } from './regressions.ts';
import type { Trace } from './trace.ts';

export interface Keeping {
  readonly traceFolder: string | false | undefined;
  /** The file of kept runs, when this run is to be kept. */
  readonly regressions: string | undefined;
}

export interface Kept {
  readonly traceFile?: string;
  /** What could not be written, and why. The failure is what counts, and is told all the same. */
  readonly unwritten: readonly string[];
}

export async function keepFailure(trace: Trace, { traceFolder, regressions }: Keeping): Promise<Kept> {
  const unwritten: string[] = [];
  const attempt = async <R>(what: string, write: () => Promise<R>): Promise<R | undefined> => {
    try {
      return await write();
    } catch (error) {
      unwritten.push(
        `${what} could not be written: ${error instanceof Error ? error.message : String(error)}`,
      );
      return undefined;
    }
  };
  const { kind, subject, failure, run } = trace;
  const traceFile = await attempt('The trace', () => keepTrace(traceFolder, trace));
  if (regressions !== undefined && failure)
    await attempt('The file of kept runs', () =>
      keepRegression(regressions, { kind, subject, invariant: failure.invariant, run }),
    );
  return { ...(traceFile !== undefined && { traceFile }), unwritten };
}
