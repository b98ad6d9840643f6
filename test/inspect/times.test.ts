import { describe, expect, it } from 'vitest';
import { entryClock, timeInWords } from '../../src/inspect/times.ts';

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
