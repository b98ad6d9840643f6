import { describe, expect, it } from 'vitest';
import type { Detail, TraceEntry } from '../../../src/inspect/index.ts';
import { Looking } from '../../../visualizations/inspector/src/live/looking.ts';

const subject = 'session/a';
const detail: Detail = { actors: [], deadlines: [], tasks: 0, asleep: false };
const entry = (atMs: number): TraceEntry => ({ step: 0, atMs, kind: 'schedule', label: `${atMs}` });
const entries = (from: number, count: number) => Array.from({ length: count }, (_, n) => entry(from + n));

const looking = (held: readonly TraceEntry[], from = 0) => ({
  type: 'looking' as const,
  subject: subject as 'session/a',
  recording: { definitions: {}, bases: {}, entries: held },
  detail,
  now: 0,
  cut: from > 0,
  from,
});
const more = (added: readonly TraceEntry[], rest: object = {}) => ({
  type: 'entries' as const,
  subject: subject as 'session/a',
  entries: added,
  ...rest,
});

function begun(count: number, from = 0) {
  const seen = new Looking(subject);
  seen.begin(looking(entries(from, count), from));
  seen.publish();
  return seen;
}

describe('what is looked at', () => {
  it('is not there before the inspector has answered', () => {
    const seen = new Looking(subject);
    seen.append(more(entries(0, 3)));
    seen.publish();
    expect(seen.state.value.is).toBe('waiting');
    expect(seen.recording.value.entries).toEqual([]);
  });

  it('is seen when it is published, all at once', () => {
    const seen = begun(2);
    const before = seen.recording.value;
    for (let n = 2; n < 100; n += 1) seen.append(more([entry(n)]));
    expect(seen.recording.value).toBe(before);
    seen.publish();
    expect(seen.recording.value.entries).toEqual(entries(0, 100));
    expect(before.entries).toHaveLength(2);
    expect(seen.recording.value.bases).toBe(before.bases);
  });

  it('stays the same object when nothing came', () => {
    const seen = begun(2);
    const before = seen.recording.value;
    seen.publish();
    expect(seen.recording.value).toBe(before);
  });

  it('takes up definitions that come later', () => {
    const seen = begun(1);
    seen.append(more([], { definitions: { lamp: { id: 'lamp' } } }));
    seen.publish();
    expect(Object.keys(seen.recording.value.definitions)).toEqual(['lamp']);
  });

  it('counts what was dropped on the way', () => {
    const seen = begun(1);
    seen.append(more(entries(5, 1), { dropped: 4 }));
    seen.publish();
    expect(seen.missing.value).toBe(4);
  });

  it('that is gone keeps what was seen, and says why', () => {
    const seen = begun(3);
    seen.lack({ type: 'missing', subject, message: 'It has ended.' });
    seen.publish();
    expect(seen.state.value).toEqual({ is: 'missing', message: 'It has ended.' });
    expect(seen.recording.value.entries).toHaveLength(3);
  });

  it('is bounded: it lets the older half go, and the moment stays on its entry', () => {
    const seen = begun(20_000);
    seen.moment.value = 15_000;
    seen.append(more([entry(20_000)]));
    seen.publish();
    const { entries: held } = seen.recording.value;
    expect(held).toHaveLength(10_000);
    expect(seen.missing.value).toBe(10_001);
    expect(held[(seen.moment.value as number) - 1]).toEqual(entry(14_999));
    expect(seen.address).toBe(15_000);
  });

  it('is bounded while nothing is published, as in a hidden tab', () => {
    const seen = begun(0);
    for (let n = 0; n < 70; n += 1) seen.append(more(entries(n * 1000, 1000)));
    seen.publish();
    expect(seen.recording.value.entries.length).toBeLessThanOrEqual(20_000);
    expect(seen.recording.value.entries.at(-1)).toEqual(entry(69_999));
    expect(seen.missing.value + seen.recording.value.entries.length).toBe(70_000);
  });
});

describe('the moment of an address', () => {
  it('waits for something that it can be a moment of', () => {
    const seen = new Looking(subject, 7);
    expect([seen.moment.value, seen.address]).toEqual(['live', 7]);
    seen.begin(looking(entries(0, 10)));
    seen.publish();
    expect([seen.moment.value, seen.address]).toEqual([7, 7]);
  });

  it('counts the entries that are not here any more', () => {
    const seen = begun(10, 100);
    seen.goTo(104);
    expect([seen.moment.value, seen.address]).toEqual([4, 104]);
    seen.goTo(50);
    expect(seen.moment.value).toBe(0);
    seen.goTo('live');
    expect([seen.moment.value, seen.address]).toEqual(['live', 'live']);
  });

  it('stays on its entry when the recording begins anew, later', () => {
    const seen = begun(10);
    seen.moment.value = 8;
    seen.begin(looking(entries(5, 10), 5));
    seen.publish();
    expect([seen.moment.value, seen.address]).toEqual([3, 8]);
  });

  it('is never behind the end of a recording that is shorter', () => {
    const seen = begun(10);
    seen.moment.value = 8;
    seen.begin(looking(entries(100, 2)));
    seen.publish();
    expect(seen.moment.value).toBe(2);
  });
});
