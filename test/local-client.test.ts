import { describe, expect, it } from 'vitest';
import { closedError } from '../src/admission.ts';
import type { SessionClient } from '../src/client.ts';
import { codeOf, codeThrown } from './support/errors.ts';
import { thawed } from './support/frozen.ts';
import { write } from './support/journal.ts';
import { slowAppend } from './support/lease.ts';
import { clientOverNotes as setUp } from './support/local-client.ts';
import { stateOf, turns } from './support/turns.ts';

type Call = (client: SessionClient) => Promise<unknown>;
const nothing = () => {};

/** Every call that answers later, and what it asks of which part. */
const calls: Array<[name: string, call: Call, asked: unknown[]]> = [
  ['createSession', (c) => c.createSession({ id: 'x' }), ['create', { id: 'x', config: {} }]],
  [
    'getOrCreateSession',
    (c) => c.getOrCreateSession('x', { metadata: {} }),
    ['get or create', { id: 'x', metadata: {}, config: {} }],
  ],
  ['terminateSession', (c) => c.terminateSession('a'), ['terminate', 'a', 'normal', 5000]],
  ['killSession', (c) => c.killSession('a', 'enough'), ['kill', 'a', 'enough']],
  [
    'sendMessage',
    (c) => c.sendMessage('a', 'user', 'hello', { metadata: {} }),
    ['send', 'a', ['user', 'hello', { metadata: {} }], undefined],
  ],
  ['saveSession', (c) => c.saveSession('a'), ['save', expect.objectContaining({ slot: -1 })]],
  ['restoreSession', (c) => c.restoreSession('x'), ['restore', 'x']],
  ['listSavedSessions', (c) => c.listSavedSessions(), ['list saved']],
  ['deleteSavedSession', (c) => c.deleteSavedSession('x'), ['delete saved', 'x']],
];
const looks: Array<[name: string, call: Call, result: unknown]> = [
  [
    'getSessionInfo',
    (c) => c.getSessionInfo('b'),
    expect.objectContaining({ id: 'b', status: 'initializing' }),
  ],
  [
    'listSessions',
    (c) => c.listSessions(),
    [expect.objectContaining({ id: 'a' }), expect.objectContaining({ id: 'b' })],
  ],
];

describe('a call', () => {
  it.each(calls)('%s waits to be let in, and asks what it must', async (_name, call, expected) => {
    const { client, admission, asked } = setUp();
    const pending = call(client);
    expect(await stateOf(pending)).toBe('pending');
    expect(asked).toEqual([]);
    admission.open();
    await pending;
    expect(asked).toEqual([expected]);
  });

  it.each(looks)('%s waits to be let in, and gives a frozen copy', async (_name, call, expected) => {
    const { client, admission } = setUp();
    const pending = call(client);
    expect(await stateOf(pending)).toBe('pending');
    admission.open();
    const result = await pending;
    expect(result).toEqual(expected);
    expect(thawed(result)).toBeUndefined();
  });

  const wrong: Array<[name: string, call: Call, code: string]> = [
    ...(
      [
        ['getOrCreateSession', (c, id) => c.getOrCreateSession(id)],
        ['terminateSession', (c, id) => c.terminateSession(id)],
        ['killSession', (c, id) => c.killSession(id)],
        ['getSessionInfo', (c, id) => c.getSessionInfo(id)],
        ['saveSession', (c, id) => c.saveSession(id)],
        ['restoreSession', (c, id) => c.restoreSession(id)],
        ['deleteSavedSession', (c, id) => c.deleteSavedSession(id)],
      ] as Array<[string, (client: SessionClient, id: string) => Promise<unknown>]>
    ).map(([name, call]): [string, Call, string] => [name, (c) => call(c, '../x'), 'INVALID_SESSION_ID']),
    ['createSession', (c) => c.createSession(null as never), 'INVALID_ARGUMENT'],
    ['getOrCreateSession', (c) => c.getOrCreateSession('x', [] as never), 'INVALID_ARGUMENT'],
    ['terminateSession', (c) => c.terminateSession('a', null as never), 'INVALID_ARGUMENT'],
    ['terminateSession', (c) => c.terminateSession('a', { reason: '' }), 'INVALID_ARGUMENT'],
    ['terminateSession', (c) => c.terminateSession('a', { timeoutMs: -1 }), 'INVALID_ARGUMENT'],
    ['terminateSession', (c) => c.terminateSession('a', { signal: {} as never }), 'INVALID_ARGUMENT'],
    ['terminateSession', (c) => c.terminateSession('a', { force: true } as never), 'INVALID_ARGUMENT'],
    ['listSessions', (c) => c.listSessions({ status: 'asleep' as never }), 'INVALID_ARGUMENT'],
    ['listSessions', (c) => c.listSessions({ status: ['idle', 'x' as never] }), 'INVALID_ARGUMENT'],
    ['listSessions', (c) => c.listSessions({ limit: -1 }), 'INVALID_ARGUMENT'],
    ['listSessions', (c) => c.listSessions({ after: 1.5 }), 'INVALID_ARGUMENT'],
    ['listSessions', (c) => c.listSessions({ page: 1 } as never), 'INVALID_ARGUMENT'],
  ];

  it.each(wrong)('%s with a wrong argument is refused without waiting: %#', async (_name, call, code) => {
    const { client, admission, asked } = setUp();
    expect(await codeOf(call(client))).toBe(code);
    expect([admission.pending, asked]).toEqual([0, []]);
  });

  it.each(wrong)(
    '%s on a closed manager is refused as that, whatever its arguments: %#',
    async (_name, call) => {
      const { client, admission, asked } = setUp();
      admission.refuse(closedError);
      expect(await codeOf(call(client))).toBe('MANAGER_CLOSED');
      expect(asked).toEqual([]);
    },
  );

  it('for a session that is not there is refused, and asks nothing', async () => {
    const { client, admission, asked } = setUp();
    admission.open();
    const strangers: Call[] = [
      (c) => c.terminateSession('x'),
      (c) => c.killSession('x'),
      (c) => c.getSessionInfo('x'),
      (c) => c.saveSession('x'),
    ];
    const codes = await Promise.all(strangers.map((call) => codeOf(call(client))));
    expect(codes).toEqual(strangers.map(() => 'SESSION_NOT_FOUND'));
    expect(asked).toEqual([]);
  });
});

