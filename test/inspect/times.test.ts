import { describe, expect, it } from 'vitest';
import { entryClock, timeInWords, timeLeft } from '../../src/inspect/times.ts';

describe('times of entries', () => {
  it('are those of the day in a recording', () => {
    const date = new Date(2026, 0, 2, 3, 4, 5, 6);
    expect(timeInWords(date.getTime(), entryClock(undefined))).toBe('03:04:05.006');
    const recorded = { kind: 'recording' as const, steps: [{ words: 'recorded', atMs: 5 }], entries: [] };
    expect(entryClock(recorded)).toEqual({ kind: 'wall' });
  });

  it('count from the beginning of a run', () => {
    const client = {
      kind: 'client' as const,
      steps: [{ words: 'create a', atMs: 1_700_000_000_000 }],
      entries: [],
    };
    expect(timeInWords(1_700_000_012_345, entryClock(client))).toBe('+12.345 s');
    expect(timeInWords(7, entryClock({ kind: 'machine', steps: [], entries: [] }))).toBe('+0.007 s');
  });

  it('of no number are a dash', () => {
    expect(timeInWords(Number.NaN, { kind: 'wall' })).toBe('—');
    expect(timeInWords(Number.NaN, { kind: 'run', startMs: 0 })).toBe('+— s');
  });
});

describe('timeLeft', () => {
  it.each([
    [-1, 'overdue'],
    [0, '0.0 s'],
    [4_240, '4.2 s'],
    [59_900, '59 s'],
    [65_000, '1:05'],
    [7_380_000, '2:03:00'],
  ])('of %i ms is %s', (ms, words) => {
    expect(timeLeft(ms)).toBe(words);
  });
});
