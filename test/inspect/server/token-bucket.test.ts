import { describe, expect, it } from 'vitest';
import { TokenBucket } from '../../../src/inspect/server/token-bucket.ts';

const RATE = { perSecond: 10, burst: 5 };

describe('a rate', () => {
  it('lets a burst through at once', () => {
    const bucket = new TokenBucket(RATE, 0);
    expect(Array.from({ length: 5 }, () => bucket.take(1, 0))).toEqual([0, 0, 0, 0, 0]);
  });

  it('says how long what follows has to wait, and waits longer the more came', () => {
    const bucket = new TokenBucket(RATE, 0);
    bucket.take(5, 0);
    expect(bucket.take(1, 0)).toBe(100);
    expect(bucket.take(3, 0)).toBe(400);
  });

  it('is free again after that, and never saves up more than a burst', () => {
    const bucket = new TokenBucket(RATE, 0);
    bucket.take(6, 0);
    expect(bucket.take(1, 200)).toBe(0);
    expect(bucket.take(6, 1_000_000)).toBe(100);
  });

  it('neither gives nor takes when the clock steps back', () => {
    const bucket = new TokenBucket(RATE, 10_000);
    bucket.take(5, 10_000);
    expect(bucket.take(0, 0)).toBe(0);
    expect(bucket.take(1, 0)).toBe(100);
    expect(bucket.take(0, 100)).toBe(0);
  });
});
