import { describe, expect, it } from 'vitest';
import { type Drawing, shifted, tenth } from '../../src/diagram/drawing.ts';

const drawing: Drawing = {
  width: 10,
  height: 20,
  states: [{ id: 'a', x: 1, y: 2, width: 3, height: 4, collapsed: 7 }],
  markers: [{ kind: 'fork', x: 1, y: 2, width: 3, height: 4 }],
  dividers: [
    [
      { x: 0, y: 0 },
      { x: 0, y: 9 },
    ],
  ],
  routes: [
    { edges: ['e0'], points: [{ x: 0, y: 0 }], label: { x: 5, y: 5, width: 6, height: 7 } },
    { edges: [], points: [], headless: true },
  ],
};

describe('a drawing that is shifted', () => {
  it('has everything in its new place, and nothing else changed', () => {
    expect(shifted(drawing, 10, 0.5)).toEqual({
      width: 10,
      height: 20,
      states: [{ id: 'a', x: 11, y: 2.5, width: 3, height: 4, collapsed: 7 }],
      markers: [{ kind: 'fork', x: 11, y: 2.5, width: 3, height: 4 }],
      dividers: [
        [
          { x: 10, y: 0.5 },
          { x: 10, y: 9.5 },
        ],
      ],
      routes: [
        { edges: ['e0'], points: [{ x: 10, y: 0.5 }], label: { x: 15, y: 5.5, width: 6, height: 7 } },
        { edges: [], points: [], headless: true },
      ],
    });
    expect(drawing.states[0]?.x).toBe(1);
  });

  it('is on tenths of a pixel, however often it is shifted', () => {
    let moved = drawing;
    for (let times = 0; times < 10; times += 1) moved = shifted(moved, 0.1, 0.1);
    expect(moved.states[0]).toMatchObject({ x: 2, y: 3 });
    expect(tenth(0.1 + 0.2)).toBe(0.3);
  });
});
