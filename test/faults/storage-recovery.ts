/** A process that recovers a store and dies around the n-th write of that, or says `recovered` when it is over. */
import { createSessionManager } from '../../src/index.ts';
import { sqliteStore } from '../../src/store/sqlite.ts';
import { mortalStore } from '../crash/mortal-store.ts';
import type { Death } from '../crash/plan.ts';
import { testClock } from '../support/clock.ts';
import { turns } from '../support/turns.ts';

const { FILE: file = '', NOW: now = '', DEATH: death = '' } = process.env;
const manager = createSessionManager({
  store: mortalStore(sqliteStore(file), JSON.parse(death) as Death),
  clock: testClock(Number(now)),
});
await manager.ready;
// Each look-up is answered by the store's thread, after the writes that were asked of it before.
for (let n = 0; n < 20; n += 1) {
  await manager.listSessions();
  await turns();
}
console.log('recovered');
process.kill(process.pid, 'SIGKILL');
