import { describe, expect, it } from 'vitest';
import { chartOf } from '../../src/diagram/chart-of.ts';
import { frameOf, labelOf, NAME_HEIGHT, PADDING } from '../../src/diagram/frame.ts';
import { LINE_HEIGHT } from '../../src/diagram/label.ts';
import { checkout } from './charts.ts';

const chart = chartOf(checkout);
const stateOf = (id: string) => chart.states.find((each) => each.id === id) ?? chart.states[0] ?? never();
const never = (): never => {
  throw new Error('no such state');
};

describe('the frame of a state', () => {
  it('has room for its name and for every line', () => {
    const { name, lines, width, height } = frameOf(stateOf('paying'), [], undefined);
    expect(lines).toHaveLength(3);
    for (const line of [name, ...lines]) expect(line.width + 2 * PADDING).toBeLessThanOrEqual(width);
    expect(height).toBeGreaterThanOrEqual(NAME_HEIGHT + lines.length * LINE_HEIGHT);
  });

  it('of one with a short name is large enough to see and to click', () => {
    const { width, height } = frameOf({ ...stateOf('paused'), key: 'x' }, [], undefined);
    expect([width, height]).toEqual([64, 38]);
  });

  it('of a history state is a circle', () => {
    const { width, height, lines } = frameOf(stateOf('paying.before'), [], undefined);
    expect([width, height, lines]).toEqual([26, 26, []]);
  });

  it('of a collapsed one says how much is in it', () => {
    const { lines, width } = frameOf(stateOf('shopping'), [], 8);
    expect(lines.map(({ pieces }) => pieces[0]?.text)).toEqual(['8 states inside']);
    expect(width).toBeGreaterThan((lines[0]?.width ?? 0) + 2 * PADDING - 1);
  });
});

describe('the room of a label', () => {
  it('holds all transitions that share its line', () => {
    const shared = chart.edges.filter(({ source }) => source === 'paying.authorising');
    const { lines, width, height } = labelOf(shared);
    expect(lines.length).toBeGreaterThanOrEqual(shared.length);
    for (const line of lines) expect(line.width).toBeLessThan(width);
    expect(height).toBeGreaterThanOrEqual(lines.length * LINE_HEIGHT);
  });
});
