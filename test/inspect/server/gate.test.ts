import { describe, expect, it } from 'vitest';
import { chooseProtocol, Gate } from '../../../src/inspect/server/gate.ts';
import { feedTokenOf } from '../../../src/inspect/server/token.ts';

const TOKEN = 'the-token-of-this-test';
const ORIGIN = 'http://localhost:5173';
const gate = new Gate({
  token: TOKEN,
  hosts: new Set(['localhost', '127.0.0.1', '[::1]']),
  allowOrigin: [ORIGIN],
});
const asViewer = (entries: string | undefined) =>
  gate.refusesViewer(entries === undefined ? {} : { 'sec-websocket-protocol': entries })?.status;

describe('a Host', () => {
  it.each(['localhost:4040', 'LOCALHOST', '127.0.0.1:4040', '127.0.0.1', '[::1]:4040', 'localhost:1'])(
    '%s is let in',
    (host) => expect(gate.refusesHost({ host })).toBe(undefined),
  );

  it.each([
    undefined,
    '',
    'evil.example',
    'evil.example:4040',
    'localhost.evil.example',
    'evil.example#localhost',
    'user@localhost',
    'localhost:4040:1',
    'localhost:123456',
    'localhost.',
    '0.0.0.0:4040',
    '2130706433',
    "localhost' *",
    'localhost localhost',
  ])('%s is refused with 403, as DNS rebinding would have it', (host) => {
    expect(gate.refusesHost(host === undefined ? {} : { host })?.status).toBe(403);
  });
});

describe('an Origin', () => {
  const host = '127.0.0.1:4040';
  it.each([[undefined], ['http://127.0.0.1:4040'], [ORIGIN]])('%s is let in', (origin) => {
    expect(gate.refusesOrigin(origin === undefined ? { host } : { host, origin })).toBe(undefined);
  });

  it.each([
    'http://evil.example',
    'null',
    '',
    'http://127.0.0.1:5173',
    'https://127.0.0.1:4040',
    'http://localhost:4040',
    'http://localhost:51730',
    'http://localhost:5173/',
  ])('%s is refused with 403', (origin) => {
    expect(gate.refusesOrigin({ host, origin })?.status).toBe(403);
  });
});

describe('a token', () => {
  it('lets a viewer in as an entry of the subprotocols', () => {
    expect(asViewer(`chartroom-inspector.v1, token.${TOKEN}`)).toBe(undefined);
    expect(asViewer(`token.${TOKEN},chartroom-inspector.v1`)).toBe(undefined);
  });

  it.each([
    [undefined],
    [''],
    ['chartroom-inspector.v1'],
    ['chartroom-inspector.v1, token.'],
    ['chartroom-inspector.v1, token.wrong'],
    [`chartroom-inspector.v1, ${TOKEN}`],
    [`chartroom-inspector.v1, token.${TOKEN.slice(0, -1)}`],
    [`chartroom-inspector.v1, token.${TOKEN}x`],
    [`chartroom-inspector.v1, token.${feedTokenOf(TOKEN)}`],
    [`chartroom-inspector.v1, token.wrong, token.${TOKEN}`],
  ])('is missing or wrong in %j: 401', (entries) => {
    expect(asViewer(entries)).toBe(401);
  });

  it('alone is no protocol: 400', () => {
    expect(asViewer(`token.${TOKEN}`)).toBe(400);
  });

  it('of a feed lets a feed in, and the other one does not', () => {
    const asFeed = (query: string) => gate.refusesFeed(new URLSearchParams(query))?.status;
    expect(asFeed(`token=${feedTokenOf(TOKEN)}`)).toBe(undefined);
    for (const query of ['', 'token=', `token=${TOKEN}`, `Token=${feedTokenOf(TOKEN)}`])
      expect(asFeed(query)).toBe(401);
  });

  it('lets a plain request in as a bearer', () => {
    expect(gate.refusesBearer({ authorization: `Bearer ${TOKEN}` })).toBe(undefined);
    for (const authorization of ['', TOKEN, `Bearer ${TOKEN} x`, `Basic ${TOKEN}`, 'Bearer '])
      expect(gate.refusesBearer({ authorization })?.status).toBe(401);
    expect(gate.refusesBearer({})?.status).toBe(401);
  });
});

describe('the protocol', () => {
  it('is the one that is spoken, and never the token', () => {
    expect(chooseProtocol(new Set(['a', `token.${TOKEN}`, 'chartroom-inspector.v1']))).toBe(
      'chartroom-inspector.v1',
    );
    expect(chooseProtocol([`token.${TOKEN}`])).toBe(false);
  });

  it('is taken up in another version too, to be refused in words', () => {
    expect(chooseProtocol(['token.a', 'other', 'chartroom-inspector.v2'])).toBe('chartroom-inspector.v2');
    expect(chooseProtocol(['token.a', 'other'])).toBe('other');
  });
});
