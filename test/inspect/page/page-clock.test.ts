import { expect, it } from 'vitest';
import { PageClock } from '../../../src/inspect/page/page-clock.ts';
import { testClock } from '../../support/clock.ts';

/** A clock whose timers are held back, as those of a page that nobody sees. */
function heldBack() {
  const system = testClock();
  let now = 0;
  const clock = new PageClock({ ...system, now: () => now });
  const ran: string[] = [];
  return {
    system,
    clock,
    ran,
    note: (name: string) => () => void ran.push(name),
    pass: (ms: number) => {
      now += ms;
    },
  };
}

it('timers run when the system runs them', async () => {
  const { clock, system, ran, note } = heldBack();
  clock.setTimeout(note('a'), 100);
  await system.advance(100);
  expect(ran).toEqual(['a']);
});

it('timers that are due run when it is told to catch up, and only once', async () => {
  const { clock, system, ran, note, pass } = heldBack();
  clock.setTimeout(note('a'), 100);
  clock.setTimeout(note('later'), 300);
  pass(99);
  clock.catchUp();
  expect(ran).toEqual([]);
  pass(1);
  clock.catchUp();
  clock.catchUp();
  expect(ran).toEqual(['a']);
  expect(system.pending).toBe(1);
  await system.advance(1000);
  expect(ran).toEqual(['a', 'later']);
  expect(system.pending).toBe(0);
});

it('a timer that is cleared never runs, nor does one that another clears on the way', async () => {
  const { clock, system, ran, note, pass } = heldBack();
  const cleared = clock.setTimeout(note('cleared'), 1);
  clock.clearTimeout(cleared);
  let second: unknown;
  clock.setTimeout(() => clock.clearTimeout(second), 1);
  second = clock.setTimeout(note('second'), 1);
  pass(10);
  clock.catchUp();
  await system.advance(10);
  expect(ran).toEqual([]);
  expect(system.pending).toBe(0);
});

it('what a timer sets anew has its time', () => {
  const { clock, ran, pass } = heldBack();
  const again = () => {
    ran.push('turn');
    clock.setTimeout(again, 100);
  };
  clock.setTimeout(again, 100);
  pass(1000);
  clock.catchUp();
  expect(ran).toEqual(['turn']);
});
