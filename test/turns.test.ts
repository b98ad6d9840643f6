import { describe, expect, it } from 'vitest';
import { type Turn, Turns } from '../src/turns.ts';

const turn = (session: string): Turn => ({ session, stacks: false, decide() {}, resolve() {}, reject() {} });
const queue = (...names: string[]) => {
  const turns = new Turns();
  for (const name of names) turns.push(turn(name));
  return turns;
};
const drain = (turns: Turns) => {
  const names: string[] = [];
  for (let next = turns.shift(); next; next = turns.shift()) names.push(next.session);
  return names;
};

describe('turns', () => {
  it('come in the order in which they went in, and then there is none', () => {
    const turns = queue('a', 'b', 'c');
    expect([turns.length, drain(turns), turns.length, turns.shift()]).toEqual([
      3,
      ['a', 'b', 'c'],
      0,
      undefined,
    ]);
    turns.push(turn('d'));
    expect(drain(turns)).toEqual(['d']);
  });

  it.each([0, 1, 2, 3])('can be put before all that wait, after %i have gone', (gone) => {
    const turns = queue('a', 'b', 'c', 'd');
    for (let n = 0; n < gone; n++) turns.shift();
    turns.unshift([turn('x'), turn('y')]);
    expect(turns.length).toBe(6 - gone);
    expect(drain(turns)).toEqual(['x', 'y', ...['a', 'b', 'c', 'd'].slice(gone)]);
  });

  it('can be put before none', () => {
    const turns = queue();
    turns.unshift([]);
    expect(turns.length).toBe(0);
    turns.unshift([turn('x')]);
    expect(drain(turns)).toEqual(['x']);
  });

  it('keep their order over a compaction', () => {
    const turns = queue(...Array.from({ length: 5000 }, (_, n) => `${n}`));
    expect(drain(turns)).toEqual(Array.from({ length: 5000 }, (_, n) => `${n}`));
  });

  it('stay cheap however many wait', () => {
    const turns = queue(...Array.from({ length: 100_000 }, (_, n) => `${n}`));
    let moved = 0;
    for (let n = 0; n < 50_000; n++) {
      const next = turns.shift();
      if (next && n % 2 === 0) {
        turns.unshift([next]);
        turns.shift();
      }
      moved += 1;
    }
    expect([moved, turns.length, turns.shift()?.session]).toEqual([50_000, 50_000, '50000']);
  });
});
