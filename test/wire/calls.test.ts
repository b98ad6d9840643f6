import { describe, expect, it } from 'vitest';
import { SessionError } from '../../src/errors.ts';
import { Calls } from '../../src/wire/calls.ts';
import { toFailure } from '../../src/wire/failure.ts';
import type { Port } from '../../src/wire/port.ts';
import { codeOf, failureOf } from '../support/errors.ts';
import { stateOf } from '../support/turns.ts';

interface Posted {
  type: string;
  call: number;
  op?: string;
}

/** Calls, and lines that keep what is posted to them. */
function setUp() {
  const calls = new Calls();
  const line = () => {
    const posted: Posted[] = [];
    const port: Port = { onMessage: undefined, post: (message) => posted.push(message as Posted) };
    return { port, posted, ops: () => posted.map(({ type, op }) => op ?? type) };
  };
  const attached = () => {
    const to = line();
    calls.attach(to.port);
    return to;
  };
  return { calls, line, attached };
}

const closed = toFailure(new SessionError('MANAGER_CLOSED', 'closed'));
const ended = () => new SessionError('MANAGER_CLOSED', 'ended');
const send = (calls: Calls, key?: string) =>
  calls.ask('sendMessage', ['a', 'user', 'x', key === undefined ? undefined : { idempotencyKey: key }]);

describe('a call', () => {
  it('is posted at once while a line is up, with its arguments', () => {
    const { calls, attached } = setUp();
    const { posted } = attached();
    void calls.ask('get', ['a', 'key']);
    expect(posted).toEqual([{ type: 'call', call: 1, op: 'get', args: ['a', 'key'] }]);
  });

  it('waits for a line, in order, and with the arguments it was made with', () => {
    const { calls, attached } = setUp();
    const value = { n: 1 };
    void calls.ask('put', ['a', 'k', value]);
    void calls.ask('keys', ['a']);
    value.n = 2;
    const { posted, ops } = attached();
    expect(ops()).toEqual(['put', 'keys']);
    expect(posted[0]).toMatchObject({ args: ['a', 'k', { n: 1 }] });
  });

  it('settles with what comes back, deeply frozen', async () => {
    const { calls, attached } = setUp();
    attached();
    const got = calls.ask('get', ['a', 'k']);
    calls.value(1, { deep: [1] });
    const value = (await got) as { deep: number[] };
    expect(value).toEqual({ deep: [1] });
    expect([Object.isFrozen(value), Object.isFrozen(value.deep)]).toEqual([true, true]);
    expect(calls.pending).toBe(0);
  });

  it('rejects with the error that comes back', async () => {
    const { calls, attached } = setUp();
    attached();
    const got = failureOf(calls.ask('get', ['a', 'k']));
    calls.error(1, toFailure(new SessionError('SESSION_NOT_FOUND', 'who', { sessionId: 'a' })));
    expect(await got).toMatchObject({ code: 'SESSION_NOT_FOUND', message: 'who', sessionId: 'a' });
  });

  it('hears nothing of answers to nobody', () => {
    const { calls } = setUp();
    calls.value(7, 1);
    calls.error(7, closed);
    calls.refused(7);
    expect(calls.pending).toBe(0);
  });
});

describe('when the line breaks', () => {
  it('a read, and a message with a key, are asked again of the next one, before what was asked later', () => {
    const { calls, attached } = setUp();
    attached();
    void calls.ask('history', ['a']);
    void send(calls, 'k');
    calls.detach();
    void calls.ask('keys', ['a']);
    expect(attached().ops()).toEqual(['history', 'sendMessage', 'keys']);
  });

  it.each([
    ['createSession', [{ id: 'a' }]],
    ['getOrCreateSession', ['a']],
    ['put', ['a', 'k', 1]],
    ['dispatch', ['a', { type: 'x' }]],
    ['terminateSession', ['a']],
    ['sendMessage', ['a', 'user', 'x']],
    ['sendMessage', ['a', 'user', 'x', { idempotencyKey: 42 }]],
    ['sendMessage', ['a', 'user', { idempotencyKey: 'not among the options' }]],
  ] as const)('%s %j in flight is lost, and says so', async (name, args) => {
    const { calls, attached } = setUp();
    attached();
    const failure = failureOf(calls.ask(name, args));
    calls.detach();
    const error = await failure;
    expect(error).toMatchObject({ code: 'CONNECTION_LOST', details: { call: name } });
    expect(error.message).toMatch(/may or may not have taken effect/);
    expect(attached().ops()).toEqual([]);
  });

  it('a lost message says how it would not have been', async () => {
    const { calls, attached } = setUp();
    attached();
    const failure = failureOf(send(calls));
    calls.detach();
    expect((await failure).message).toContain('idempotencyKey');
  });

  it('what was not asked yet is not lost, whatever it is', async () => {
    const { calls, attached } = setUp();
    const created = calls.ask('createSession', [{ id: 'a' }]);
    calls.detach();
    expect(await stateOf(created)).toBe('pending');
    expect(attached().ops()).toEqual(['createSession']);
  });

  it('what the far end has not begun is asked of the next one', () => {
    const { calls, attached } = setUp();
    attached();
    void calls.ask('createSession', [{ id: 'a' }]);
    calls.refused(1);
    calls.detach();
    expect(attached().ops()).toEqual(['createSession']);
  });
});

