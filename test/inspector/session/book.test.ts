import { signal } from '@preact/signals';
import type { Recording, Trace, TraceEntry } from 'chartroom/inspect';
import { describe, expect, it } from 'vitest';
import type { Moment } from '../../../visualizations/inspector/src/route.ts';
import { Book } from '../../../visualizations/inspector/src/session/book.ts';

const snapshot = (value: string, n: number): TraceEntry => ({
  step: 0,
  atMs: n,
  kind: 'snapshot',
  definition: 'lamp',
  actor: 'lamp',
  value,
  status: 'active',
  context: { n },
});
const recordingOf = (...values: string[]): Recording => ({
  definitions: {},
  bases: {},
  entries: values.map(snapshot),
});

function bookOf(recorded: Recording, at: Moment, goesOn = true) {
  const recording = signal(recorded);
  const place = signal<Moment>(at);
  const live = signal(goesOn);
  const book = new Book(recording, place, live);
  return { recording, place, live, book };
}
const valueIn = ({ moment }: Book) => [...moment.value.charts.values()][0]?.value;

describe('a book', () => {
  it('that follows the end is where the last entry is, and goes on by itself', () => {
    const { book, recording } = bookOf(recordingOf('off', 'on'), 'live');
    expect([book.n.value, valueIn(book)]).toEqual([2, 'on']);
    const { entries, ...rest } = recording.value;
    recording.value = { ...rest, entries: [...entries, snapshot('broken', 2)] };
    expect([book.n.value, valueIn(book)]).toEqual([3, 'broken']);
  });

  it('that is at a moment stays there while more comes', () => {
    const { book, recording } = bookOf(recordingOf('off', 'on'), 1);
    const { entries, ...rest } = recording.value;
    recording.value = { ...rest, entries: [...entries, snapshot('broken', 2)] };
    expect([book.n.value, book.length.value, valueIn(book)]).toEqual([1, 3, 'off']);
  });

  it('takes another recording for what it is', () => {
    const { book, recording } = bookOf(recordingOf('off', 'on'), 'live');
    expect(valueIn(book)).toBe('on');
    recording.value = recordingOf('else');
    expect([book.n.value, valueIn(book)]).toEqual([1, 'else']);
  });

  it('does not leave what there is', () => {
    const { book, place } = bookOf(recordingOf('off', 'on'), 99, false);
    expect(book.n.value).toBe(2);
    book.go(-5);
    expect(place.value).toBe(0);
    book.go(99);
    expect(place.value).toBe(2);
  });

  it('follows again when it goes forward to the end of what goes on, not when it is held there', () => {
    const { book, place, live } = bookOf(recordingOf('off', 'on'), 1);
    book.go(2);
    expect(place.value).toBe('live');
    book.hold();
    expect(place.value).toBe(2);
    book.follow();
    expect(place.value).toBe('live');
    live.value = false;
    book.go(1);
    book.go(2);
    expect(place.value).toBe(2);
  });

  it('knows how a chart was before its last snapshot, wherever one has looked', () => {
    const { book } = bookOf(recordingOf('off', 'on', 'broken'), 3);
    const [chart] = [...book.moment.value.charts.values()];
    if (!chart) throw new Error('no chart');
    expect(book.chartBefore(chart)?.context).toEqual({ n: 1 });
    expect(valueIn(book)).toBe('broken');
  });

  it.each([
    [1, 0, { entries: 1, step: 0 }],
    [1e308, 1e9, { entries: 2, step: 1 }],
    [-4, -1, { entries: 0, step: 0 }],
    ['x', null, { entries: 2, step: 1 }],
  ])('has a failure at %j, in step %j, within what there is', (entries, step, place) => {
    const trace = {
      kind: 'machine',
      steps: [
        { words: 'start', atMs: 0 },
        { words: 'press', atMs: 0 },
      ],
      entries: recordingOf('off', 'on').entries,
      failure: { invariant: 'it is dark', message: 7, entries, step },
    } as unknown as Trace;
    const book = new Book(signal(recordingOf('off', 'on')), signal<Moment>(2), signal(false), trace);
    expect(book.failure).toEqual({ invariant: 'it is dark', message: '', ...place });
  });

  it('says a moment in words', () => {
    const trace = { kind: 'machine', steps: [], entries: [] } as unknown as Trace;
    const book = new Book(signal(recordingOf('off', 'on')), signal<Moment>(2), signal(false), trace);
    expect(book.inWords(2)).toBe('entry 2 of 2, +0.001 s: is in on');
    expect(book.inWords(0)).toBe('before the first of 2 entries');
  });
});
