import { describe, expect, it } from 'vitest';
import type { FleetUpdate } from '../../src/inspect/fleet.ts';
import type { Looked } from '../../src/inspect/looked.ts';
import type { Detail, FleetRow } from '../../src/inspect/protocol.ts';
import { Reel } from '../../src/inspect/reel.ts';
import { type RowSource, type Shown, Viewer } from '../../src/inspect/viewer.ts';
import type { TraceEntry } from '../../src/testing/trace.ts';
import { fakeViewer } from '../support/fake-viewer.ts';

const rowOf = (id: string, messages = 0): FleetRow => ({
  id,
  seq: 1,
  status: 'active',
  asleep: false,
  createdAt: 0,
  since: 0,
  lastActivityAt: 0,
  messages,
  files: 0,
  tasks: 0,
  restarts: 0,
  crashes: 0,
  facts: 0,
});
const idsOf = (count: number) => Array.from({ length: count }, (_, n) => `s${n}`);
const schedule = (label: string): TraceEntry => ({ step: 0, atMs: 0, kind: 'schedule', label });
const change = (part: Partial<FleetUpdate>): FleetUpdate => ({
  rows: [],
  changes: [],
  gone: [],
  hidden: 0,
  ...part,
});

function made(count = 0) {
  const known = new Map(idsOf(count).map((id) => [id, rowOf(id)]));
  const source: RowSource = { rows: () => known.values(), row: (id) => known.get(id), hidden: 0 };
  const fake = fakeViewer();
  return { known, fake, viewer: new Viewer(fake.channel, source) };
}

function shownOf(limit = 10_000) {
  const reel = new Reel({ limit });
  let definitions: Record<string, { id: string }> = { a: { id: 'a' } };
  const detail: Detail = { actors: [], deadlines: [], tasks: 0, asleep: false };
  const looked: Looked = {
    reel,
    definitions: () => definitions,
    detail: () => detail,
    now: () => 7,
    close: () => {},
  };
  const shown: { -readonly [K in keyof Shown]: Shown[K] } = {
    subject: 'session/a',
    looked,
    detail,
    version: 1,
  };
  const define = (name: string) => {
    definitions = { ...definitions, [name]: { id: name } };
  };
  return { reel, shown, define };
}

describe('the list, to a viewer', () => {
  it('comes in parts, the first of which begins it, as much in a turn as that may cost', () => {
    const { fake, viewer } = made(7_000);
    viewer.goOn(0);
    const first = fake.of('fleet');
    expect(first.map(({ reset, rows }) => [reset, rows?.length])).toEqual([
      [true, 1_000],
      ...Array.from({ length: 4 }, () => [undefined, 1_000]),
    ]);
    viewer.goOn(0);
    expect(fake.rows().size).toBe(7_000);
    viewer.goOn(0);
    expect(fake.of('fleet')).toHaveLength(7);
  });

  it('begins even when it is empty', () => {
    const { fake, viewer } = made();
    viewer.goOn(0);
    expect(fake.messages).toEqual([{ type: 'fleet', reset: true, rows: [], hidden: 0 }]);
  });

  it('reaches one that reads slowly as it is by then, with nothing missed', () => {
    const { known, fake, viewer } = made(3);
    viewer.goOn(0);
    fake.reads = false;
    for (let n = 1; n <= 5; n += 1) {
      known.set('s0', rowOf('s0', n));
      viewer.change(change({ changes: [{ id: 's0', messages: n }] }), 0);
    }
    known.delete('s1');
    viewer.change(change({ gone: ['s1'] }), 0);
    known.set('new', rowOf('new'));
    viewer.change(change({ rows: [rowOf('new')] }), 0);
    viewer.goOn(0);
    fake.reads = true;
    viewer.goOn(0);
    expect(fake.rows()).toEqual(known);
    expect(fake.of('fleet')).toHaveLength(2);
  });

  it('reaches one that reads nothing in the beginning', () => {
    const { known, fake, viewer } = made(2_500);
    fake.reads = false;
    viewer.goOn(0);
    viewer.goOn(0);
    known.delete('s7');
    viewer.change(change({ gone: ['s7'] }), 0);
    fake.reads = true;
    viewer.goOn(0);
    viewer.goOn(0);
    expect(fake.of('fleet')[0]?.reset).toBe(true);
    expect(new Set(fake.rows().keys())).toEqual(new Set(known.keys()));
  });
});

