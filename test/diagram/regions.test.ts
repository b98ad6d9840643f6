import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { chartOf } from '../../src/diagram/chart-of.ts';
import type { Drawing } from '../../src/diagram/drawing.ts';
import { layOut } from '../../src/diagram/layout.ts';

const switches = (names: readonly string[], own: object = {}) =>
  Object.fromEntries(
    names.map((name) => [name, { initial: 'off', states: { off: { on: { ON: 'on' } }, on: {} }, ...own }]),
  );
const drawn = (config: object): Promise<Drawing> =>
  layOut(chartOf(createMachine({ id: 'm', initial: 'p', ...config } as never)));
const boxOf = ({ states }: Drawing, id: string) => {
  const found = states.find((each) => each.id === id);
  if (!found) throw new Error(`no ${id}`);
  return found;
};

describe('the regions of a parallel state', () => {
  it('fill it, with a dashed line between each and the next', async () => {
    const drawing = await drawn({ states: { p: { type: 'parallel', states: switches(['a', 'b', 'c']) } } });
    const around = boxOf(drawing, 'p');
    const regions = ['p.a', 'p.b', 'p.c'].map((id) => boxOf(drawing, id));
    expect(regions.map(({ region }) => region)).toEqual(['cell', 'cell', 'cell']);
    expect(drawing.dividers).toHaveLength(2);
    for (const [from, to] of drawing.dividers) expect(from.x === to.x || from.y === to.y).toBe(true);
    const area = regions.reduce((sum, { width, height }) => sum + width * height, 0);
    const header = 38;
    expect(area).toBeCloseTo(around.width * (around.height - header), -2);
  });

  it('may be single states', async () => {
    const drawing = await drawn({ states: { p: { type: 'parallel', states: { a: {}, b: {} } } } });
    expect(boxOf(drawing, 'p.a')).toMatchObject({ region: 'cell' });
    expect(drawing.dividers).toHaveLength(1);
  });

  it('are as wide as their state when its header is wider than they are', async () => {
    const entry = ['aRatherLongNameOfAnAction', 'another'];
    const drawing = await drawn({ states: { p: { type: 'parallel', entry, states: { a: {}, b: {} } } } });
    const [around, a, b] = ['p', 'p.a', 'p.b'].map((id) => boxOf(drawing, id));
    const isRow = a?.y === b?.y;
    expect(isRow ? (a?.width ?? 0) + (b?.width ?? 0) : a?.width).toBeCloseTo(around?.width ?? 0, 0);
  });

  it('have borders of their own where a transition leads into one or from one to another', async () => {
    const into = await drawn({
      states: { p: { type: 'parallel', states: switches(['a', 'b']) }, q: { on: { X: '#m.p.a.on' } } },
    });
    expect(boxOf(into, 'p.a').region).toBe('box');
    expect(boxOf(into, 'p.b').region).toBe('box');
    expect(into.dividers).toEqual([]);
    const across = await drawn({
      states: { p: { type: 'parallel', states: switches(['a', 'b'], { on: { OVER: '#m.p.b' } }) } },
    });
    expect(boxOf(across, 'p.b').region).toBe('box');
  });

  it('may be the machine itself', async () => {
    const machine = createMachine({ id: 'm', type: 'parallel', states: switches(['a', 'b']) });
    const drawing = await layOut(chartOf(machine));
    expect(drawing.dividers).toHaveLength(1);
    expect(boxOf(drawing, 'b')).toMatchObject({ region: 'cell' });
  });
});
