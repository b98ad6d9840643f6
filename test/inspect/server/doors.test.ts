import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { feedTokenOf } from '../../../src/inspect/server/token.ts';
import { testClock } from '../../support/clock.ts';
import { turns, until } from '../../support/turns.ts';
import { bare, dial, serve, TOKEN } from './stage.ts';

const FEED = `/stately?token=${feedTokenOf(TOKEN)}`;
const LOOK = { type: 'look', subject: 'engine' };

describe('a handshake', () => {
  it('with the token lets a viewer in, and names the protocol but not the token', async () => {
    const { dial, channels } = await serve();
    const { socket, status, received } = dial();
    expect(await status).toBe(101);
    expect(socket.protocol).toBe('chartroom-inspector.v1');
    expect(await received(1)).toEqual([{ type: 'apps', rows: [] }]);
    expect(channels).toHaveLength(1);
  });

  it.each([
    ['no token', ['chartroom-inspector.v1']],
    ['a wrong token', ['chartroom-inspector.v1', 'token.wrong']],
    ["an app's token", ['chartroom-inspector.v1', `token.${feedTokenOf(TOKEN)}`]],
    ['no protocol at all', []],
  ])('with %s gets 401 before it is upgraded', async (_, protocols) => {
    const { dial, channels } = await serve();
    expect(await dial({ protocols }).status).toBe(401);
    expect(channels).toEqual([]);
  });

  it.each(['http://evil.example', 'http://localhost:5173', 'null'])(
    'of the foreign Origin %s gets 403, with the token too',
    async (origin) => {
      const { dial, channels } = await serve();
      expect(await dial({ origin }).status).toBe(403);
      expect(await dial({ origin, path: FEED, protocols: [] }).status).toBe(403);
      expect(channels).toEqual([]);
    },
  );

  it('of its own Origin, and of one that is allowed, is let in', async () => {
    const allowed = 'http://localhost:5173';
    const { dial, server } = await serve({ allowOrigin: [allowed] });
    for (const origin of [new URL(server.url).origin, allowed]) {
      expect(await dial({ origin }).status).toBe(101);
      expect(await dial({ origin, path: FEED, protocols: [] }).status).toBe(101);
    }
  });

  it('of a foreign Host, as DNS rebinding makes it, gets 403 with the token too', async () => {
    const { dial, port } = await serve();
    const host = `evil.example:${port}`;
    expect(await dial({ headers: { host }, origin: `http://${host}` }).status).toBe(403);
    expect(await dial({ headers: { host: `0.0.0.0:${port}` }, path: FEED, protocols: [] }).status).toBe(403);
  });

  it('for anything else gets 404', async () => {
    const { dial } = await serve();
    for (const path of ['/', '/socket/', '/Socket', '/stately/x', '/%73ocket'])
      expect(await dial({ path }).status).toBe(404);
    const empty = await serve({ viewed: undefined, feeds: undefined });
    expect(await empty.dial().status).toBe(404);
    expect(await empty.dial({ path: FEED }).status).toBe(404);
  });

  it('in another version of WebSocket gets 426', async () => {
    const { dial } = await serve();
    expect(await dial({ protocolVersion: 8 }).status).toBe(426);
  });

  it('that is malformed is refused, and the server goes on', async () => {
    const { port, dial } = await serve();
    const head = `GET /socket HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`;
    const rest = `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: chartroom-inspector.v1, token.${TOKEN}\r\n`;
    for (const [lines, status] of [
      ['', 426],
      [rest, 400],
      [`${rest}Sec-WebSocket-Key: short\r\n`, 400],
    ] as const)
      expect(await bare(port, `${head}${lines}\r\n`).ended).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(await bare(port, '\u0016\u0003\u0001\r\n\r\n').ended).toMatch(/^HTTP\/1.1 400 /);
    expect(await dial().status).toBe(101);
  });

  it.each([[['chartroom-inspector.v2', `token.${TOKEN}`]], [['graphql-ws', `token.${TOKEN}`]]])(
    'with an unknown protocol version, %j, is closed with 1002',
    async (protocols) => {
      const { dial, channels } = await serve();
      const { closed, socket } = dial({ protocols });
      const [, reason] = await once(socket, 'close');
      expect(await closed).toBe(1002);
      expect(String(reason)).toContain('chartroom-inspector.v1');
      expect(channels).toEqual([]);
    },
  );
});

describe('a frame', () => {
  it('is taken as the message that it is', async () => {
    const { dial, received } = await serve();
    const { socket, status } = dial();
    await status;
    socket.send(JSON.stringify(LOOK));
    await until(() => received.length > 0);
    expect(received).toEqual([LOOK]);
  });

  it.each([
    ['malformed JSON', '{"type":'],
    ['deep nesting', `${'['.repeat(300_000)}${']'.repeat(300_000)}`],
    ['a binary frame', Buffer.from('{}')],
  ])('of %s gets an error as its answer, and no crash', async (_, frame) => {
    const { dial, received } = await serve();
    const { socket, status, received: got } = dial();
    await status;
    socket.send(frame);
    expect((await got(2))[1]).toEqual({ type: 'refused', message: expect.any(String) });
    socket.send(JSON.stringify(LOOK));
    await until(() => received.length > 0);
    expect(socket.readyState).toBe(socket.OPEN);
  });

  it('that is oversized is closed with 1009', async () => {
    const { dial, left } = await serve();
    for (const entry of [{}, { path: FEED, protocols: [] }]) {
      const { socket, status, closed } = dial(entry);
      await status;
      socket.send('a'.repeat(1024 * 1024 + 1));
      expect(await closed).toBe(1009);
    }
    await until(() => left.viewers + left.feeds === 2);
  });

  it('in a flood of fragments is closed with 1008', async () => {
    const { dial, received } = await serve();
    const { socket, status, closed } = dial();
    await status;
    for (let n = 0; n < 300; n += 1) socket.send('', { fin: false });
    expect(await closed).toBe(1008);
    expect(received).toEqual([]);
  });

  it('that breaks the rules of WebSocket is closed with 1002', async () => {
    const { dial } = await serve();
    const { socket, status, closed } = dial();
    await status;
    socket.send('{}', { mask: false });
    expect(await closed).toBe(1002);
  });
});

