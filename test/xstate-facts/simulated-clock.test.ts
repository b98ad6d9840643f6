import { describe, expect, it } from 'vitest';
import { SimulatedClock } from 'xstate';

function clockWithLog() {
  const clock = new SimulatedClock();
  const fired: string[] = [];
  const at = (ms: number, name: string, then?: () => void) =>
    clock.setTimeout(() => {
      fired.push(`${name}@${clock.now()}`);
      then?.();
    }, ms);
  return { clock, fired, at };
}

describe('SimulatedClock', () => {
  it('starts at 0, moves only by hand, and refuses to go back', () => {
    const clock = new SimulatedClock();
    expect(clock.now()).toBe(0);
    clock.increment(5);
    clock.set(7);
    expect(clock.now()).toBe(7);
    expect(() => clock.set(6)).toThrow('Unable to travel back in time');
  });

  it('fires a timeout once, when now - start >= ms', () => {
    const { clock, fired, at } = clockWithLog();
    clock.increment(3);
    at(10, 'timer');
    clock.increment(9);
    expect(fired).toEqual([]);
    clock.increment(1);
    clock.increment(100);
    expect(fired).toEqual(['timer@13']);
  });

  it('fires what one step makes due in order of deadline, then of setting, all at the new now', () => {
    const { clock, fired, at } = clockWithLog();
    at(30, 'c');
    at(10, 'a1');
    at(20, 'b');
    at(10, 'a2');
    clock.increment(100);
    expect(fired).toEqual(['a1@100', 'a2@100', 'b@100', 'c@100']);
  });

  it('measures a timer set while flushing from the new now, so one large step fires one link of a chain', () => {
    const { clock, fired, at } = clockWithLog();
    at(10, 'first', () => at(10, 'second'));
    clock.increment(100);
    expect(fired).toEqual(['first@100']);
    clock.increment(9);
    expect(fired).toEqual(['first@100']);
    clock.increment(1);
    expect(fired).toEqual(['first@100', 'second@110']);
  });

  it('fires a zero timer set while flushing in the same flush only if another timer follows', () => {
    const alone = clockWithLog();
    alone.at(10, 'timer', () => alone.at(0, 'zero'));
    alone.clock.increment(10);
    expect(alone.fired).toEqual(['timer@10']);
    alone.clock.increment(0);
    expect(alone.fired).toEqual(['timer@10', 'zero@10']);

    const followed = clockWithLog();
    followed.at(10, 'timer', () => followed.at(0, 'zero'));
    followed.at(99, 'later');
    followed.clock.increment(10);
    expect(followed.fired).toEqual(['timer@10', 'zero@10']);
  });

  it('does not fire a timer that another one of the same step clears', () => {
    const { clock, fired, at } = clockWithLog();
    let victim: number | undefined;
    at(10, 'killer', () => clock.clearTimeout(victim as number));
    victim = at(20, 'victim');
    clock.increment(100);
    expect(fired).toEqual(['killer@100']);
  });

  it('is bricked for good by a timer that throws', () => {
    const { clock, fired, at } = clockWithLog();
    at(10, 'throws', () => {
      throw new Error('timer failed');
    });
    at(20, 'next');
    expect(() => clock.increment(100)).toThrow('timer failed');
    clock.increment(100);
    at(0, 'new');
    clock.increment(100);
    expect(fired).toEqual(['throws@100']);
  });
});
