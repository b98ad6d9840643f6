import { once } from 'node:events';
import { rmSync } from 'node:fs';
import net from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startServer } from '../../../src/inspect/server/inspector-server.ts';
import { feedTokenOf } from '../../../src/inspect/server/token.ts';
import { testClock } from '../../support/clock.ts';
import { until } from '../../support/turns.ts';
import { bare, builtPage, dial, get, serve, TOKEN } from './stage.ts';

const cleanups: Array<() => void> = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

describe('the server', () => {
  it('binds to 127.0.0.1, unless told otherwise', async () => {
    const { server, port } = await serve();
    expect(new URL(server.url).hostname).toBe('127.0.0.1');
    expect((await get(port)).status).toBe(200);
    const elsewhere = net.connect(port, '127.0.0.2');
    expect((await once(elsewhere, 'error'))[0]).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('tells the addresses of its page, of what apps connect to, and of what they open', async () => {
    const { server, host } = await serve();
    expect(server.url).toBe(`http://${host}/#token=${TOKEN}`);
    expect(server.feedUrl).toBe(`ws://${host}/stately?token=${feedTokenOf(TOKEN)}`);
    expect(server.windowUrl).toBe(`http://${host}/window`);
  });

  it('makes another token each time', async () => {
    const urls = await Promise.all(
      [0, 1].map(async () => (await serve({ token: undefined })).server.url.replace(/^.*#token=/, '')),
    );
    expect(urls[0]).toMatch(/^[\w-]{43}$/);
    expect(urls[0]).not.toBe(urls[1]);
  });

  it('serves the page, and tells the token in nothing that it sends', async () => {
    const { port, host } = await serve();
    const page = await get(port, { path: '/' });
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining('<title>chartroom</title>') });
    expect(page.headers['content-security-policy']).toContain(`connect-src 'self' ws://${host};`);
    for (const path of ['/', '/window', '/assets/index-AbCdEf12.js', '/viewer.html', '/none', '/trace'])
      expect(JSON.stringify(await get(port, { path }))).not.toContain(TOKEN);
  });

  it.each(['evil.example', '0.0.0.0', '169.254.169.254'])(
    'answers a foreign Host, %s (DNS rebinding), with 403',
    async (name) => {
      const { port } = await serve();
      const { status, body } = await get(port, { headers: { host: `${name}:${port}` } });
      expect(status).toBe(403);
      expect(body).not.toContain('<');
    },
  );

  it('repeats nothing of a request, so that no HTML of a stranger is ever in an answer', async () => {
    const { port, server } = await serve();
    const html = '<script>alert(1)</script>';
    const asked = [
      { path: `/${encodeURI(html)}` },
      { path: '/', method: 'POST', headers: { 'x-name': html } },
      { path: '/', headers: { host: html } },
      { path: `/open/${encodeURI(html)}` },
    ];
    for (const request of asked) {
      const { body, headers } = await get(port, request);
      expect(body).not.toMatch(/script|alert/);
      expect(headers['content-type']).toBe('text/plain; charset=utf-8');
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
    const { host } = new URL(server.url);
    const upgrade = `GET /<script> HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`;
    expect(await bare(port, `${upgrade}Sec-WebSocket-Version: 13\r\n\r\n`).ended).not.toMatch(/script/);
  });

  it('has no CORS header for anybody, and answers no preflight', async () => {
    const { port } = await serve({ allowOrigin: ['http://localhost:5173'] });
    const headers = {
      origin: 'http://localhost:5173',
      'access-control-request-method': 'GET',
      'access-control-request-private-network': 'true',
    };
    for (const method of ['GET', 'OPTIONS']) {
      const got = await get(port, { method, headers });
      expect(got.status).toBe(method === 'GET' ? 200 : 405);
      expect(Object.keys(got.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  it('lets go of a peer whose handshake is slow', async () => {
    const { port, dial } = await serve({ handshakeMs: 50 });
    const partly = `GET /socket HTTP/1.1\r\nHost: localhost:${port}\r\nUpgrade: websocket\r\n`;
    const [silent, slow] = [bare(port, ''), bare(port, partly)];
    for (const { ended } of [slow, silent]) expect(await ended).toMatch(/^HTTP\/1.1 408 /);
    // One that is through is left alone by that.
    expect(await dial().status).toBe(101);
  });
});

describe('a host that others can reach', () => {
  it('is warned of', async () => {
    const warnings: string[] = [];
    const warn = (message: string) => warnings.push(message);
    const { server, port } = await serve({ host: '0.0.0.0', warn });
    expect(new URL(server.url).hostname).toBe('127.0.0.1');
    expect(warnings).toEqual([expect.stringContaining('other machines can reach')]);
    expect(warnings[0]).not.toContain(TOKEN);
    expect((await get(port, { headers: { host: `0.0.0.0:${port}` } })).status).toBe(403);
    await serve({ warn });
    expect(warnings).toHaveLength(1);
  });

  it('is warned of by the process when nobody else is there to', async () => {
    const emitted = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    cleanups.push(() => emitted.mockRestore());
    await serve({ host: '::' });
    expect(emitted.mock.calls).toEqual([[expect.stringContaining('listens at [::]:'), 'InspectorWarning']]);
  });
});

describe('a trace', () => {
  it('is served to its page, and to nobody without the token', async () => {
    const { server, port } = await serve({ viewed: undefined, trace: '{"format":"chartroom-trace"}' });
    expect(server.url).toMatch(/#token=.*&open=trace$/);
    expect((await get(port, { path: '/trace' })).status).toBe(401);
    const headers = { authorization: `Bearer ${TOKEN}` };
    expect((await get(port, { path: '/trace', headers })).body).toBe('{"format":"chartroom-trace"}');
  });
});

describe('the browser', () => {
  it('is opened with a link for one visit, since others see what it is started with', async () => {
    const opened: string[] = [];
    const { server, port } = await serve({ open: true, openBrowser: (url) => void opened.push(url) });
    const [url = ''] = opened;
    expect(url).not.toContain(TOKEN);
    const path = new URL(url).pathname;
    const { status, headers } = await get(port, { path });
    expect([status, new URL(headers.location ?? '', url).href]).toEqual([303, server.url]);
    expect((await get(port, { path })).status).toBe(404);
  });

  it('that cannot be opened is no failure', async () => {
    const warnings: string[] = [];
    const warn = (message: string) => warnings.push(message);
    await serve({ open: true, warn, openBrowser: (_, failed) => failed(new Error('ENOENT')) });
    expect(warnings).toEqual([expect.stringContaining('could not be opened (ENOENT)')]);
  });

  it('stays shut when nobody asked', async () => {
    const opened: string[] = [];
    await serve({ openBrowser: (url) => void opened.push(url) });
    expect(opened).toEqual([]);
  });
});

describe('a start that fails', () => {
  it('leaves nothing behind', async () => {
    const folder = builtPage();
    rmSync(folder, { recursive: true });
    await expect(startServer({ folder })).rejects.toThrow('npm run build');
    const { port } = await serve();
    await expect(serve({ port })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('close', () => {
  it('frees everything: sockets, timers, the port', async () => {
    const clock = testClock();
    const { server, port, left } = await serve({ clock });
    const peers = [
      dial(server),
      dial(server),
      dial(server, {
        path: new URL(server.feedUrl).pathname + new URL(server.feedUrl).search,
        protocols: [],
      }),
    ];
    await Promise.all(peers.map(({ status }) => status));
    const kept = bare(port, `GET / HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await once(kept.socket, 'data');
    const silent = bare(port, '');
    await once(silent.socket, 'connect');
    await Promise.all([server.close(), server.close()]);
    expect(await Promise.all(peers.map(({ closed }) => closed))).toEqual([1001, 1001, 1001]);
    await Promise.all([kept.ended, silent.ended]);
    expect(left).toEqual({ viewers: 2, feeds: 1 });
    expect(clock.pending).toBe(0);
    const again = net.connect(port, '127.0.0.1');
    expect((await once(again, 'error'))[0]).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('does not wait for a peer that does not answer', async () => {
    const clock = testClock();
    const { server, left } = await serve({ clock });
    const { socket, received } = dial(server);
    await received(1);
    socket.pause();
    const closing = server.close();
    await until(() => clock.pending > 0);
    await clock.advance(1000);
    await closing;
    expect([left.viewers, clock.pending]).toEqual([1, 0]);
  });
});
