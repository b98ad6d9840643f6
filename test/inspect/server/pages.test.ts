import { describe, expect, it } from 'vitest';
import type { Bundle, BundledFile } from '../../../src/inspect/server/bundle.ts';
import { Gate } from '../../../src/inspect/server/gate.ts';
import { Pages } from '../../../src/inspect/server/pages.ts';
import { Tickets } from '../../../src/inspect/server/tickets.ts';
import { testClock } from '../../support/clock.ts';

const TOKEN = 'the-token-of-this-test';
const file = (type: string, text: string, immutable = false): BundledFile => ({
  type,
  body: Buffer.from(text),
  etag: `"${text}"`,
  immutable,
});
const bundle: Bundle = new Map([
  ['index.html', file('text/html', 'page')],
  ['assets/a-12345678.js', file('text/javascript', 'script', true)],
]);

function pagesWith({ trace, allowOrigin = [] }: { trace?: string; allowOrigin?: string[] } = {}) {
  const tickets = new Tickets(testClock());
  const gate = new Gate({ token: TOKEN, hosts: new Set(['localhost']), allowOrigin });
  const pages = new Pages({ bundle, gate, tickets, token: TOKEN, allowOrigin, trace });
  const get = (url: string, headers: object = {}, method = 'GET') =>
    pages.replyTo({ method, url, headers: { host: 'localhost:4040', ...headers } });
  return { get, tickets };
}
const policyOf = (reply: { headers: object }) =>
  (reply.headers as Record<string, string>)['Content-Security-Policy'] ?? '';

describe('a request', () => {
  const { get } = pagesWith();

  it.each(['/', '/?a=b', '/window', '/index.html'])('for %s gets the page', (url) => {
    const { status, body, headers } = get(url);
    expect([status, String(body)]).toEqual([200, 'page']);
    expect(headers).toMatchObject({ 'Content-Type': 'text/html', 'Content-Length': 4 });
  });

  it('for a file gets it, kept for good when its name tells its content', () => {
    expect(get('/assets/a-12345678.js')).toMatchObject({
      status: 200,
      headers: { 'Cache-Control': 'public, max-age=31536000, immutable', ETag: '"script"' },
    });
    expect(get('/').headers['Cache-Control']).toBe('no-cache');
  });

  it('for what the browser has already gets 304 and nothing more', () => {
    const { status, body, headers } = get('/', { 'if-none-match': '"page"' });
    expect([status, body]).toEqual([304, undefined]);
    expect(headers).toMatchObject({ ETag: '"page"', 'X-Content-Type-Options': 'nosniff' });
    expect(get('/', { 'if-none-match': '"other"' }).status).toBe(200);
  });

  it('with HEAD gets what GET would get, without the body', () => {
    const { body: _, ...got } = get('/');
    expect(get('/', {}, 'HEAD')).toEqual(got);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', undefined])('with %s gets 405', (method) => {
    expect(get('/', {}, method ?? '')).toMatchObject({ status: 405, headers: { Allow: 'GET, HEAD' } });
  });

  it.each([
    '/../package.json',
    '/assets/../../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/package.json',
    '/assets/',
    '/assets',
    '//index.html',
    '/INDEX.HTML',
    '/__proto__',
    '/constructor',
    '/@fs/etc/passwd',
    'http://localhost:4040/',
    '*',
    '',
    '/\0',
  ])('for %j gets 404: only whole names are known', (url) => {
    expect(get(url).status).toBe(404);
  });

  it('of a foreign Host gets 403, whatever it asks for', () => {
    for (const url of ['/', '/trace', '/open/x', '/nothing'])
      expect(get(url, { host: 'evil.example:4040' })).toMatchObject({ status: 403 });
  });
});

describe('every answer', () => {
  const { get } = pagesWith();
  const answers = [
    get('/'),
    get('/nothing'),
    get('/trace'),
    get('/open/x'),
    get('/', {}, 'POST'),
    get('/', { host: 'x' }),
  ];

  it('forbids to guess types, to tell where one came from, and to be used elsewhere', () => {
    for (const { headers } of answers)
      expect(headers).toMatchObject({
        'X-Content-Type-Options': 'nosniff',
        'Referrer-Policy': 'no-referrer',
        'Cross-Origin-Resource-Policy': 'same-origin',
      });
  });

  it('has no CORS header', () => {
    const names = answers.flatMap(({ headers }) => Object.keys(headers));
    expect(names.filter((name) => /^access-control/i.test(name))).toEqual([]);
  });
});

describe('the policy of a page', () => {
  it('lets nothing run or load that is not of this server', () => {
    expect(policyOf(pagesWith().get('/')).split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data: blob:",
      "connect-src 'self' ws://localhost:4040",
      "worker-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  it('keeps the page away from whoever opened it, except the one that is made for that', () => {
    const { get } = pagesWith({ allowOrigin: ['http://localhost:5173'] });
    expect(get('/').headers['Cross-Origin-Opener-Policy']).toBe('same-origin');
    expect(policyOf(get('/'))).toContain("frame-ancestors 'none'");
    expect(get('/window').headers).not.toHaveProperty('Cross-Origin-Opener-Policy');
    expect(policyOf(get('/window'))).toContain('frame-ancestors http://localhost:5173;');
  });
});

describe('a trace', () => {
  const bearer = { authorization: `Bearer ${TOKEN}` };

  it('is given to who has the token, and kept nowhere', () => {
    const { get } = pagesWith({ trace: '{"a":1}' });
    expect(get('/trace', bearer)).toMatchObject({
      status: 200,
      headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' },
      body: '{"a":1}',
    });
    expect(get('/trace').status).toBe(401);
    expect(get(`/trace?token=${TOKEN}`).status).toBe(401);
    expect(get('/trace', { ...bearer, origin: 'http://evil.example' }).status).toBe(403);
  });

  it('that is not there is not found', () => {
    expect(pagesWith().get('/trace', bearer).status).toBe(404);
  });
});

describe('a ticket', () => {
  it('leads once to the page with the token', () => {
    const { get, tickets } = pagesWith();
    const path = `/open/${tickets.issue()}`;
    expect(get(path, {}, 'HEAD').status).toBe(404);
    expect(get(path)).toMatchObject({
      status: 303,
      headers: { Location: `/#token=${TOKEN}`, 'Cache-Control': 'no-store' },
    });
    expect(get(path).status).toBe(404);
    expect(get('/open/').status).toBe(404);
  });

  it('leads to the trace where there is one', () => {
    const { get, tickets } = pagesWith({ trace: '{}' });
    expect(get(`/open/${tickets.issue()}`).headers.Location).toBe(`/#token=${TOKEN}&open=trace`);
  });
});
