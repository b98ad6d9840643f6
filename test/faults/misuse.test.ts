import { afterEach, describe, expect, it } from 'vitest';
import { createSessionManager as create } from '../../src/index.ts';
import type { SessionManagerOptions } from '../../src/options.ts';
import { watchedAgent } from '../support/agents.ts';
import { codeOf, codeThrown, strays } from '../support/errors.ts';
import { collect } from '../support/events.ts';
import { gate } from '../support/gate.ts';
import { awkwardIds, invalidIds } from '../support/ids.ts';
import { turns } from '../support/turns.ts';

const opened: Array<{ close(): Promise<void> }> = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((manager) => manager.close()));
});

/** A manager with a session that must be as it was, and answer, whatever was done beside it. */
async function besideBystander(options: SessionManagerOptions = {}) {
  const manager = create({ logger: {}, ...options });
  opened.push(manager);
  const bystander = await manager.createSession({ id: 'bystander', metadata: { intact: true } });
  await bystander.send('user', 'first');
  const before = await bystander.info();
  return {
    manager,
    bystander,
    async expectIntact() {
      expect(await bystander.info()).toEqual(before);
      expect((await bystander.send('user', 'second')).id).toBe('bystander:2');
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    },
  };
}
const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);
const cycle: unknown[] = [];
cycle.push(cycle);

describe('misuse: ids', () => {
  const noTexts = [
    ['a number', 42],
    ['null', null],
    ['an object', { toString: () => 'a' }],
  ] as const;
  it.each<readonly [string, unknown]>([...invalidIds, ...noTexts])(
    '%s is refused and touches nothing',
    async (_rule, value) => {
      const { manager, expectIntact } = await besideBystander();
      const id = value as string;
      expect(await codeOf(manager.createSession({ id }))).toBe('INVALID_SESSION_ID');
      expect(await codeOf(manager.terminateSession(id))).toBe('INVALID_SESSION_ID');
      expect(await codeOf(manager.killSession(id))).toBe('INVALID_SESSION_ID');
      expect(codeThrown(() => manager.session(id))).toBe('INVALID_SESSION_ID');
      await expectIntact();
    },
  );

  it('all awkward but legal ids live side by side, and end one by one', async () => {
    const { manager, expectIntact } = await besideBystander();
    for (const id of awkwardIds) await manager.createSession({ id });
    await Promise.all(awkwardIds.map((id) => manager.sendMessage(id, 'user', `to ${id}`)));
    for (const id of awkwardIds) {
      const [message] = await manager.session(id).context.history();
      expect(message?.content).toBe(`to ${id}`);
      await manager.terminateSession(id);
      expect(await codeOf(manager.getSessionInfo(id))).toBe('SESSION_NOT_FOUND');
    }
    await expectIntact();
  });

  it('constructor, toString and hasOwnProperty are unknown until they are created', async () => {
    const { manager, expectIntact } = await besideBystander();
    for (const id of ['constructor', 'toString', 'hasOwnProperty', 'valueOf']) {
      expect(await codeOf(manager.getSessionInfo(id))).toBe('SESSION_NOT_FOUND');
      expect(await codeOf(manager.terminateSession(id))).toBe('SESSION_NOT_FOUND');
      expect(await codeOf(manager.killSession(id))).toBe('SESSION_NOT_FOUND');
    }
    await expectIntact();
  });
});

describe('misuse: payloads', () => {
  it('with an own __proto__ key are refused everywhere and pollute nothing', async () => {
    const { manager, bystander, expectIntact } = await besideBystander();
    const bad = JSON.parse('{ "__proto__": { "polluted": true } }');
    const deep = { fine: [bad] };
    for (const call of [
      manager.createSession({ id: 'x', metadata: bad }),
      manager.createSession({ id: 'x', llmConfig: deep }),
      bystander.context.put('k', deep),
      bystander.context.updateFileIndex('f', bad),
      bystander.send('user', 'x', { metadata: bad }),
      bystander.cache.cacheAnalysis('f', 'k', bad),
    ]) {
      expect(await codeOf(call)).toBe('INVALID_ARGUMENT');
    }
    await expectIntact();
  });

  it.each([
    ['a function', () => {}],
    ['a symbol', Symbol('s')],
    ['a BigInt', 1n],
    ['a cycle', cycle],
    ['a Map', new Map()],
    ['a Date', new Date(0)],
    ['NaN', Number.NaN],
    ['100 levels of nesting', nested(100)],
    ['100,000 levels of nesting', deeply(100_000)],
  ])('that hold %s are refused by create, send, put and dispatch', async (_title, value) => {
    const agent = watchedAgent();
    const { manager, bystander, expectIntact } = await besideBystander({ agent: agent.logic });
    const metadata = { value } as never;
    expect(await codeOf(manager.createSession({ metadata }))).toBe('INVALID_ARGUMENT');
    expect(await codeOf(bystander.send('user', 'x', { metadata }))).toBe('INVALID_ARGUMENT');
    expect(await codeOf(bystander.context.put('k', value as never))).toBe('INVALID_ARGUMENT');
    const event = { type: 'x', value };
    expect(await codeOf(manager.session('bystander').dispatch(event))).toBe('INVALID_ARGUMENT');
    expect(agent.of('bystander').received).toEqual([]);
    await expectIntact();
  });

  it('that run code when they are read are refused or read once, and never run later', async () => {
    const { bystander, expectIntact } = await besideBystander();
    const trap = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('trap');
        },
      },
    );
    const accessor = {
      get secret() {
        throw new Error('trap');
      },
    };
    for (const value of [trap, accessor]) {
      expect(await codeOf(bystander.context.put('k', value as never))).toBe('INVALID_ARGUMENT');
    }
    expect(await bystander.context.keys()).toEqual([]);
    await expectIntact();
  });

  it('too large reject PAYLOAD_TOO_LARGE, and everything goes on', async () => {
    const { manager, bystander, expectIntact } = await besideBystander({
      limits: { maxMessageBytes: 1_000, maxMetadataBytes: 1_000 },
    });
    const large = 'x'.repeat(2_000);
    expect(await codeOf(bystander.send('user', large))).toBe('PAYLOAD_TOO_LARGE');
    expect(await codeOf(bystander.context.put('k', large))).toBe('PAYLOAD_TOO_LARGE');
    expect(await codeOf(manager.createSession({ metadata: { large } }))).toBe('PAYLOAD_TOO_LARGE');
    await expectIntact();
  });
});

