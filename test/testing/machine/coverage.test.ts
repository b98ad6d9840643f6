import { describe, expect, it } from 'vitest';
import { createActor, createMachine } from 'xstate';
import { Chart } from '../../../src/testing/machine/chart.ts';
import { Coverage } from '../../../src/testing/machine/coverage.ts';

const child = createMachine({ id: 'child', initial: 'a', states: { a: { always: 'b' }, b: {} } });
const machine = createMachine({
  id: 'm',
  initial: 'a',
  invoke: { src: child, id: 'child' },
  states: { a: { on: { GO: 'b' } }, b: { always: 'c' }, c: { on: { BACK: 'a' } }, d: {} },
});

function covered(...types: string[]) {
  const coverage = new Coverage(new Chart(machine));
  const actor = createActor(machine, { inspect: coverage.inspector });
  coverage.begin(actor.getSnapshot());
  actor.start();
  for (const type of types) actor.send({ type });
  return coverage;
}

describe('Coverage', () => {
  it('has the first states before anything happens', () => {
    expect(covered().states).toEqual(['a']);
    expect(covered().transitions).toEqual([]);
  });

  it('has states that are left at once, and nothing of children', () => {
    const { states, transitions, neverTaken } = covered('GO');
    expect(states).toEqual(['a', 'b', 'c']);
    expect(transitions).toEqual(['a → b on GO', 'b → c always']);
    expect(neverTaken).toEqual(['c → a on BACK', 'd']);
  });

  it('has a first state that is left before anybody sees it', () => {
    const coverage = new Coverage(new Chart(child));
    const actor = createActor(child, { inspect: coverage.inspector });
    coverage.begin(actor.getSnapshot());
    expect(coverage.states).toEqual(['a', 'b']);
    expect(coverage.neverTaken).toEqual([]);
  });

  it('grows with each that is new, and only then', () => {
    expect(covered('GO').size).toBe(6);
    expect(covered('GO', 'BACK').size).toBe(7);
    expect(covered('GO', 'BACK', 'GO').size).toBe(7);
  });

  it('says what goes round, of the last run', () => {
    expect(covered('GO', 'BACK', 'GO', 'BACK').loop).toEqual([
      'a → b on GO',
      'b → c always',
      'c → a on BACK',
    ]);
    expect(covered().loop).toEqual([]);
    const coverage = covered('GO');
    coverage.begin(undefined);
    expect(coverage.loop).toEqual([]);
  });
});
