import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { engineOf } from '../../src/engine-of.ts';
import { createSessionManager } from '../../src/index.ts';
import type { InspectSessionsOptions } from '../../src/inspect/inspect-options.ts';
import { inspectSessions, inspectThrough } from '../../src/inspect/inspect-sessions.ts';
import type { InspectorMessage } from '../../src/inspect/protocol.ts';
import { codeOf } from '../support/errors.ts';
import { builtPage } from './server/stage.ts';

const cleanups: Array<() => unknown> = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function inspected(options: InspectSessionsOptions = {}) {
  const manager = createSessionManager();
  cleanups.push(() => manager.close());
  await manager.ready;
  const inspector = await inspectThrough(manager, options, { folder: builtPage() });
  cleanups.push(() => inspector.close());
  return { manager, inspector };
}

/** A viewer, by the address that was printed and nothing else. */
function viewer(url: string) {
  const { host, hash } = new URL(url);
  const token = new URLSearchParams(hash.slice(1)).get('token');
  const socket = new WebSocket(`ws://${host}/socket`, ['chartroom-inspector.v1', `token.${token}`]);
  cleanups.push(() => socket.terminate());
  const messages: InspectorMessage[] = [];
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(String(data))));
  async function heard<T extends InspectorMessage['type']>(type: T) {
    for (;;) {
      const found = messages.findLast((message) => message.type === type);
      if (found) return found as Extract<InspectorMessage, { type: T }>;
      await once(socket, 'message');
    }
  }
  const say = (message: object) => socket.send(JSON.stringify(message));
  return { socket, messages, heard, say };
}

describe('inspectSessions', () => {
  it('serves the sessions of a manager, attached late', async () => {
    const { manager, inspector } = await inspected();
    const session = await manager.createSession({ id: 'ada' });
    await session.send('user', 'hello');
    const { heard, say } = viewer(inspector.url);
    expect(await heard('hello')).toMatchObject({
      allow: [],
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
    expect(await heard('fleet')).toMatchObject({ rows: [{ id: 'ada', messages: 1 }] });
    say({ type: 'look', subject: 'session/ada' });
    expect(JSON.stringify((await heard('looking')).recording)).toContain('hello');
  });

  it('costs the engine nothing while nobody looks', async () => {
    const { manager, inspector } = await inspected();
    const { taps } = engineOf(manager);
    expect(taps.size).toBe(0);
    const { heard, socket } = viewer(inspector.url);
    await heard('hello');
    expect(taps.size).toBe(1);
    socket.close();
    await once(socket, 'close');
    const again = viewer(inspector.url);
    await again.heard('hello');
    expect(taps.size).toBe(1);
    again.socket.terminate();
    await inspector.close();
    expect(taps.size).toBe(0);
  });

  it('is read-only unless it is allowed to do more', async () => {
    const act = { type: 'act', request: 1, action: { do: 'terminate', sessionId: 'ada' } };
    for (const allow of [[], ['terminate']] as const) {
      const { manager, inspector } = await inspected({ allow });
      await manager.createSession({ id: 'ada' });
      const { heard, say } = viewer(inspector.url);
      expect((await heard('hello')).allow).toEqual(allow);
      say(act);
      expect(await heard('answer')).toMatchObject({ request: 1, ok: allow.length > 0 });
      expect(await manager.listSessions()).toHaveLength(allow.length > 0 ? 0 : 1);
    }
  });

  it('shows nothing of what is redacted, of sessions and of other apps', async () => {
    const { manager, inspector } = await inspected({ redact: ['metadata.apiKey', 'event.pin'] });
    await manager.createSession({ id: 'ada', metadata: { apiKey: 'sk-secret' } });
    const feed = new WebSocket(inspector.feedUrl);
    cleanups.push(() => feed.terminate());
    await once(feed, 'open');
    const event = { type: 'press', pin: 'sk-secret' };
    feed.send(
      JSON.stringify({ type: '@xstate.event', sessionId: 'x:0', rootId: 'x:0', _version: '0', event }),
    );
    const { heard, say, messages } = viewer(inspector.url);
    expect(await heard('apps')).toMatchObject({ rows: [{ id: 'x:0' }] });
    for (const subject of ['session/ada', 'app/x:0']) say({ type: 'look', subject });
    while (messages.filter(({ type }) => type === 'looking').length < 2)
      await heard('pulse').then(() => new Promise(setImmediate));
    expect(JSON.stringify(messages)).not.toContain('sk-secret');
    expect(JSON.stringify(messages)).toContain('press');
  });

  it('closes its viewers with it, and leaves the manager as it was', async () => {
    const { manager, inspector } = await inspected();
    const { socket, heard } = viewer(inspector.url);
    await heard('hello');
    const closed = once(socket, 'close');
    await inspector[Symbol.asyncDispose]();
    await inspector.close();
    await closed;
    expect(await heard('closed')).toMatchObject({ message: 'The inspector is closed.' });
    expect(await manager.createSession({ id: 'bob' })).toMatchObject({ id: 'bob' });
  });

  it('tells its viewers that the manager was closed, and can be closed after it', async () => {
    const { manager, inspector } = await inspected();
    const { heard } = viewer(inspector.url);
    await heard('hello');
    await manager.close();
    expect(await heard('closed')).toMatchObject({ message: expect.any(String) });
    await inspector.close();
  });

  it('refuses wrong options, and what is no manager', async () => {
    const { manager } = await inspected();
    expect(await codeOf(inspectSessions(manager, { port: -1 }))).toBe('INVALID_ARGUMENT');
    expect(await codeOf(inspectSessions({} as never))).toBe('INVALID_ARGUMENT');
  });

  it('leaves nothing behind when it cannot start', async () => {
    const { manager } = await inspected();
    const { url } = await inspectThrough(manager, {}, { folder: builtPage() }).then((inspector) => {
      cleanups.push(() => inspector.close());
      return inspector;
    });
    const port = Number(new URL(url).port);
    expect(await codeOf(inspectThrough(manager, { port }, { folder: builtPage() }))).toBe('INVALID_ARGUMENT');
    expect(engineOf(manager).taps.size).toBe(0);
  });
});