describe('a subject, to a viewer', () => {
  it('begins with what is held of it, and goes on with what comes', () => {
    const { fake, viewer } = made();
    const { reel, shown, define } = shownOf();
    reel.push(schedule('one'));
    viewer.look(shown);
    viewer.goOn(0);
    expect(fake.last('looking')).toMatchObject({
      now: 7,
      cut: false,
      from: 0,
      recording: { definitions: { a: {} } },
    });
    reel.push(schedule('two'));
    define('b');
    viewer.goOn(0);
    viewer.goOn(0);
    expect(fake.of('entries')).toEqual([
      { type: 'entries', subject: 'session/a', entries: [schedule('two')], definitions: { b: { id: 'b' } } },
    ]);
  });

  it('comes in parts when its past is long', () => {
    const { fake, viewer } = made();
    const { reel, shown } = shownOf();
    for (let n = 0; n < 2_500; n += 1) reel.push(schedule(String(n)));
    viewer.look(shown);
    viewer.goOn(0);
    expect(fake.last('looking').recording.entries).toHaveLength(1_000);
    expect(fake.of('entries').map(({ entries }) => entries.length)).toEqual([1_000, 500]);
    expect(fake.recording('session/a').entries).toHaveLength(2_500);
  });

  it('begins anew for one that is so slow that entries have gone', () => {
    const { fake, viewer } = made();
    const { reel, shown } = shownOf(10);
    viewer.look(shown);
    viewer.goOn(0);
    fake.reads = false;
    for (let n = 0; n < 100; n += 1) reel.push(schedule(String(n)));
    viewer.goOn(0);
    fake.reads = true;
    viewer.goOn(0);
    expect(fake.last('looking')).toMatchObject({ cut: true, from: 90 });
    expect(fake.recording('session/a').entries).toHaveLength(10);
    expect(fake.of('entries')).toEqual([]);
  });

  it('is described again only when that has changed', () => {
    const { fake, viewer } = made();
    const { shown } = shownOf();
    viewer.look(shown);
    viewer.goOn(0);
    viewer.goOn(0);
    expect(fake.of('detail')).toEqual([]);
    shown.version = 2;
    shown.detail = { ...shown.detail, tasks: 3 };
    viewer.goOn(0);
    expect(fake.of('detail')).toMatchObject([{ detail: { tasks: 3 }, now: 7 }]);
  });

  it('is told no more once it is left', () => {
    const { fake, viewer } = made();
    const { reel, shown } = shownOf();
    viewer.look(shown);
    viewer.goOn(0);
    viewer.leave('session/a');
    reel.push(schedule('late'));
    viewer.goOn(0);
    expect(fake.of('entries')).toEqual([]);
  });
});

describe('answers', () => {
  const refused = { type: 'refused', message: 'no' } as const;

  it('wait for one that reads slowly, in their order and in front of the rest', () => {
    const { fake, viewer } = made(1);
    fake.reads = false;
    viewer.tell({ ...refused, message: 'one' }, 5);
    viewer.tell({ ...refused, message: 'two' }, 9);
    expect(viewer.stuckSince).toBe(5);
    fake.reads = true;
    viewer.goOn(20);
    expect(fake.messages.map((message) => ('message' in message ? message.message : message.type))).toEqual([
      'one',
      'two',
      'fleet',
    ]);
    expect(viewer.stuckSince).toBeUndefined();
  });

  it('are bounded: one that leaves too many unread is given up', () => {
    const { fake, viewer } = made();
    fake.reads = false;
    for (let n = 0; n <= 1_000; n += 1) viewer.tell(refused, 0);
    expect(viewer.broken).toBe(true);
  });

  it('end with a channel that throws', () => {
    const throws = () => {
      throw new Error('no');
    };
    const source: RowSource = { rows: () => [].values(), row: () => undefined, hidden: 0 };
    const viewer = new Viewer({ send: throws, close: throws }, source);
    viewer.tell(refused, 0);
    expect(viewer.broken).toBe(true);
    viewer.goOn(0);
    viewer.close('over');
  });
});
