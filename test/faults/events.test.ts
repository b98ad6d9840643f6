import { afterEach, describe, expect, it } from 'vitest';
import type { SessionEvent } from '../../src/events/types.ts';
import { createSessionManager as create } from '../../src/index.ts';
import type { SessionManagerOptions } from '../../src/options.ts';
import { codeThrown, strays } from '../support/errors.ts';
import { collect, drain, seqs } from '../support/events.ts';
import { atRest } from '../support/leaks.ts';
import { rejectingListener, throwingListener } from '../support/listeners.ts';
import { turns } from '../support/turns.ts';

const opened: Array<{ close(): Promise<void> }> = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((manager) => manager.close()));
});
function createSessionManager(options?: SessionManagerOptions) {
  const manager = create(options);
  opened.push(manager);
  return manager;
}

describe('event faults: subscribing during delivery', () => {
  it('a newcomer hears from the next event on, whoever added it', async () => {
    const manager = createSessionManager();
    const session = await manager.createSession({ id: 'a' });
    const heard: string[] = [];
    let added = false;
    manager.subscribeToAllSessions(() => {
      if (added) return;
      added = true;
      manager.subscribeToAllSessions(({ type }) => heard.push(`all ${type}`));
      manager.subscribeToSession('a', ({ type }) => heard.push(`one ${type}`));
    });
    await session.send('user', 'x');
    expect(heard).toEqual([]);
    await session.context.put('k', 1);
    expect(heard).toEqual(['all working_context_updated', 'one working_context_updated']);
  });

  it('listeners that unsubscribe themselves skip nobody', async () => {
    const manager = createSessionManager();
    const session = await manager.createSession();
    const heard: number[] = [];
    for (let i = 0; i < 10; i++) {
      const stop = manager.subscribeToAllSessions(() => {
        heard.push(i);
        stop();
      });
    }
    await session.send('user', '1');
    await session.send('user', '2');
    expect(heard).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(manager.stats().listeners).toBe(0);
  });

  it('a listener that adds itself again each time does not loop', async () => {
    const manager = createSessionManager();
    const session = await manager.createSession();
    let calls = 0;
    const listener = () => {
      calls++;
      stop();
      stop = manager.subscribeToAllSessions(listener);
    };
    let stop = manager.subscribeToAllSessions(listener);
    await session.send('user', '1');
    await session.send('user', '2');
    expect(calls).toBe(2);
    expect(manager.stats().listeners).toBe(1);
  });

  it('everybody who unsubscribes everybody leaves no listener behind', async () => {
    const manager = createSessionManager();
    const session = await manager.createSession();
    const stops: Array<() => void> = [];
    let calls = 0;
    for (let i = 0; i < 5; i++) {
      stops.push(
        manager.subscribeToAllSessions(() => {
          calls++;
          for (const stop of stops) stop();
        }),
      );
    }
    await session.send('user', '1');
    await session.send('user', '2');
    expect(calls).toBeGreaterThanOrEqual(1);
    expect(calls).toBeLessThanOrEqual(5);
    expect(manager.stats().listeners).toBe(0);
  });
});

describe('event faults: nested publishing', () => {
  it('gives everybody the same order, whatever the listeners call', async () => {
    const manager = createSessionManager();
    const session = await manager.createSession();
    const logs: number[][] = [[], [], []];
    for (const [i, log] of logs.entries()) {
      let budget = 4;
      manager.subscribeToAllSessions(({ seq }) => {
        log.push(seq);
        if (budget-- > 0) {
          void session.context.put(`k${i}`, budget);
          void session.send('assistant', `${i} ${budget}`);
        }
      });
    }
    await session.send('user', 'start');
    await turns();
    expect(logs[0]).toHaveLength(1 + 3 * 4 * 2);
    expect(logs[0]).toEqual([...(logs[0] ?? [])].sort((a, b) => a - b));
    expect(logs[1]).toEqual(logs[0]);
    expect(logs[2]).toEqual(logs[0]);
  });

  it('of a listener that throws each time still reaches everybody in order', async () => {
    const manager = createSessionManager({ logger: {} });
    const [throwing, rejecting] = [throwingListener(), rejectingListener()];
    manager.subscribeToAllSessions(throwing.listener);
    const before = collect(manager);
    manager.subscribeToAllSessions(rejecting.listener);
    const after = collect(manager);
    const thrown = await strays(async () => {
      const session = await manager.createSession();
      await Promise.all(Array.from({ length: 20 }, (_, i) => session.send('user', `${i}`)));
      await session.terminate();
    });
    expect(thrown).toEqual([]);
    expect(before.events).toHaveLength(25);
    expect(seqs(after.events)).toEqual(seqs(before.events));
    expect([throwing.calls, rejecting.calls]).toEqual([25, 25]);
  });

  it('a listener that terminates the session at its first event sees the whole life', async () => {
    const manager = createSessionManager();
    const seen = collect(manager);
    manager.subscribeToAllSessions(
      ({ sessionId, status }) => {
        if (status === 'active') void manager.terminateSession(sessionId);
      },
      { types: ['session_status'] },
    );
    const session = await manager.createSession();
    await turns();
    expect(seen.steps()).toEqual([
      'session_created',
      'initializing→active',
      'active→terminating',
      'terminating→terminated',
      'session_terminated',
    ]);
    expect(session.id).toBeTypeOf('string');
  });
});

