import type { JournalRecord, StoreLease } from '../../src/store/port.ts';
import { type Gate, gate } from './gate.ts';

/** A lease that keeps nothing; a test puts in the parts that it is about. */
export function bareLease(parts: Partial<StoreLease> = {}): StoreLease {
  return {
    epoch: 1,
    lastSeq: 0,
    cutSeq: 0,
    append() {},
    ids: () => [],
    load: () => ({ records: [] }),
    putSnapshot() {},
    facts: () => [],
    saved: { put() {}, get: () => undefined, list: () => [], delete: () => false },
    [Symbol.asyncDispose]: async () => {},
    ...parts,
  };
}

/** An `append` whose writes a test settles by hand, in any order. */
export function slowAppend() {
  const writes: Array<Gate & { readonly records: readonly JournalRecord[] }> = [];
  return {
    /** One for each call, in order. */
    writes,
    append(records: readonly JournalRecord[]): Promise<void> {
      const write = { ...gate(), records };
      writes.push(write);
      return write.promise;
    },
  };
}
