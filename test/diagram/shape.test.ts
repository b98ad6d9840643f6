import { describe, expect, it } from 'vitest';
import { awkwardness } from '../../src/diagram/shape.ts';

const better = (a: readonly [number, number], b: readonly [number, number]) =>
  awkwardness({ width: a[0], height: a[1] }) < awkwardness({ width: b[0], height: b[1] });

describe('a shape', () => {
  it('is better the nearer it is to that of a page', () => {
    expect(better([800, 500], [800, 200])).toBe(true);
    expect(better([800, 500], [300, 500])).toBe(true);
  });

  it('is better tall than too wide for a README', () => {
    expect(better([400, 900], [1_500, 400])).toBe(true);
    expect(better([900, 400], [400, 900])).toBe(true);
  });
});
