import { describe, expect, it } from 'vitest';
import { Late } from '../src/late.ts';
import { gate } from './support/gate.ts';

describe('a part that is loaded later', () => {
  it('is not there before somebody has had it loaded, and is loaded once for all', async () => {
    let loads = 0;
    const loaded = gate<string>();
    const late = new Late(() => {
      loads += 1;
      return loaded.promise;
    });
    expect([late.part, loads]).toEqual([undefined, 0]);
    expect(() => late.get()).toThrow('used before it was loaded');
    const both = [late.load(), late.load()];
    loaded.open('the part');
    await Promise.all(both);
    await late.load();
    expect([late.part, late.get(), loads]).toEqual(['the part', 'the part', 1]);
  });

  it('that does not load is STORE_FAILED with the cause for whoever uses it, and tried again', async () => {
    const cause = new TypeError('Failed to fetch dynamically imported module');
    let broken = true;
    const late = new Late(async () => {
      if (broken) throw cause;
      return 'the part';
    });
    await late.load();
    expect(late.part).toBeUndefined();
    expect(() => late.get()).toThrow(expect.objectContaining({ code: 'STORE_FAILED', cause }));
    broken = false;
    await late.load();
    expect(late.get()).toBe('the part');
  });
});
