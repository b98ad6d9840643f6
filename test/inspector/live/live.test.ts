import { effect } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import type { InspectorMessage, ViewerMessage } from '../../../src/inspect/index.ts';
import type { Socket } from '../../../visualizations/inspector/src/live/connection.ts';
import { Frames } from '../../../visualizations/inspector/src/live/frames.ts';
import { Live } from '../../../visualizations/inspector/src/live/live.ts';
import { fleetRow } from '../fleet/row.ts';

const hello: InspectorMessage = {
  type: 'hello',
  version: '1.0.0',
  allow: ['kill'],
  redacted: [],
  definitions: {},
  now: 5000,
  recording: false,
};
const detail = { actors: [], deadlines: [], tasks: 0, asleep: false };
const nothing = { definitions: {}, bases: {}, entries: [] };

function page() {
  const sent: ViewerMessage[] = [];
  const sockets: Socket[] = [];
  const frames: (() => void)[] = [];
  const live = new Live(
    'secret',
    {
      open() {
        const socket: Socket = {
          send: (text) => sent.push(JSON.parse(String(text))),
          close() {},
          onopen: null,
          onmessage: null,
          onclose: null,
        };
        sockets.push(socket);
        return socket;
      },
      now: () => 0,
      after: () => 0,
      cancel() {},
      random: () => 0,
      serves: async () => false,
    },
    new Frames((run) => frames.push(run)),
  );
  const last = () => sockets.at(-1) as Socket;
  return {
    live,
    sent,
    says: (message: InspectorMessage) =>
      last().onmessage?.call({} as WebSocket, { data: JSON.stringify(message) } as MessageEvent),
    breaks: () => last().onclose?.call({} as WebSocket, { code: 1006, reason: '' } as CloseEvent),
    frames,
    draw: () => frames.shift()?.(),
  };
}

function opened() {
  const world = page();
  world.live.connection.open();
  world.says(hello);
  return world;
}

describe('what the inspector tells', () => {
  it('is drawn once for a thousand messages', () => {
    const { live, says, draw, frames } = opened();
    let drawings = 0;
    effect(() => {
      void live.fleetRevision.value;
      drawings += 1;
    });
    says({ type: 'fleet', reset: true, rows: [fleetRow('a')] });
    for (let n = 1; n <= 1000; n += 1) says({ type: 'fleet', changes: [{ id: 'a', messages: n }] });
    expect([drawings, frames.length]).toEqual([1, 1]);
    draw();
    expect([drawings, live.fleet.get('a')?.messages]).toEqual([2, 1000]);
  });

  it('sets the clock with each pulse', () => {
    const { live, says, draw } = opened();
    expect(live.now.value).toBe(5000);
    const sessions = { initializing: 0, active: 1, idle: 0, terminating: 0, terminated: 0 };
    const stats = { sessions, asleep: 0, pending: 0, listeners: 0, streams: 0, deadlines: 0, journalLag: 0 };
    says({ type: 'pulse', now: 6000, stats, facts: {}, recording: true });
    draw();
    expect([live.now.value, live.recording.value]).toEqual([6000, true]);
  });

  it('may be something newer, which is passed over', () => {
    const { live, says } = opened();
    says({ type: 'horoscope', text: 'good' } as unknown as InspectorMessage);
    expect(live.connection.state.value.is).toBe('live');
  });
});

describe('looking at a session', () => {
  const subject = 'session/a';

  it('is asked for once, and ended when the last has left', () => {
    const { live, sent } = opened();
    const looking = live.look(subject, 'live');
    expect(live.look(subject, 'live')).toBe(looking);
    live.leave(subject);
    expect(sent).toEqual([{ type: 'look', subject }]);
    live.leave(subject);
    expect(sent.at(-1)).toEqual({ type: 'leave', subject });
  });

  it('takes what is told of it, and nothing of others', () => {
    const { live, says, draw } = opened();
    const looking = live.look(subject, 'live');
    says({ type: 'looking', subject, recording: nothing, detail, now: 1, cut: false });
    says({
      type: 'entries',
      subject,
      entries: [{ step: 0, atMs: 1, kind: 'schedule', label: 'mine' }],
    });
    says({
      type: 'entries',
      subject: 'session/b',
      entries: [{ step: 0, atMs: 1, kind: 'schedule', label: 'other' }],
    });
    draw();
    expect(looking.recording.value.entries).toMatchObject([{ label: 'mine' }]);
    says({ type: 'detail', subject, detail: { ...detail, tasks: 3 }, now: 2 });
    draw();
    expect(looking.detail.value?.tasks).toBe(3);
  });

  it('that is refused is missing, unless it comes after all', () => {
    const { live, says, draw } = opened();
    const looking = live.look(subject, 'live');
    says({ type: 'refused', message: 'No such id.' });
    draw();
    expect(looking.state.value).toEqual({ is: 'missing', message: 'No such id.' });
    says({ type: 'looking', subject, recording: nothing, detail, now: 1, cut: false });
    draw();
    expect(looking.state.value).toEqual({ is: 'here' });
    says({ type: 'refused', message: 'Something else.' });
    expect(looking.state.value).toEqual({ is: 'here' });
  });

  it('is asked for again when the line is back', () => {
    const { live, sent, says, breaks } = opened();
    live.look(subject, 'live');
    breaks();
    live.look('engine', 'live');
    expect(sent).toHaveLength(1);
    live.connection.open();
    says(hello);
    expect(sent.slice(1)).toEqual([
      { type: 'look', subject },
      { type: 'look', subject: 'engine' },
    ]);
  });
});

describe('what is asked of the inspector', () => {
  it('is answered', async () => {
    const { live, says } = opened();
    const killed = live.act({ do: 'kill', sessionId: 'a' });
    says({ type: 'answer', request: 1, ok: true });
    await expect(killed).resolves.toBeUndefined();
  });

  it('is lost with the line', async () => {
    const { live, breaks } = opened();
    const killed = live.act({ do: 'kill', sessionId: 'a' });
    breaks();
    await expect(killed).rejects.toMatchObject({ code: 'LOST' });
  });
});
