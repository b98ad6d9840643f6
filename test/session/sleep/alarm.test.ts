import { describe, expect, it } from 'vitest';
import { turns } from '../../support/turns.ts';
import { desk } from './desk.ts';

/** Moves the clock, and lets all that follows from that happen. */
async function advance({ clock }: ReturnType<typeof desk>, ms: number): Promise<void> {
  await clock.advance(ms);
  await turns();
}

describe('the alarm', () => {
  it('is set for a session that has a time to come back, and for no other', async () => {
    const on = desk();
    await on.putToSleep('s');
    expect(on.deadlines.size).toBe(0);
    await advance(on, 1);
    expect(on.away.asked).toEqual([]);
    await on.putToSleep('t', 500);
    expect(on.deadlines.size).toBe(1);
    await advance(on, 499);
    expect(on.rings).toEqual([]);
    await advance(on, 1);
    expect(on.rings).toEqual([on.time.now()]);
    const [[after, by] = []] = on.away.asked;
    expect(by).toBe(on.time.now());
    expect(after).toBeLessThan(on.time.now());
  });

  it('rings at the first of their times, in whatever order they went', async () => {
    for (const times of [
      [500, 900],
      [900, 500],
    ]) {
      const on = desk();
      for (const [n, ms] of times.entries()) await on.putToSleep(`s${n}`, ms);
      await advance(on, 500);
      expect([on.rings.length, on.deadlines.size]).toEqual([1, 0]);
    }
  });

  it('asks again for who goes with a time that has passed already', async () => {
    const on = desk();
    await on.sleep.wakeDue();
    const now = on.time.now();
    await advance(on, 100);
    await on.sleep.wakeDue();
    const late = on.idle('s', 50);
    late.activityMs = now;
    on.sleep.fallAsleep(late);
    on.writes[0]?.open();
    await turns();
    await advance(on, 0);
    // The session was due at `now + 50`, which is before the last time somebody was looked for.
    const [after = Number.NaN] = on.away.asked.at(-1) ?? [];
    expect(on.away.asked.length).toBeGreaterThan(2);
    expect(after).toBeLessThan(now + 50);
  });

  it('is given back when nobody is away any more, and set again for the next', async () => {
    const on = desk();
    await on.putToSleep('s', 500);
    await on.putToSleep('t', 900);
    on.away.size = 1;
    on.sleep.over('s');
    expect(on.deadlines.size).toBe(1);
    on.away.size = 0;
    on.sleep.over('t');
    expect(on.deadlines.size).toBe(0);
    await on.putToSleep('u', 2000);
    expect(on.deadlines.size).toBe(1);
    await advance(on, 2000);
    expect(on.rings).toHaveLength(1);
  });

  it('is not set after the manager has closed', async () => {
    const on = desk();
    on.away.next.push(on.time.now() + 10);
    on.sleep.close();
    await on.sleep.wakeDue();
    expect(on.deadlines.size).toBe(0);
  });
});

describe('waking who is due', () => {
  const page = () => {};

  it('is done when the first of them are back; the others follow, and then the alarm is set', async () => {
    const on = desk();
    on.away.pages.push(page, page, page);
    on.away.next.push(on.time.now() + 700);
    await on.sleep.wakeDue();
    expect(on.away.read).toBeLessThan(3);
    await turns();
    expect([on.away.read, on.deadlines.size]).toEqual([3, 1]);
    await advance(on, 700);
    expect(on.rings).toHaveLength(1);
  });

  it('sets the alarm for the next where none is due, before it is done', async () => {
    const on = desk();
    on.away.next.push(on.time.now() + 700);
    await on.sleep.wakeDue();
    expect(on.deadlines.size).toBe(1);
  });

  it('goes on with whoever has become due while the store was asked', async () => {
    for (const late of [0, 1]) {
      const on = desk();
      on.away.next.push(on.time.now() - late);
      await on.sleep.wakeDue();
      expect(on.away.asked).toHaveLength(2);
      expect([on.deadlines.size, on.rings]).toEqual([0, []]);
    }
  });

  it('fails with a store that cannot say who is next', async () => {
    const on = desk();
    on.away.next.push(new Error('EIO'));
    await expect(on.sleep.wakeDue()).rejects.toThrow('EIO');
  });
});

describe('a store that does not give all who are due', () => {
  const broken = () => {
    throw new Error('EIO');
  };

  it('is asked again a second later, for the same and no fewer: the logger hears of it', async () => {
    const on = desk();
    await on.sleep.wakeDue();
    await advance(on, 100);
    on.away.pages.push(() => {}, broken);
    await on.sleep.wakeDue();
    await turns();
    const first = on.away.asked.at(-1);
    expect(on.logged).toHaveLength(1);
    expect(on.logged[0]?.[1]).toEqual(new Error('EIO'));
    await advance(on, 999);
    expect(on.rings).toEqual([]);
    await advance(on, 1);
    expect(on.rings).toHaveLength(1);
    expect(on.away.asked.at(-1)?.[0]).toBe(first?.[0]);
  });

  it('is left alone when the manager has closed', async () => {
    const on = desk();
    on.away.pages.push(() => {}, broken);
    await on.sleep.wakeDue();
    on.sleep.close();
    await turns();
    expect([on.logged, on.deadlines.size]).toEqual([[], 0]);
  });
});
