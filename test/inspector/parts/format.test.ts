import { describe, expect, it } from 'vitest';
import { fileName } from '../../../visualizations/inspector/src/parts/download.ts';
import {
  formatAgo,
  formatBytes,
  formatCount,
  formatDuration,
  formatRate,
  formatTime,
} from '../../../visualizations/inspector/src/parts/format.ts';

const SECOND = 1000;
const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;

describe('in words for a narrow column:', () => {
  it.each([
    [0, '0 ms'],
    [480.4, '480 ms'],
    [7260, '7.2 s'],
    [59_999, '59 s'],
    [3 * MINUTE + 5 * SECOND, '3 min 5 s'],
    [2 * HOUR, '2 h'],
    [4 * DAY + 3 * HOUR, '4 d 3 h'],
    [-1500, '−1.5 s'],
    [Number.NaN, '–'],
  ])('a duration of %d ms is %s', (ms, words) => {
    expect(formatDuration(ms)).toBe(words);
  });

  it.each([
    [-5, 'now'],
    [999, 'now'],
    [12_345, '12 s'],
    [5 * MINUTE, '5 min'],
    [3 * HOUR, '3 h'],
    [4 * DAY, '4 d'],
  ])('%d ms ago is %s', (ms, words) => {
    expect(formatAgo(ms)).toBe(words);
  });

  it.each([
    [1234, '1,234'],
    [99_999, '99,999'],
    [123_456, '123 k'],
    [1_290_000, '1.2 M'],
  ])('%d is %s', (count, words) => {
    expect(formatCount(count)).toBe(words);
  });

  it.each([
    [0.01, '0'],
    [0.45, '0.4'],
    [12.6, '13'],
  ])('%d a second is %s', (rate, words) => {
    expect(formatRate(rate)).toBe(words);
  });

  it.each([
    [640, '640 B'],
    [12_000, '12 kB'],
    [3_450_000, '3.4 MB'],
  ])('%d bytes are %s', (bytes, words) => {
    expect(formatBytes(bytes)).toBe(words);
  });

  it('a time has its date only on another day', () => {
    const at = new Date(2026, 4, 7, 9, 3, 5, 42).getTime();
    expect(formatTime(at, at)).toBe('09:03:05.042');
    expect(formatTime(at, at + 2 * DAY)).toBe('2026-05-07 09:03:05.042');
    expect(formatTime(Number.NaN)).toBe('–');
  });
});

describe('the name of a file', () => {
  it.each([
    ['a/b\\c:d*?"<>|', 'a-b-c-d-'],
    ['../../etc', '-..-etc'],
    ['', 'chartroom'],
    ['lamp.trace.json', 'lamp.trace.json'],
  ])('made of %j is %j', (name, file) => {
    expect(fileName(name)).toBe(file);
  });

  it('is not too long, and keeps its ending', () => {
    const name = fileName(`${'x'.repeat(500)}.trace.json`);
    expect(name.length).toBe(120);
    expect(name.endsWith('.trace.json')).toBe(true);
  });
});