describe('creating', () => {
  it('gives a handle of the session that was asked for', async () => {
    const { client, admission } = setUp();
    admission.open();
    const session = await client.createSession();
    expect([session.id, typeof session[Symbol.asyncDispose]]).toEqual(['generated', 'function']);
  });

  it('or taking what is there gives a plain handle, and says which it was', async () => {
    const { client, admission } = setUp();
    admission.open();
    const { session, created } = await client.getOrCreateSession('x', { id: 'other' });
    expect([session.id, created, Symbol.asyncDispose in session]).toEqual(['x', true, false]);
  });

  it('anew from what was saved gives a plain handle', async () => {
    const { client, admission } = setUp();
    admission.open();
    expect((await client.restoreSession('x')).id).toBe('x');
  });
});

describe('terminating', () => {
  it('passes on the reason and the time that cleanup may take', async () => {
    const { client, admission, asked } = setUp();
    admission.open();
    await client.terminateSession('b', { reason: 'done with it', timeoutMs: 0 });
    expect(asked).toEqual([['terminate', 'b', 'done with it', 0]]);
  });

  it('with a signal that fires while it waits to be let in, or for its turn, takes no effect', async () => {
    const { append, writes } = slowAppend();
    const { client, admission, asked, journal } = setUp({ append });
    const [early, late] = [new AbortController(), new AbortController()];
    const first = codeOf(client.terminateSession('a', { signal: early.signal }));
    const second = codeOf(client.terminateSession('a', { signal: late.signal }));
    early.abort();
    journal.commit('a', write);
    admission.open();
    expect(await first).toBe('ABORTED');
    late.abort();
    writes[0]?.open();
    expect(await second).toBe('ABORTED');
    expect(asked).toEqual([]);
  });

  it('is decided in the turn of the journal, on a session that was there when it was called', async () => {
    const { append, writes } = slowAppend();
    const { client, admission, asked, journal, registry, entries } = setUp({ append });
    admission.open();
    journal.commit('a', write);
    const call = client.terminateSession('a');
    await turns();
    expect(asked).toEqual([]);
    registry.remove(entries.a);
    writes[0]?.open();
    await call;
    expect(asked).toEqual([['terminate', 'a', 'normal', 5000]]);
  });
});

it('listing takes a status or several, a limit and a cursor', async () => {
  const { client, admission } = setUp();
  admission.open();
  const ids = async (filter: Parameters<typeof client.listSessions>[0]) =>
    (await client.listSessions(filter)).map(({ id }) => id);
  expect(await ids({ status: 'initializing' })).toEqual(['a', 'b']);
  expect(await ids({ status: ['active', 'idle'] })).toEqual([]);
  expect(await ids({ limit: 1 })).toEqual(['a']);
  expect(await ids({ limit: 0 })).toEqual([]);
  expect(await ids({ after: 1 })).toEqual(['b']);
});

describe('what answers at once', () => {
  it('goes through to the subscriptions, before calls are let in too', () => {
    const { client, asked } = setUp();
    expect(client.subscribeToSession('a', nothing, { from: 0 })).toBe('unsubscribe');
    expect(client.subscribeToAllSessions(nothing)).toBe('unsubscribe');
    expect(client.events({ sessionId: 'a' })).toBe('a stream');
    expect(asked).toEqual([
      ['subscribe', 'a', nothing, { from: 0 }],
      ['subscribe', undefined, nothing, undefined],
      ['stream', { sessionId: 'a' }],
    ]);
  });

  it('gives a handle of any session, also of one that is not there', () => {
    const { client } = setUp();
    expect(client.session('x').id).toBe('x');
  });

  it('throws on an id that none can have, and once the manager is closed', () => {
    const { client, admission, asked } = setUp();
    const of = (id: string) => [() => client.session(id), () => client.subscribeToSession(id, nothing)];
    expect(of('../x').map(codeThrown)).toEqual(['INVALID_SESSION_ID', 'INVALID_SESSION_ID']);
    admission.refuse(closedError);
    const all = [...of('../x'), () => client.subscribeToAllSessions(nothing), () => client.events()];
    expect(all.map(codeThrown)).toEqual(all.map(() => 'MANAGER_CLOSED'));
    expect(asked).toEqual([]);
  });
});

it('disposing closes', async () => {
  const { client } = setUp();
  await client[Symbol.asyncDispose]();
  expect(client.closed).toBe(1);
});
