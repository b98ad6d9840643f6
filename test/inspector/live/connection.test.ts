import { describe, expect, it } from 'vitest';
import type { InspectorMessage } from '../../../src/inspect/index.ts';
import {
  Connection,
  type Socket,
  waitBefore,
} from '../../../visualizations/inspector/src/live/connection.ts';

const hello = { type: 'hello', allow: [], redacted: [], now: 0 };

class FakeSocket implements Socket {
  readonly protocols: readonly string[];
  readonly sent: string[] = [];
  isClosed = false;
  onopen: Socket['onopen'] = null;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;

  constructor(protocols: readonly string[]) {
    this.protocols = protocols;
  }
  send(text: unknown): void {
    this.sent.push(String(text));
  }
  close(): void {
    this.isClosed = true;
  }
  opens(): void {
    this.onopen?.call(this as unknown as WebSocket, {} as Event);
  }
  says(message: unknown): void {
    const data = typeof message === 'string' ? message : JSON.stringify(message);
    this.onmessage?.call(this as unknown as WebSocket, { data } as MessageEvent);
  }
  breaks(code = 1006, reason = ''): void {
    this.onclose?.call(this as unknown as WebSocket, { code, reason } as CloseEvent);
  }
}

function world({ serves = false } = {}) {
  const sockets: FakeSocket[] = [];
  const heard: InspectorMessage[] = [];
  const timers = new Map<number, { at: number; run: () => void }>();
  let now = 0;
  let count = 0;
  const connection = new Connection(
    'secret',
    {
      open(protocols) {
        const socket = new FakeSocket(protocols);
        sockets.push(socket);
        return socket;
      },
      now: () => now,
      after(ms, run) {
        count += 1;
        timers.set(count, { at: now + ms, run });
        return count;
      },
      cancel: (timer) => timers.delete(timer),
      random: () => 1,
      serves: async () => serves,
    },
    (message) => heard.push(message),
  );
  const advance = (ms: number) => {
    const end = now + ms;
    for (;;) {
      const due = [...timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      timers.delete(due[0]);
      now = due[1].at;
      due[1].run();
    }
    now = end;
  };
  const last = () => sockets.at(-1) as FakeSocket;
  const goLive = () => {
    connection.open();
    last().opens();
    last().says(hello);
  };
  return { connection, sockets, heard, timers, advance, last, goLive };
}

describe('the wait before the next try', () => {
  it('doubles up to ten seconds, and is spread by a quarter', () => {
    expect([0, 1, 2, 5, 50].map((attempt) => waitBefore(attempt, 1))).toEqual([
      500, 1000, 2000, 10000, 10000,
    ]);
    expect(waitBefore(1, 0)).toBe(750);
  });
});

describe('a connection', () => {
  it('names its protocol and its token, and is live with the greeting', () => {
    const { connection, last, heard } = world();
    connection.open();
    expect(last().protocols).toEqual(['chartroom-inspector.v1', 'token.secret']);
    last().opens();
    expect(connection.state.value.is).toBe('connecting');
    last().says(hello);
    expect(connection.state.value.is).toBe('live');
    expect(heard).toEqual([hello]);
  });

  it('sends while it is live, and says when it is not', () => {
    const { connection, last, goLive } = world();
    expect(connection.send({ type: 'leave', subject: 'engine' })).toBe(false);
    goLive();
    expect(connection.send({ type: 'look', subject: 'engine' })).toBe(true);
    expect(last().sent).toEqual(['{"type":"look","subject":"engine"}']);
    last().breaks();
    expect(connection.send({ type: 'look', subject: 'engine' })).toBe(false);
  });

  it('that breaks is lost since then, and tried again ever more slowly until it is back', () => {
    const { connection, sockets, last, goLive, advance } = world();
    goLive();
    advance(100);
    last().breaks();
    expect(connection.state.value).toEqual({ is: 'lost', since: 100, nextTryAt: 600, otherToken: false });
    advance(500);
    expect(sockets).toHaveLength(2);
    last().breaks();
    expect(connection.state.value).toMatchObject({ is: 'lost', since: 100, nextTryAt: 1600 });
    advance(1000);
    last().says(hello);
    expect(connection.state.value.is).toBe('live');
    advance(10);
    last().breaks();
    expect(connection.state.value).toMatchObject({ since: 1610, nextTryAt: 2110 });
  });

  it('that never was is refused, not lost', () => {
    const { connection, last } = world();
    connection.open();
    last().breaks();
    expect(connection.state.value).toMatchObject({ is: 'refused', since: 0, otherToken: false });
  });

  it('that is refused by a program that serves its page has another token', async () => {
    const { connection, last, advance } = world({ serves: true });
    connection.open();
    last().breaks();
    await Promise.resolve();
    await Promise.resolve();
    expect(connection.state.value).toMatchObject({ is: 'refused', otherToken: true });
    advance(500);
    last().breaks();
    // While it is asked anew, the words stay.
    expect(connection.state.value).toMatchObject({ otherToken: true, nextTryAt: 1500 });
  });

  it('that was opened and then broke has no other token', async () => {
    const { connection, last, goLive } = world({ serves: true });
    goLive();
    last().breaks(1001);
    await Promise.resolve();
    await Promise.resolve();
    expect(connection.state.value).toMatchObject({ is: 'lost', otherToken: false });
  });

  it('is tried at once when somebody asks for it, and only once at a time', () => {
    const { connection, sockets, last, goLive, timers } = world();
    goLive();
    last().breaks();
    connection.open();
    connection.open();
    expect(sockets).toHaveLength(2);
    last().says(hello);
    expect([...timers.values()]).toHaveLength(1);
  });

  it('whose engine has closed says so, and looks for the next one', () => {
    const { connection, sockets, last, goLive, advance } = world();
    goLive();
    last().says({ type: 'closed', message: 'The manager has closed.' });
    expect(connection.state.value).toEqual({ is: 'closed', message: 'The manager has closed.' });
    expect(last().isClosed).toBe(true);
    last().breaks(1000);
    expect(connection.state.value.is).toBe('closed');
    advance(500);
    expect(sockets).toHaveLength(2);
    last().breaks();
    expect(connection.state.value.is).toBe('lost');
  });

  it('to another version is closed for good', () => {
    const { connection, sockets, last, advance } = world();
    connection.open();
    last().breaks(1002, 'speaks v2');
    expect(connection.state.value).toMatchObject({ is: 'closed' });
    expect(JSON.stringify(connection.state.value)).toContain('reload this page. speaks v2');
    advance(100_000);
    connection.open();
    expect(sockets).toHaveLength(1);
  });

  it('on which nothing comes for fifteen seconds is given up', () => {
    const { connection, last, goLive, advance } = world();
    goLive();
    advance(14_000);
    last().says({ type: 'refused', message: 'odd' });
    advance(14_000);
    expect(connection.state.value.is).toBe('live');
    advance(1000);
    expect(connection.state.value.is).toBe('lost');
  });

  it('that does not open in eight seconds is given up', () => {
    const { connection, last, advance } = world();
    connection.open();
    const first = last();
    advance(8000);
    expect(first.isClosed).toBe(true);
    expect(connection.state.value.is).toBe('refused');
    // What it says too late is nobody's.
    first.says(hello);
    expect(connection.state.value.is).toBe('refused');
  });

  it('passes over what is no message', () => {
    const { last, goLive, heard } = world();
    goLive();
    for (const odd of ['', '{', 'null', '7', '[]', '"hello"', '{}', '{"type":"pulse"}']) last().says(odd);
    expect(heard).toEqual([hello]);
  });
});