describe('event faults: a slow stream', () => {
  it('holds no more than its buffer and reports what it dropped, run by run', async () => {
    const manager = createSessionManager();
    const session = await manager.createSession();
    const seen = collect(manager);
    const stream = manager.events({ buffer: 10 });
    const read: SessionEvent[] = [];
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 100; i++) await session.context.put('k', i);
      for (let i = 0; i < 5; i++) {
        const next = await stream.next();
        if (!next.done) read.push(next.value);
      }
    }
    await stream.return?.();
    const gaps = read.filter((event) => event.type === 'gap');
    expect(gaps.length).toBeGreaterThanOrEqual(3);
    // What was read and what the gaps cover is everything up to the last event read, each seq once.
    const covered = (seq: number) => gaps.some(({ from, to }) => from <= seq && seq <= to);
    const delivered = new Set(read.filter(({ type }) => type !== 'gap').map(({ seq }) => seq));
    const last = read.at(-1)?.seq ?? Number.NaN;
    for (const { seq } of seen.events) {
      if (seq > last) break;
      expect([seq, delivered.has(seq) !== covered(seq)]).toEqual([seq, true]);
    }
  });

  it('slows neither the calls nor a fast stream, and is bounded under a flood', async () => {
    const manager = createSessionManager();
    const session = await manager.createSession();
    const slow = manager.events({ buffer: 3 });
    const fast = drain(manager.events({ types: ['session_terminated'] }), 1);
    for (let i = 0; i < 2_000; i++) await session.context.put('k', i);
    await session.terminate();
    expect(await fast).toHaveLength(1);
    const left: SessionEvent[] = [];
    for await (const event of slow) {
      left.push(event);
      if (event.type === 'session_terminated') break;
    }
    expect(left.length).toBeLessThanOrEqual(4);
    expect(left[0]?.type).toBe('gap');
  });

  it('with overflow error ends in OVERLOADED and harms no other', async () => {
    const manager = createSessionManager();
    const session = await manager.createSession();
    const [strict, lax] = [manager.events({ buffer: 2, overflow: 'error' }), manager.events()];
    for (let i = 0; i < 10; i++) await session.context.put('k', i);
    await expect(drain(strict)).rejects.toMatchObject({ code: 'OVERLOADED' });
    expect(await drain(lax, 10)).toHaveLength(10);
    expect(manager.stats().streams).toBe(0);
  });
});

describe('event faults: leaving', () => {
  it('break, return and throw out of a stream bring the count of listeners back to zero', async () => {
    const manager = createSessionManager();
    const session = await manager.createSession();
    const exits: Array<(stream: AsyncIterableIterator<SessionEvent>) => Promise<void>> = [
      async (stream) => {
        for await (const _event of stream) break;
      },
      async (stream) => {
        for await (const _event of stream) return;
      },
      async (stream) => {
        for await (const _event of stream) throw new Error('left');
      },
      async (stream) => void (await stream.return?.()),
    ];
    for (const leave of exits) {
      const stream = manager.events();
      expect(manager.stats().streams).toBe(1);
      await session.context.put('k', 1);
      await leave(stream).catch(() => {});
      expect(manager.stats()).toMatchObject({ streams: 0, listeners: 0 });
    }
  });

  it('a stream that nobody ever read and nobody left is freed by close', async () => {
    const manager = createSessionManager();
    manager.events();
    manager.session('a').events();
    await manager.close();
    expect(manager.stats()).toMatchObject(atRest());
  });

  it('subscribing after close throws MANAGER_CLOSED and adds nothing', async () => {
    const manager = createSessionManager();
    await manager.close();
    expect(codeThrown(() => manager.subscribeToAllSessions(() => {}))).toBe('MANAGER_CLOSED');
    expect(codeThrown(() => manager.subscribeToSession('a', () => {}))).toBe('MANAGER_CLOSED');
    expect(codeThrown(() => manager.events())).toBe('MANAGER_CLOSED');
    expect(manager.stats()).toMatchObject({ listeners: 0, streams: 0 });
  });

  it('closing inside a listener ends the delivery in order and leaves nothing', async () => {
    const manager = createSessionManager();
    const session = await manager.createSession();
    let closed: Promise<void> | undefined;
    manager.subscribeToAllSessions(() => {
      closed ??= manager.close();
    });
    const after = collect(manager);
    await session.send('user', 'x').catch(() => {});
    await closed;
    expect(after.events.length).toBeLessThanOrEqual(1);
    expect(manager.stats()).toMatchObject(atRest({ sessions: false }));
  });
});
