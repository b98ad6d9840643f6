import { describe, expect, it } from 'vitest';
import { fitted, moved, zoomed } from '../../../visualizations/inspector/src/session/viewport.ts';

const frame = { width: 400, height: 300 };

describe('a drawing in its frame', () => {
  it('fits as a whole, in the middle', () => {
    const { x, y, k } = fitted({ width: 800, height: 100 }, frame);
    expect(k).toBeCloseTo(376 / 800);
    expect(x).toBeCloseTo(12);
    expect(y + (100 * k) / 2).toBeCloseTo(150);
  });

  it('is not blown up when it is small', () => {
    expect(fitted({ width: 10, height: 10 }, frame).k).toBe(1.25);
  });

  it('is zoomed around a point that stays where it is, within limits', () => {
    const from = { x: 30, y: 40, k: 1 };
    const to = zoomed(from, 2, 130, 90);
    expect(to).toEqual({ k: 2, x: -70, y: -10 });
    expect((130 - to.x) / to.k).toBe((130 - from.x) / from.k);
    expect(zoomed(from, 1000, 0, 0).k).toBe(4);
    expect(zoomed(from, 0.001, 0, 0).k).toBe(0.1);
  });

  it('is never moved out of sight', () => {
    const drawing = { width: 200, height: 200 };
    expect(moved({ x: 0, y: 0, k: 1 }, 9999, -9999, drawing, frame)).toEqual({ k: 1, x: 360, y: -160 });
    expect(moved({ x: 0, y: 0, k: 1 }, 5, 6, drawing, frame)).toEqual({ k: 1, x: 5, y: 6 });
  });
});
