/** A manager whose sessions a page looks at, by the real server, and what a test does with it. */
import { createSessionManager, type Session, type SessionManager } from '../../src/index.ts';
import type { InspectSessionsOptions } from '../../src/inspect/inspect-options.ts';
import { inspectSessions, type SessionInspector } from '../../src/inspect/inspect-sessions.ts';
import type { SessionManagerOptions } from '../../src/options.ts';
import { type ScriptedEvent, scriptedAgent } from './scripted-agent.ts';

export type Rooms = SessionManager<ScriptedEvent>;

export interface Inspected extends AsyncDisposable {
  readonly rooms: Rooms;
  readonly inspector: SessionInspector;
  /** The whole address, with the token. */
  readonly url: string;
  readonly port: number;
  readonly token: string;
}

const FILES: Readonly<Record<string, string>> = {
  'src/lamp.ts': 'export const lamp = 1;\n',
  'src/room.ts': 'export const room = 2;\n',
};

/** Rooms with scripted agents, and nothing in them yet. */
export async function inspected(
  options: InspectSessionsOptions = {},
  managed: SessionManagerOptions<typeof scriptedAgent> = {},
): Promise<Inspected> {
  const rooms = createSessionManager({
    agent: scriptedAgent,
    files: {
      stat: (path) => ({ mtimeMs: 1, size: FILES[path]?.length ?? 0 }),
      read: (path) => FILES[path] ?? '',
    },
    supervision: { restart: 'transient', maxRestarts: 3, withinMs: 3_600_000 },
    logger: {},
    ...managed,
  });
  await rooms.ready;
  const inspector = await inspectSessions(rooms, options);
  const address = new URL(inspector.url);
  return {
    rooms,
    inspector,
    url: inspector.url,
    port: Number(address.port),
    token: new URLSearchParams(address.hash.slice(1)).get('token') ?? '',
    async [Symbol.asyncDispose]() {
      await rooms.close();
      await inspector.close();
    },
  };
}

/** A room in which somebody has talked, and files are open. */
export async function furnish(rooms: Rooms, id: string): Promise<Session<ScriptedEvent>> {
  const room = await rooms.createSession({ id, metadata: { plan: 'pro', apiKey: 'sk-secret' } });
  await room.send('user', `Good morning, ${id}.`);
  await room.context.addFile('src/lamp.ts');
  await room.context.updateFileIndex('src/lamp.ts', { language: 'TypeScript', lines: 1 });
  await room.cache.getFile('src/lamp.ts');
  await room.context.put('topic', { name: 'lamps', watts: 40 });
  return room;
}
