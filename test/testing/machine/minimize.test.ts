import { describe, expect, it } from 'vitest';
import { minimize } from '../../../src/testing/machine/minimize.ts';
import { inWords, type Run } from '../../../src/testing/machine/step.ts';
import { runOf } from './subject.ts';

const broken = { invariant: 'x', reason: '', step: 0 };
const typesOf = ({ steps }: Run) => steps.map(inWords).join('');
const breaks = (pattern: RegExp) => (run: Run) => (pattern.test(typesOf(run)) ? broken : undefined);
const none = () => [];

describe('minimize', () => {
  it('leaves out every step that is not needed, wherever it stands', () => {
    const found = { run: runOf(...'xAxxBxCx'), broken };
    expect(typesOf(minimize(found, breaks(/A.*B.*C/), none).run)).toBe('ABC');
  });

  it('leaves out steps that only go together once the rest has gone', () => {
    const found = { run: runOf(...'ABBBA'), broken };
    expect(typesOf(minimize(found, breaks(/^(ABBBA|ABA|AA|A)$/), none).run)).toBe('ABBBA');
    expect(typesOf(minimize(found, breaks(/A/), none).run)).toBe('A');
  });

  it('does not slip to another invariant', () => {
    const judge = (run: Run) => ({ ...broken, invariant: run.steps.length === 2 ? 'x' : 'y' });
    expect(minimize({ run: runOf('A', 'B'), broken }, judge, none).run.steps).toHaveLength(2);
  });

  it('takes something simpler in the place of a step, and looks again', () => {
    const simpler = (run: Run) =>
      typesOf(run).includes('B') ? [runOf(...typesOf(run).replace('B', 'A'))] : [];
    expect(typesOf(minimize({ run: runOf(...'BB'), broken }, breaks(/^[AB]{2}$/), simpler).run)).toBe('AA');
  });

  it('comes to an end even where everything fails', () => {
    let asked = 0;
    const judge = () => {
      asked += 1;
      return broken;
    };
    minimize({ run: runOf('A'), broken }, judge, () => [runOf('A')]);
    expect(asked).toBe(2000);
  });
});