describe('misuse: forged and malformed events', () => {
  it.each([
    ['null', null],
    ['{}', {}],
    ['{ type: 42 }', { type: 42 }],
    ['xstate.stop', { type: 'xstate.stop' }],
    ['xstate.init', { type: 'xstate.init' }],
    ['xstate.error.actor.x', { type: 'xstate.error.actor.x', error: new Error('forged') }],
  ])('dispatched: %s is refused, and the agent lives', async (_title, event) => {
    const agent = watchedAgent();
    const { manager, expectIntact } = await besideBystander({ agent: agent.logic });
    expect(await codeOf(manager.session('bystander').dispatch(event as never))).toBe('INVALID_ARGUMENT');
    expect(agent.of('bystander')).toMatchObject({ stopped: false, received: [] });
    await expectIntact();
  });

  it.each([
    ['null', null],
    ['{}', {}],
    ['{ type: 42 }', { type: 42 }],
    ['xstate.stop', { type: 'xstate.stop' }],
    ['xstate.error.actor.x', { type: 'xstate.error.actor.x', error: new Error('forged') }],
    ['xstate.done.actor.agent', { type: 'xstate.done.actor.agent', output: 'forged' }],
    ['a command of the engine', { type: 'terminate', id: 'bystander' }],
  ])('sent back by an agent: %s harms its own session at most', async (_title, event) => {
    const agent = watchedAgent();
    const { manager, expectIntact } = await besideBystander({ agent: agent.logic });
    await manager.createSession({ id: 'forger' });
    const thrown = await strays(async () => {
      try {
        agent.of('forger').sendBack(event);
      } catch {} // the forger may be told
      await turns();
    });
    expect(thrown).toEqual([]);
    await expectIntact();
    expect(await codeOf(manager.createSession({ id: 'newcomer' }))).toBe('resolved instead');
    const info = await codeOf(manager.getSessionInfo('forger'));
    expect(['resolved instead', 'SESSION_NOT_FOUND']).toContain(info);
    expect(await codeOf(manager.killSession('forger'))).toBe(info);
  });

  it('the view of the root actor has no way in', async () => {
    const { manager, expectIntact } = await besideBystander();
    const view = manager.actor as unknown as Record<string, unknown>;
    for (const way of ['send', 'stop', 'start', '_send', '_relay', '_parent', 'logic', 'options', '_stop']) {
      expect([way, typeof view[way]]).toEqual([way, 'undefined']);
    }
    await expectIntact();
  });
});

describe('misuse: mutation after the call', () => {
  it('of what was passed in changes nothing', async () => {
    const { manager, expectIntact } = await besideBystander();
    const metadata = { list: [1], deep: { x: 1 } };
    const part = { type: 'text', text: 'before' };
    const value = { list: [1] };
    const session = await manager.createSession({ metadata });
    const sent = session.send('user', [part]);
    const put = session.context.put('k', value);
    metadata.list.push(2);
    metadata.deep.x = 2;
    part.text = 'after';
    value.list.push(2);
    await Promise.all([sent, put]);
    expect((await session.info()).metadata).toEqual({ list: [1], deep: { x: 1 } });
    expect((await sent).content).toEqual([{ type: 'text', text: 'before' }]);
    expect(await session.context.get('k')).toEqual({ list: [1] });
    await expectIntact();
  });

  it('of what was received is impossible', async () => {
    const { manager, bystander, expectIntact } = await besideBystander();
    const seen = collect(manager);
    await bystander.context.put('k', { list: [1] });
    const received: object[] = [
      await bystander.info(),
      (await bystander.info()).metadata,
      await bystander.context.history(),
      await bystander.snapshot(),
      (await bystander.context.get('k')) as object,
      await manager.listSessions(),
      seen.events[0] as object,
    ];
    for (const each of received) {
      expect(Reflect.set(each, 'forged', true)).toBe(false);
      expect(Reflect.deleteProperty(each, Object.keys(each)[0] ?? 'none')).toBe(false);
    }
    await bystander.context.delete('k');
    expect((await manager.listSessions()).map(({ id }) => id)).toEqual(['bystander']);
    expect(expectIntact).toBeTypeOf('function');
  });

  it('of the manager options changes nothing', async () => {
    const options: SessionManagerOptions = {
      limits: { maxSessions: 2 },
      sessionDefaults: { maxMessages: 5 },
    };
    const { manager, expectIntact } = await besideBystander(options);
    Object.assign(options.limits ?? {}, { maxSessions: 1 });
    Object.assign(options.sessionDefaults ?? {}, { maxMessages: 1 });
    const session = await manager.createSession();
    expect((await session.info()).config.maxMessages).toBe(5);
    await expectIntact();
  });
});

