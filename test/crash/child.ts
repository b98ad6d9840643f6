/** The process that is killed: a manager over a file, random calls, and a report of each. */
import { flushCompileCache } from 'node:module';
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { createSessionManager, isSessionError } from '../../src/index.ts';
import type { SessionManager } from '../../src/manager.ts';
import { sqliteStore } from '../../src/store/sqlite.ts';
import { Random } from '../support/random.ts';
import { ask, type Call, drawCall, isExclusive } from './calls.ts';
import { lying } from './lies.ts';
import { mortalStore } from './mortal-store.ts';
import type { Plan } from './plan.ts';
import { die, report } from './report.ts';

const plan = JSON.parse(process.env.CHARTROOM_CRASH ?? '{}') as Plan;
const random = new Random(plan.seed);
/** Of its own, so that the calls of a seed stay the same whenever a hook runs. */
const pauses = new Random(plan.seed + 1);
const store = mortalStore(lying(sqliteStore(plan.file), plan.lie), plan.death);

const MANAGERS = 5;
const BURSTS = 40;
const IN_FLIGHT = 48;

let calls = 0;
const underWay = new Set<Promise<void>>();
/** Sessions of which something begins or ends. */
const busy = new Set<string>();

for (let n = 0; n < MANAGERS; n += 1) {
  const manager = createSessionManager({
    store,
    hooks: { initialize: linger, cleanup: linger },
    logger: (message, ...details) => report('log', [message, ...details].join(' ')),
  });
  const { recovered, quarantined } = await manager.ready;
  // Who is killed does not write the cache on leaving; the next starts three times as fast with it.
  flushCompileCache();
  report('open', recovered, quarantined);
  manager.subscribeToAllSessions(({ seq, type, sessionId }) => report('heard', seq, type, String(sessionId)));
  for (let burst = 0; burst < BURSTS; burst += 1) await work(manager);
  if (random.chance(0.7)) await Promise.all(underWay);
  report('closing');
  await manager.close();
  await Promise.all(underWay);
  report('closed');
}
die('at the end of its work');

/** A start and an end that take a few turns, so that a kill meets them half done. */
async function linger(): Promise<void> {
  for (let left = pauses.between(0, 6); left > 0; left -= 1) await turn();
}

async function work(manager: SessionManager): Promise<void> {
  let again: string | undefined;
  for (let left = random.between(1, 8); left > 0; left -= 1) {
    const call = drawCall(random, `${plan.run}.${calls + 1}`, again);
    again = call.id;
    if (isExclusive(call) && busy.has(call.id)) continue;
    start(manager, call);
  }
  switch (random.weighted({ settled: 3, turn: 4, turns: 2, pause: 1 })) {
    case 'turn':
      await turn();
      break;
    case 'turns':
      await linger();
      break;
    case 'pause':
      await pause(random.between(1, 6));
      break;
    case 'settled':
      await Promise.all(underWay);
  }
  if (underWay.size > IN_FLIGHT) await Promise.all(underWay);
}

function start(manager: SessionManager, call: Call): void {
  calls += 1;
  const n = calls;
  report('ask', n, call);
  if (isExclusive(call)) busy.add(call.id);
  const settled = ask(manager, call)
    .then(
      (answer) => report('ack', n, answer),
      (error) => report('nak', n, isSessionError(error) ? error.code : 'no code', String(error)),
    )
    .finally(() => {
      underWay.delete(settled);
      if (isExclusive(call)) busy.delete(call.id);
    });
  underWay.add(settled);
}
