/** A process that owns a store: says `open`, then each message that was acknowledged, until it is killed. */
import { createSessionManager, isSessionError } from '../../src/index.ts';
import { sqliteStore } from '../../src/store/sqlite.ts';

const { FILE: file = '', MESSAGES: messages = '0' } = process.env;
const manager = createSessionManager({ store: sqliteStore(file), logger: () => {} });
try {
  await manager.ready;
  console.log('open');
  await manager.getOrCreateSession('a');
  for (let n = 1; n <= Number(messages); n += 1) {
    await manager.sendMessage('a', 'user', `message ${n} ${'.'.repeat(n * 37)}`);
    console.log(`message ${n}`);
  }
  console.log('done');
  setInterval(() => {}, 1_000_000);
} catch (error) {
  console.log(isSessionError(error) ? error.code : String(error));
}
