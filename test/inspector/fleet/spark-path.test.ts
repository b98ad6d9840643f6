import { describe, expect, it } from 'vitest';
import { sparkPath } from '../../../visualizations/inspector/src/fleet/spark-path.ts';

describe('the line of a number', () => {
  it('begins at the left edge, and fills the chart with its values', () => {
    expect(sparkPath([0, 4, 2], 5, 40, 12).line).toBe('M0 11L10 1L20 6');
    expect(sparkPath([0, 4, 2, 0, 4], 5, 40, 12).line).toMatch(/^M0 11L.*L40 1$/);
  });

  it('stays low where all values are small', () => {
    expect(sparkPath([0, 0.5], 2, 10, 12).line).toBe('M0 11L10 6');
  });

  it('has an area down to the bottom', () => {
    expect(sparkPath([1, 1], 2, 10, 12).area).toBe('M0 1L10 1V12H0Z');
  });

  it('is none of a single value', () => {
    expect(sparkPath([1], 5, 40, 12)).toEqual({ line: '', area: '' });
  });
});
