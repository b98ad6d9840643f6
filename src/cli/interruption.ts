/** How long what was started besides, by a module that was loaded, may keep the process. */
const GRACE_MS = 3000;

export interface Interruptible {
  once(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
  exit(code?: number): void;
}

/** Resolves at Ctrl-C, or when the process is told to end. At the next one it ends as it would anyway. */
export function untilInterrupted(process: Interruptible, graceMs = GRACE_MS): Promise<void> {
  return new Promise((resolve) => {
    const interrupted = () => {
      process.off('SIGINT', interrupted);
      process.off('SIGTERM', interrupted);
      setTimeout(() => process.exit(0), graceMs).unref();
      resolve();
    };
    process.once('SIGINT', interrupted);
    process.once('SIGTERM', interrupted);
  });
}
