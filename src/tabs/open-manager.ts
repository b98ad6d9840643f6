import { onAbort } from '../abort.ts';
import { closedError } from '../admission.ts';
import type { Timekeeper } from '../clock.ts';
import { engineOf } from '../engine-of.ts';
import { wrapThrown } from '../error-info.ts';
import { isSessionError } from '../errors.ts';
import type { SessionManager } from '../manager.ts';

const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 1000;

/** What it takes to have an engine in this tab. */
export interface Opening<TAgentEvent> {
  create(): SessionManager<TAgentEvent> | Promise<SessionManager<TAgentEvent>>;
  readonly time: Timekeeper;
  /** How long a store may be locked by an owner who is just going, in milliseconds. */
  readonly patienceMs: number;
}

/** A manager that is ready. While its store is locked, another one is made, again and again. */
export async function openManager<TAgentEvent>(
  { create, time, patienceMs }: Opening<TAgentEvent>,
  signal: AbortSignal,
): Promise<SessionManager<TAgentEvent>> {
  let waitedMs = 0;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    if (signal.aborted) throw closedError();
    const manager = await made(create, signal);
    // A store that never opens keeps nobody from leaving.
    const stay = onAbort(signal, () => void manager.close());
    if (signal.aborted) void manager.close();
    try {
      await manager.ready;
      // One that was closed before is ready for good: whoever gave it would be asked for it again and again.
      engineOf(manager).checkOpen();
      return manager;
    } catch (error) {
      await manager.close();
      if (!isSessionError(error) || error.code !== 'STORE_LOCKED' || waitedMs >= patienceMs) throw error;
    } finally {
      stay();
    }
    await pause(time, pauseMs, signal);
    waitedMs += pauseMs;
  }
}

/** Whoever leaves does not wait for it; what is made only then is closed. */
async function made<TAgentEvent>(create: Opening<TAgentEvent>['create'], signal: AbortSignal) {
  const left = Promise.withResolvers<never>();
  const forget = onAbort(signal, () => left.reject(closedError()));
  const making = make(create);
  try {
    return await Promise.race([making, left.promise]);
  } catch (error) {
    if (signal.aborted) void making.then((manager) => manager.close()).catch(() => {});
    throw error;
  } finally {
    forget();
  }
}

async function make<TAgentEvent>(create: Opening<TAgentEvent>['create']) {
  try {
    const manager = await create();
    engineOf(manager);
    return manager;
  } catch (error) {
    throw isSessionError(error) ? error : wrapThrown('INVALID_ARGUMENT', 'createManager threw', error);
  }
}

function pause(time: Timekeeper, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = time.setTimeout(done, ms);
    const forget = onAbort(signal, done);
    function done() {
      forget();
      time.clearTimeout(timer);
      resolve();
    }
  });
}
