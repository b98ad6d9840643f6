import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createSessionManager, SessionError } from '../../src/index.ts';
import type { InspectorMessage } from '../../src/inspect/protocol.ts';
import { type InspectorServer, startServer } from '../../src/inspect/server/index.ts';
import { importSession } from '../../src/store/transfer.ts';
import { builtPage, get } from '../inspect/server/stage.ts';
import { documentOf } from '../store/documents.ts';
import { scratchFolder } from '../store/media.ts';
import { type StageOptions, stage } from './stage.ts';

/** A command line with a real server, and what is done to it before Ctrl-C. */
function serving(use: (server: InspectorServer) => Promise<void>, options: StageOptions = {}) {
  let server: InspectorServer | undefined;
  const folder = builtPage();
  return stage({
    serveInspector: async (given) => {
      server = await startServer({ ...given, folder, port: 0 });
      return server;
    },
    meanwhile: async () => {
      if (server) await use(server);
    },
    ...options,
  });
}

/** What a viewer is told until it has heard of `type`. */
async function view(url: string, type: InspectorMessage['type'], say?: object): Promise<InspectorMessage[]> {
  const { host, hash } = new URL(url);
  const token = new URLSearchParams(hash.slice(1)).get('token');
  const socket = new WebSocket(`ws://${host}/socket`, ['chartroom-inspector.v1', `token.${token}`]);
  const messages: InspectorMessage[] = [];
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(String(data))));
  await once(socket, 'open');
  if (say) socket.send(JSON.stringify(say));
  while (!messages.some((message) => message.type === type)) await once(socket, 'message');
  socket.terminate();
  return messages;
}

describe('chartroom inspect MODULE', () => {
  it('shows the sessions of its manager, live, and closes it at the end', async () => {
    const manager = createSessionManager();
    await manager.createSession({ id: 'ada' });
    const { chartroom } = serving(
      async ({ url }) => {
        const messages = await view(url, 'fleet');
        expect(messages[0]).toMatchObject({ type: 'hello', version: '1.2.3', allow: ['send'] });
        expect(JSON.stringify(messages)).toContain('"id":"ada"');
      },
      { modules: { 'app.ts': { manager } } },
    );
    const told = await chartroom('inspect', 'app.ts', '--allow', 'send');
    expect(told).toMatchObject({ code: 0, err: '' });
    await expect(manager.createSession()).rejects.toMatchObject({ code: 'MANAGER_CLOSED' });
  });

  it('says what is wrong with a module', async () => {
    const { chartroom } = serving(async () => {}, { modules: { 'app.ts': {} } });
    expect(await chartroom('inspect', 'app.ts')).toMatchObject({
      code: 2,
      err: expect.stringContaining('app.ts exports no manager'),
    });
  });
});

describe('chartroom inspect STORE', () => {
  it('shows the sessions of the file, with their history', async () => {
    const { chartroom, within, opened } = serving(async ({ url }) => {
      const messages = await view(url, 'looking', { type: 'look', subject: 'session/ada' });
      expect(messages[0]).toMatchObject({ type: 'hello', allow: [] });
      expect(messages.at(-1)).toMatchObject({ subject: 'session/ada', detail: { asleep: true } });
    });
    await within('rooms.db', (lease) => importSession(lease, documentOf('ada'), { now: 0 }));
    expect(await chartroom('inspect', 'rooms.db')).toMatchObject({ code: 0, err: '' });
    expect(opened).toEqual([['rooms.db', true]]);
  });

  it('fails in one line for one that is not there', async () => {
    expect(await serving(async () => {}).chartroom('inspect', 'nope.db')).toEqual({
      code: 1,
      out: '',
      err: 'chartroom inspect: There is no store nope.db.\n',
    });
  });
});

describe('chartroom inspect TRACE.json', () => {
  it('shows the trace, and nothing else', async () => {
    const trace = {
      format: 'chartroom-trace',
      version: 1,
      kind: 'recording',
      subject: 'a',
      seed: 0,
      path: '',
    };
    const file = join(scratchFolder(), 'trace.json');
    writeFileSync(file, JSON.stringify({ ...trace, definitions: {}, steps: [], entries: [], run: null }));
    const { chartroom } = serving(async ({ url }) => {
      const { port, hash } = new URL(url);
      const fragment = new URLSearchParams(hash.slice(1));
      expect(fragment.get('open')).toBe('trace');
      const headers = { authorization: `Bearer ${fragment.get('token')}` };
      expect(JSON.parse((await get(Number(port), { path: '/trace', headers })).body)).toMatchObject(trace);
    });
    expect(await chartroom('inspect', file)).toMatchObject({ code: 0, err: '' });
  });
});

describe('chartroom inspect alone', () => {
  it('shows the XState apps that tell what they do', async () => {
    const { chartroom } = serving(async ({ url, feedUrl }) => {
      const feed = new WebSocket(feedUrl);
      await once(feed, 'open');
      const event = { type: 'press' };
      feed.send(
        JSON.stringify({ type: '@xstate.event', sessionId: 'x:0', rootId: 'x:0', _version: '0', event }),
      );
      expect(JSON.stringify(await view(url, 'apps'))).toContain('"id":"x:0"');
      feed.terminate();
    });
    expect(await chartroom('inspect')).toMatchObject({ code: 0, err: '' });
  });

  it('says which flag is to blame when it cannot start', async () => {
    const { chartroom } = stage({
      serveInspector: async () => {
        throw new SessionError('INVALID_ARGUMENT', 'options.port: 4040 is taken by another program.');
      },
    });
    expect(await chartroom('inspect', '--port', '4040')).toEqual({
      code: 1,
      out: '',
      err: 'chartroom inspect: --port: 4040 is taken by another program.\n',
    });
  });

  it('warns of a host that others can reach', async () => {
    const { err, code } = await serving(async () => {}).chartroom('inspect', '--host', '0.0.0.0');
    expect(code).toBe(0);
    expect(err).toMatch(
      /^chartroom inspect: The inspector listens at 0\.0\.0\.0:\d+, which other machines can reach/,
    );
  });

  it('is closed also when it fails in between', async () => {
    let server: InspectorServer | undefined;
    const { chartroom } = serving(async (started) => {
      server = started;
      throw new Error('the terminal is gone');
    });
    expect(await chartroom('inspect')).toMatchObject({ code: 1 });
    await expect(fetch(server?.windowUrl ?? '')).rejects.toThrow('fetch failed');
  });
});
