import { describe, expect, it } from 'vitest';
import { History, RateMeters } from '../../../visualizations/inspector/src/fleet/rate.ts';

describe('a rate', () => {
  it('is nothing of what was counted once, or never', () => {
    const meters = new RateMeters();
    meters.count('a', 1000, 0);
    expect([meters.rate('a', 0), meters.rate('b', 0)]).toEqual([0, 0]);
  });

  it('comes to what it is, within some seconds', () => {
    const meters = new RateMeters();
    for (let second = 0; second <= 30; second += 1) meters.count('a', second * 50, second * 1000);
    expect(meters.rate('a', 30_000)).toBeGreaterThan(45);
    expect(meters.rate('a', 30_000)).toBeLessThan(60);
  });

  it('is never less than nothing, though the number or the clock go back', () => {
    const meters = new RateMeters();
    meters.count('a', 100, 10_000);
    meters.count('a', 5, 9000);
    expect(meters.rate('a', 8000)).toBe(0);
  });

  it('is forgotten with its session', () => {
    const meters = new RateMeters();
    meters.count('a', 0, 0);
    meters.count('a', 10, 1000);
    meters.delete('a');
    expect(meters.rate('a', 1000)).toBe(0);
  });
});

describe('a history', () => {
  it('keeps the last values, the oldest first', () => {
    const history = new History(3);
    expect([history.values, history.last]).toEqual([[], 0]);
    for (const value of [1, 2, 3, 4]) history.push(value);
    expect([history.values, history.last]).toEqual([[2, 3, 4], 4]);
  });
});