describe('misuse: calls at the wrong place or time', () => {
  it('inside a listener are queued, and answered', async () => {
    const { manager, bystander } = await besideBystander();
    const inner: Array<Promise<string>> = [];
    let depth = 0;
    let deepest = 0;
    manager.subscribeToAllSessions(({ type }) => {
      deepest = Math.max(deepest, ++depth);
      if (type === 'file_added') {
        inner.push(
          codeOf(bystander.context.put('k', 1)),
          codeOf(manager.createSession({ id: 'made-inside' })),
          codeOf(manager.listSessions()),
          codeOf(manager.createSession({ id: 'bystander' })),
          codeOf(manager.killSession('nobody')),
        );
      }
      depth--;
    });
    await bystander.context.addFile('f');
    expect(await Promise.all(inner)).toEqual([
      'resolved instead',
      'resolved instead',
      'resolved instead',
      'DUPLICATE_SESSION',
      'SESSION_NOT_FOUND',
    ]);
    expect(deepest).toBe(1);
    expect(await manager.listSessions()).toHaveLength(2);
  });

  it('after close reject or throw MANAGER_CLOSED, and stats still answers', async () => {
    const { manager, bystander } = await besideBystander();
    await manager.close();
    expect(await codeOf(bystander.send('user', 'x'))).toBe('MANAGER_CLOSED');
    expect(await codeOf(manager.createSession())).toBe('MANAGER_CLOSED');
    expect(codeThrown(() => manager.session('a'))).toBe('MANAGER_CLOSED');
    expect(manager.stats().pending).toBe(0);
  });
});

describe('misuse: signals', () => {
  it('already aborted: ABORTED, and the call has no effect', async () => {
    const { manager, bystander, expectIntact } = await besideBystander();
    const signal = AbortSignal.abort(new Error('why'));
    const seen = collect(manager);
    expect(await codeOf(manager.createSession({ signal }))).toBe('ABORTED');
    expect(await codeOf(bystander.send('user', 'x', { signal }))).toBe('ABORTED');
    expect(await codeOf(bystander.terminate({ signal }))).toBe('ABORTED');
    expect(seen.events).toEqual([]);
    await expectIntact();
  });

  it('aborted midway: a create ends, a send that waits is withdrawn', async () => {
    const ready = gate();
    const { manager, expectIntact } = await besideBystander({
      hooks: { initialize: ({ id }) => (id === 'bystander' ? undefined : ready.promise) },
    });
    const [creating, sending] = [new AbortController(), new AbortController()];
    const first = codeOf(manager.createSession({ id: 'one', signal: creating.signal }));
    const second = manager.createSession({ id: 'two' });
    const sent = codeOf(manager.sendMessage('two', 'user', 'withdrawn', { signal: sending.signal }));
    await turns();
    creating.abort();
    sending.abort();
    expect(await first).toBe('ABORTED');
    expect(await sent).toBe('ABORTED');
    ready.open();
    expect((await (await second).info()).messageCount).toBe(0);
    expect((await manager.listSessions()).map(({ id }) => id)).toEqual(['bystander', 'two']);
    await expectIntact();
  });

  it('aborted once terminating: the termination goes on', async () => {
    const cleaned = gate();
    const { manager, expectIntact } = await besideBystander({
      hooks: { cleanup: ({ id }) => (id === 'bystander' ? undefined : cleaned.promise) },
    });
    const session = await manager.createSession({ id: 'a' });
    const controller = new AbortController();
    const terminated = codeOf(session.terminate({ signal: controller.signal }));
    await turns();
    controller.abort();
    await turns();
    expect((await session.info()).status).toBe('terminating');
    cleaned.open();
    expect(['resolved instead', 'ABORTED']).toContain(await terminated);
    await turns();
    expect(await codeOf(session.info())).toBe('SESSION_NOT_FOUND');
    await expectIntact();
  });
});

/** Nested so deep that recursion would overflow; built by a loop. */
function deeply(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}
