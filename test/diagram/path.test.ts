import { describe, expect, it } from 'vitest';
import { decimal, headPath, linePath, onCircle } from '../../src/diagram/path.ts';

const at = (x: number, y: number) => ({ x, y });

describe('a line', () => {
  it('ends where its head begins, so that none shows beyond the tip', () => {
    expect(linePath([at(0, 0), at(50, 0)], true)).toBe('M0 0L43 0');
    expect(linePath([at(0, 0), at(50, 0)], false)).toBe('M0 0L50 0');
  });

  it('has round corners, less round where there is less room', () => {
    expect(linePath([at(0, 0), at(20, 0), at(20, 40)], false)).toBe('M0 0L13 0Q20 0 20 7L20 40');
    expect(linePath([at(0, 0), at(20, 0), at(20, 4), at(60, 4)], false)).toBe(
      'M0 0L18 0Q20 0 20 2L20 2Q20 4 22 4L60 4',
    );
  });

  it('does not turn back where its last corner is near its head', () => {
    expect(linePath([at(0, 0), at(40, 0), at(40, 12)], true)).toBe('M0 0L35 0Q40 0 40 5L40 5');
    expect(linePath([at(0, 0), at(40, 0), at(40, 4)], true)).toMatch(/Q40 0 40 0L40 0$/);
  });

  it('of fewer than two points is none', () => {
    expect([linePath([], true), linePath([at(1, 1)], true), headPath([at(1, 1)])]).toEqual(['', '', '']);
  });

  it('of no length is no reason for NaN', () => {
    expect(linePath([at(5, 5), at(5, 5)], true) + headPath([at(5, 5), at(5, 5)])).not.toContain('NaN');
  });
});

describe('a head', () => {
  it('points where the line ends', () => {
    expect(headPath([at(0, 0), at(10, 0)])).toBe('M10 0L2 4L2 -4Z');
    expect(headPath([at(9, 9), at(0, 30), at(0, 10)])).toBe('M0 10L4 18L-4 18Z');
  });
});

describe('a line that ends on a circle', () => {
  const box = { x: 0, y: 0, width: 26, height: 26 };

  it('goes on from the box around it to the circle itself', () => {
    expect(onCircle(at(0, 13), box)).toEqual(at(0, 13));
    const { x, y } = onCircle(at(0, 8), box);
    expect(y).toBe(8);
    expect(Math.hypot(x - 13, y - 13)).toBeCloseTo(13);
    expect(x).toBeGreaterThan(0);
    expect(onCircle(at(18, 26), box).x).toBe(18);
  });
});

describe('a number in a path', () => {
  it('has a tenth of a pixel at most', () => {
    expect([decimal(1), decimal(1.25), decimal(0.04), decimal(-0.04)]).toEqual(['1', '1.3', '0', '0']);
  });
});
