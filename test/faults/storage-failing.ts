/** A process whose writes begin to fail: says as JSON what was acknowledged, and what every call gets from then on. */
import { writeFileSync } from 'node:fs';
import { createSessionManager, isSessionError } from '../../src/index.ts';
import { sqliteStore } from '../../src/store/sqlite.ts';

const { FILE: file = '', HOW: how } = process.env;
const BYTES = 10_000;
const MOST = 100;

const outcomeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    (error: unknown) =>
      isSessionError(error) ? `${error.code}${error.details?.poisoned ? ' poisoned' : ''}` : String(error),
  );

const manager = createSessionManager({ store: sqliteStore(file), logger: () => {} });
await manager.createSession({ id: 'a' });
const acknowledged: string[] = [];
let refused = 'done';
while (refused === 'done' && acknowledged.length < MOST) {
  if (how === 'sync' && acknowledged.length === 5) writeFileSync(`${file}.sync-fails`, '');
  const content = `${acknowledged.length} ${'x'.repeat(BYTES)}`;
  refused = await outcomeOf(manager.sendMessage('a', 'user', content));
  if (refused === 'done') acknowledged.push(content);
}
const { messages } = await manager.session('a').snapshot();
const afterwards = {
  send: await outcomeOf(manager.sendMessage('a', 'user', 'x')),
  create: await outcomeOf(manager.createSession({ id: 'b' })),
  save: await outcomeOf(manager.saveSession('a')),
  terminate: await outcomeOf(manager.terminateSession('a')),
  lookUp: await outcomeOf(manager.getSessionInfo('a')),
};
const kept = JSON.stringify(messages.map(({ content }) => content)) === JSON.stringify(acknowledged);
console.log(JSON.stringify({ acknowledged, refused, kept, afterwards }));
await manager.close();