describe('many at once', () => {
  it('in a flood of messages of one, another is served meanwhile', async () => {
    const { dial, received, channels } = await serve();
    const [flooder, other] = [dial(), dial()];
    await Promise.all([flooder.status, other.status]);
    for (let n = 0; n < 20_000; n += 1) flooder.socket.send('{}');
    other.socket.send(JSON.stringify(LOOK));
    await until(() => received.some((message) => JSON.stringify(message) === JSON.stringify(LOOK)), 20_000);
    // The rest of the flood has not been read: it waits with the one that sends it.
    expect(received.length).toBeLessThan(15_000);
    for (const channel of channels) channel.send({ type: 'apps', rows: [] });
    await other.received(2);
  });

  it('in a flood of small frames, no more than one of a peer is taken in a turn of the event loop', async () => {
    const { dial, received } = await serve();
    const { socket, status } = dial();
    await status;
    // As it would come in one chunk from the network.
    for (let n = 0; n < 2000; n += 1) socket.send('{}');
    const perTurn: number[] = [];
    for (let n = 0; n < 1000; n += 1) {
      const before = received.length;
      await turns(1);
      perTurn.push(received.length - before);
    }
    expect(received.length).toBeGreaterThan(100);
    expect(Math.max(...perTurn)).toBeLessThanOrEqual(2);
  });

  it('as viewers are a hundred at most; the next is closed with 1013', async () => {
    const { dial, channels, left } = await serve();
    const viewers = Array.from({ length: 100 }, () => dial());
    await Promise.all(viewers.map(({ status }) => status));
    expect(await dial().closed).toBe(1013);
    expect(channels).toHaveLength(100);
    viewers[0]?.socket.close();
    await until(() => left.viewers === 1);
    const next = dial();
    expect(await next.received(1)).toHaveLength(1);
  });

  it('as apps are a hundred at most, too', async () => {
    const { dial, left } = await serve();
    const apps = Array.from({ length: 100 }, () => dial({ path: FEED, protocols: [] }));
    await Promise.all(apps.map(({ status }) => status));
    expect(await dial({ path: FEED, protocols: [] }).closed).toBe(1013);
    expect(await dial().status).toBe(101);
    expect(left.feeds).toBe(0);
  });

  it('as 1,000 reconnects are survived, and one more is served', { timeout: 60_000 }, async () => {
    const { dial, channels, left } = await serve();
    const codes = new Map<number, number>();
    const all = Array.from({ length: 1000 }, () => dial());
    const statuses = await Promise.all(all.map(({ status }) => status));
    expect(statuses.filter((status) => status !== 101)).toEqual([]);
    for (const { socket } of all) socket.close();
    for (const code of await Promise.all(all.map(({ closed }) => closed)))
      codes.set(code, (codes.get(code) ?? 0) + 1);
    await until(() => left.viewers === channels.length);
    expect(channels.length).toBeGreaterThanOrEqual(100);
    expect(await dial().received(1)).toHaveLength(1);
  });
});

describe('a peer', () => {
  it('that is half open is let go by the heartbeat', async () => {
    const clock = testClock();
    const { dial, left, received } = await serve({ clock });
    const { status, socket, closed } = dial({ autoPong: false });
    const lively = dial();
    await Promise.all([status, lively.received(1)]);
    const pinged = Promise.all([once(socket, 'ping'), once(lively.socket, 'ping')]);
    await clock.advance(15_000);
    await pinged;
    // Its pong is there when what it says next is.
    lively.socket.send('{}');
    await until(() => received.length > 0);
    await clock.advance(15_000);
    expect(await closed).toBe(1006);
    await until(() => left.viewers === 1);
    expect(lively.socket.readyState).toBe(lively.socket.OPEN);
  });

  it('that does not read is dropped at a cap, and let go with 1013', async () => {
    const clock = testClock();
    const { dial, channels, left } = await serve({ clock });
    const { socket, received } = dial();
    await received(1);
    socket.pause();
    const [channel] = channels;
    const large = { type: 'refused', message: 'a'.repeat(1024 * 1024) } as const;
    let taken = 0;
    while (channel?.send(large)) taken += 1;
    // What the network between the two holds, and a little more than the cap.
    expect(taken).toBeLessThan(64);
    expect(channel?.send(large)).toBe(false);
    await clock.advance(10_000);
    await clock.advance(1000);
    await until(() => left.viewers === 1);
    socket.resume();
    expect([1006, 1013]).toContain(await new Promise((resolve) => socket.once('close', resolve)));
  });

  it('of an app is heard with the token of apps alone', async () => {
    const { server, told, left } = await serve();
    const url = new URL(server.feedUrl);
    const { socket, status } = dial(server, { path: `${url.pathname}${url.search}`, protocols: [] });
    expect(await status).toBe(101);
    socket.send('{"type":"@xstate.event"}');
    await until(() => told.length > 0);
    expect(told).toEqual([{ type: '@xstate.event' }]);
    socket.close();
    await until(() => left.feeds === 1);
    for (const query of ['', '?token=', `?token=${TOKEN}`])
      expect(await dial(server, { path: `/stately${query}`, protocols: [] }).status).toBe(401);
  });
});
