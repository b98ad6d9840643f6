/**
 * A process on a disk that runs full, and is given room again: says as JSON what each call came to. With DISK=files
 * there is a real disk of little room under it, with a ballast in it that is thrown out piece by piece; with DISK=pages
 * SQLite itself is told how many pages there are, through the thread's own connection (storage-page-limit.ts).
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSessionManager, isSessionError } from '../../src/index.ts';
import { sqliteStore } from '../../src/store/sqlite.ts';

const { FOLDER: folder = '', DISK: disk } = process.env;
const file = join(folder, 'store.db');
const ballast = [1, 2, 3].map((n) => join(folder, `ballast-${n}`));
if (disk === 'files') for (const each of ballast) writeFileSync(each, Buffer.alloc(400_000));

function makeRoom(): void {
  const next = ballast.shift() ?? '';
  if (disk === 'files') rmSync(next);
  else writeFileSync(next, '');
}

const said: Record<string, unknown> = {};
const outcomeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    (error: unknown) =>
      isSessionError(error) ? `${error.code}${error.details?.full ? ' full' : ''}` : String(error),
  );

const acknowledged: string[] = [];
/** Sends until not even a short message finds room. */
async function fillUp(): Promise<string> {
  let outcome = 'done';
  for (const bytes of [60_000, 6000, 600, 60, 6])
    for (outcome = 'done'; outcome === 'done'; ) {
      const content = `${acknowledged.length} ${'x'.repeat(bytes)}`;
      outcome = await outcomeOf(manager.sendMessage('a', 'user', content));
      if (outcome === 'done') acknowledged.push(content);
    }
  return outcome;
}

let cleanUp: () => Promise<unknown> = async () => {};
const open = () =>
  createSessionManager({
    store: sqliteStore(file),
    hooks: { cleanup: async () => void (await cleanUp()) },
    logger: () => {},
  });
let manager = open();
const history = async () => (await manager.session('a').snapshot()).messages.map(({ content }) => content);
const isKept = async () => JSON.stringify(await history()) === JSON.stringify(acknowledged);

const config = { maxTokens: 10_000_000 };
await manager.createSession({ id: 'a', config });
await manager.createSession({ id: 'b' });
if (disk === 'pages') writeFileSync(join(folder, 'limited'), '');

said.send = await fillUp();
said.keptByASend = await isKept();
const metadata = { x: 'x'.repeat(60_000) };
said.create = await outcomeOf(manager.createSession({ id: 'c', metadata }));
said.created = await outcomeOf(manager.getSessionInfo('c'));
makeRoom();
said.sendWithRoom = await outcomeOf(manager.sendMessage('b', 'user', 'there is room'));
said.createWithRoom = await outcomeOf(manager.createSession({ id: 'c', metadata }));

cleanUp = fillUp;
said.terminate = await outcomeOf(manager.terminateSession('b', { reason: 'x'.repeat(1024) }));
said.status = (await manager.getSessionInfo('b')).status;
said.sendToIt = await outcomeOf(manager.sendMessage('b', 'user', 'x'));
said.readOfIt = (await manager.session('b').snapshot()).messages.map(({ content }) => content);
makeRoom();
said.terminateWithRoom = await outcomeOf(manager.terminateSession('b'));
said.found = await outcomeOf(manager.getSessionInfo('b'));
said.keptByATerminate = await isKept();

cleanUp = async () => {};
await manager.close();
// The log is emptied into the file as a store is closed; that, and opening it again, takes room too.
makeRoom();
manager = open();
said.recovered = (await manager.ready).recovered;
said.sessions = (await manager.listSessions()).map(({ id }) => id);
said.keptByTheFile = await isKept();
said.acknowledged = acknowledged.length;
await manager.close();
console.log(JSON.stringify(said));
