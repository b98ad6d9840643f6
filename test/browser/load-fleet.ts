/**
 * A manager with many sessions in a process of its own, so that a page is measured and not what it looks at. Started
 * by `fork`: says its address, makes events when told `start`, and says how many by then when told `count`.
 */
import { createSessionManager, isSessionError, type SessionManager } from '../../src/index.ts';
import { inspectSessions } from '../../src/inspect/inspect-sessions.ts';

/** The last part of the command line. */
export interface Load {
  readonly sessions: number;
  readonly eventsPerSecond: number;
}
export type FromFleet =
  | { readonly url: string }
  | { readonly made: number; readonly seconds: number; readonly cpuSeconds: number };

const TICK_MS = 20;

const { sessions, eventsPerSecond }: Load = JSON.parse(process.argv[2] ?? '');
const ids = Array.from({ length: sessions }, (_, n) => `room-${String(n).padStart(5, '0')}`);

const manager = createSessionManager({
  limits: { maxSessions: sessions + 100 },
  sessionDefaults: { maxMessages: 20, idleAfterMs: 10_000 },
  logger: {},
});
await Promise.all(ids.map((id) => manager.createSession({ id, metadata: { plan: 'pro' } })));
const inspector = await inspectSessions(manager, { allow: [] });

let made = 0;
let startedAt = 0;
let startedCpu = process.cpuUsage();
manager.subscribeToAllSessions(() => {
  made += 1;
});

process.on('message', (word) => {
  if (word === 'start') {
    [made, startedAt, startedCpu] = [0, performance.now(), process.cpuUsage()];
    setInterval(() => keepUp(manager), TICK_MS);
  } else if (word === 'count') {
    const { user, system } = process.cpuUsage(startedCpu);
    const seconds = (performance.now() - startedAt) / 1000;
    tell({ made, seconds, cpuSeconds: (user + system) / 1e6 });
  }
});
process.once('disconnect', () => process.exit());
tell({ url: inspector.url });

let sent = 0;
/** Every session has its turn, in an order that jumps about the list; one call in ten is to the same room. */
function keepUp(rooms: SessionManager): void {
  const wanted = ((performance.now() - startedAt) / 1000) * eventsPerSecond;
  for (; sent < wanted; sent += 1) {
    const id = ids[sent % 10 === 0 ? 0 : (sent * 1237) % sessions] ?? '';
    if (sent % 100 === 99)
      rooms.killSession(id, 'a change of guests').then(() => rooms.createSession({ id }), fail);
    else rooms.sendMessage(id, 'user', `message ${sent}`).catch(fail);
  }
}

/** A room that is between two lives takes no message. */
function fail(error: unknown): void {
  if (!isSessionError(error) || error.code !== 'SESSION_NOT_FOUND') throw error;
}

function tell(message: FromFleet): void {
  process.send?.(message);
}
