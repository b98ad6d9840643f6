import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const gc: () => void = runInNewContext('gc');

/** What nobody can reach any more is gone when this resolves. */
async function collect(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    gc();
  }
}

/** Bytes in use after a full collection. */
export async function heapBytes(): Promise<number> {
  await collect();
  return process.memoryUsage().heapUsed;
}

/** How many of them are still held by somebody. */
export async function held(refs: ReadonlyArray<WeakRef<object>>): Promise<number> {
  await collect();
  return refs.filter((ref) => ref.deref() !== undefined).length;
}
