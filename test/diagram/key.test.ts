import { describe, expect, it } from 'vitest';
import type { Chart } from '../../src/diagram/chart.ts';
import { chartOf } from '../../src/diagram/chart-of.ts';
import { chartKey } from '../../src/diagram/key.ts';
import { checkout } from './charts.ts';

describe('the key of a chart', () => {
  it('is the same for the same chart, also after JSON', () => {
    const chart = chartOf(checkout);
    expect(chartKey(chart)).toMatch(/^[0-9a-f]{16}$/);
    expect(chartKey(JSON.parse(JSON.stringify(chart)))).toBe(chartKey(chart));
  });

  it('differs for every chart that differs in a letter', () => {
    const keys = new Set<string>();
    const names = Array.from({ length: 2_000 }, (_, index) => `state ${index}`);
    for (const id of names) keys.add(chartKey({ id, states: [], edges: [] } satisfies Chart));
    expect(keys.size).toBe(names.length);
  });
});