describe('when the far end has said its last word', () => {
  it('what it has not begun is asked of the next one, and what it has is lost', async () => {
    const { calls, attached } = setUp();
    const line = attached();
    const begun = codeOf(calls.ask('createSession', [{ id: 'a' }]));
    void calls.ask('createSession', [{ id: 'b' }]);
    calls.over([1]);
    void calls.ask('createSession', [{ id: 'c' }]);
    expect(line.posted).toHaveLength(2);
    calls.detach();
    expect(await begun).toBe('CONNECTION_LOST');
    expect(attached().posted).toMatchObject([{ args: [{ id: 'b' }] }, { args: [{ id: 'c' }] }]);
  });

  it('for good, nothing waits for another', async () => {
    const { calls, attached } = setUp();
    attached();
    const code = codeOf(calls.ask('createSession', []));
    calls.end(ended);
    calls.over([]);
    expect(await code).toBe('MANAGER_CLOSED');
  });
});

describe('when the engine at the far end has closed', () => {
  it('a call of one step has not been done, and is asked of the next one', () => {
    const { calls, attached } = setUp();
    attached();
    void calls.ask('put', ['a', 'k', 1]);
    void send(calls);
    calls.error(1, closed);
    calls.error(2, closed);
    calls.detach();
    expect(attached().ops()).toEqual(['put', 'sendMessage']);
  });

  it('a call of several steps is lost', async () => {
    const { calls, attached } = setUp();
    attached();
    const codes = [calls.ask('createSession', []), calls.ask('dispatch', ['a', {}])].map(codeOf);
    calls.error(1, closed);
    calls.error(2, closed);
    expect(await Promise.all(codes)).toEqual(['CONNECTION_LOST', 'CONNECTION_LOST']);
  });

  it('for good, every call fails as the end does', async () => {
    const { calls, attached } = setUp();
    attached();
    const codes = [calls.ask('keys', ['a']), send(calls), calls.ask('createSession', [])].map(codeOf);
    calls.end(ended);
    calls.error(1, closed);
    calls.detach();
    expect(await Promise.all(codes)).toEqual(Array(3).fill('MANAGER_CLOSED'));
    expect(calls.pending).toBe(0);
  });
});

describe('a signal', () => {
  const aborting = () => {
    const controller = new AbortController();
    return { controller, options: { signal: controller.signal } };
  };

  it('that has fired before asks nothing', async () => {
    const { calls, attached } = setUp();
    const { ops } = attached();
    const options = { signal: AbortSignal.abort('why') };
    const error = await failureOf(calls.ask('createSession', [options]));
    expect([error.code, error.cause, ops()]).toEqual(['ABORTED', 'why', []]);
  });

  it('that fires while the call is asked is passed on, and the answer decides', async () => {
    const { calls, attached } = setUp();
    const { posted } = attached();
    const { controller, options } = aborting();
    const failure = failureOf(calls.ask('createSession', [options]));
    controller.abort('the user left');
    expect(posted[1]).toEqual({ type: 'abort', call: 1 });
    calls.error(1, toFailure(new SessionError('ABORTED', 'there')));
    expect(await failure).toMatchObject({ code: 'ABORTED', cause: 'the user left' });
  });

  it('that fires while the call waits for a line ends it', async () => {
    const { calls, attached } = setUp();
    const { controller, options } = aborting();
    const code = codeOf(calls.ask('createSession', [options]));
    controller.abort();
    expect(await code).toBe('ABORTED');
    expect(attached().ops()).toEqual([]);
  });

  it('that fires while a message waits to be asked again cannot say whether it was sent', async () => {
    const { calls, attached } = setUp();
    attached();
    const { controller, options } = aborting();
    const code = codeOf(calls.ask('sendMessage', ['a', 'user', 'x', { ...options, idempotencyKey: 'k' }]));
    calls.detach();
    controller.abort();
    expect(await code).toBe('CONNECTION_LOST');
  });

  it.each([
    ['CONNECTION_LOST', 'the line breaks', 'k', (calls: Calls) => calls.detach()],
    ['ABORTED', 'the far end has not begun it', undefined, (calls: Calls) => calls.refused(1)],
    ['ABORTED', 'the engine there has closed', undefined, (calls: Calls) => calls.error(1, closed)],
  ])('that has fired before is %s when %s: it is not asked again', async (code, _when, key, happen) => {
    const { calls, attached } = setUp();
    const line = attached();
    const stop = new AbortController();
    const options = { signal: stop.signal, ...(key !== undefined && { idempotencyKey: key }) };
    const failed = codeOf(calls.ask('sendMessage', ['a', 'user', 'x', options]));
    stop.abort();
    expect(line.ops()).toEqual(['sendMessage', 'abort']);
    happen(calls);
    expect(await failed).toBe(code);
    expect(attached().ops()).toEqual([]);
  });

  it('is let go of when the call has settled', async () => {
    const { calls, attached } = setUp();
    const { posted } = attached();
    const { controller, options } = aborting();
    const asked = calls.ask('createSession', [options]);
    calls.value(1, {});
    await asked;
    controller.abort();
    expect(posted).toHaveLength(1);
  });
});

it('all that waits can be refused, and what comes later waits again', async () => {
  const { calls, attached } = setUp();
  const refused = codeOf(calls.ask('keys', ['a']));
  calls.refuse(() => new SessionError('STORE_LOCKED', 'locked'));
  expect(await refused).toBe('STORE_LOCKED');
  void calls.ask('history', ['a']);
  expect(attached().ops()).toEqual(['history']);
});
