import { describe, expect, it } from 'vitest';
import { createActor, createMachine } from 'xstate';
import { EndlessInstant, VirtualTime } from '../../../src/testing/machine/virtual-time.ts';

const [one, other] = [createActor(createMachine({})), createActor(createMachine({}))];

function timeWithLog(then?: (time: VirtualTime, type: string) => void) {
  const log: string[] = [];
  const time: VirtualTime = new VirtualTime(({ event }) => {
    log.push(`${event.type}@${time.now}`);
    then?.(time, event.type);
  });
  const at = (ms: number, type: string, source = one, id?: string) =>
    time.schedule(source, source, { type }, ms, id);
  return { time, log, at };
}

describe('VirtualTime', () => {
  it('stands at each deadline while what is due arrives, in order of deadline, then of sending', () => {
    const { time, log, at } = timeWithLog();
    at(30, 'c');
    at(10, 'a1');
    at(10, 'a2');
    at(20, 'b');
    expect(time.advance(100)).toBe(100);
    expect(log).toEqual(['a1@10', 'a2@10', 'b@20', 'c@30']);
    expect(time.now).toBe(100);
  });

  it('has a chain of delays take the time it takes', () => {
    const { time, log, at } = timeWithLog((_, type) => type.length < 3 && at(10, `${type}x`));
    at(10, 'x');
    time.advance(25);
    expect(log).toEqual(['x@10', 'xx@20']);
    expect(time.untilNext).toBe(5);
  });

  it('takes back by source and id, all of that id, and those of one source', () => {
    const { time, log, at } = timeWithLog();
    at(1, 'gone', one, 'a');
    at(2, 'gone', one, 'a');
    at(3, 'kept', other, 'a');
    at(4, 'gone', one);
    time.cancel(one, 'a');
    time.cancelAll(one);
    time.advance(10);
    expect(log).toEqual(['kept@3']);
  });

  it('takes what is no delay for none, and never delivers what never comes', () => {
    const { time, log, at } = timeWithLog();
    at(Number.POSITIVE_INFINITY, 'never');
    at(Number.NaN, 'nan');
    at(-5, 'before');
    time.advance(0);
    expect(log).toEqual(['nan@0', 'before@0']);
    expect(time.pending).toHaveLength(1);
    expect(time.untilNext).toBeUndefined();
  });

  it('names what was given no name alike in every run', () => {
    const { time, at } = timeWithLog();
    at(1, 'x');
    at(1, 'y');
    expect(time.pending.map(({ id }) => id)).toEqual(['delayed 0', 'delayed 1']);
  });

  it('sees a loop at one instant, and ends a wait in which too much happens', () => {
    const loop = timeWithLog(() => loop.at(0, 'x'));
    loop.at(0, 'x');
    expect(() => loop.time.advance(1)).toThrow(EndlessInstant);
    const ticker = timeWithLog(() => ticker.at(1, 'tick'));
    ticker.at(1, 'tick');
    expect(ticker.time.advance(1_000_000)).toBe(2000);
    expect(ticker.time.now).toBe(2000);
  });

  it('resumes what was under way at its own deadline, at once when that has passed', () => {
    const { time, log } = timeWithLog();
    time.advance(50);
    time.resume({ source: one, target: one, event: { type: 'late' }, id: 'a', dueAt: 40 });
    time.resume({ source: one, target: one, event: { type: 'due' }, id: 'b', dueAt: 60 });
    time.advance(10);
    expect(log).toEqual(['late@50', 'due@60']);
  });
});
