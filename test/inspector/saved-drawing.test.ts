import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { chartOf, layOut } from '../../src/diagram/index.ts';
import { isDrawing } from '../../visualizations/inspector/src/saved-drawing.ts';

const lamp = createMachine({
  id: 'lamp',
  initial: 'off',
  states: { off: { on: { press: 'on' } }, on: { type: 'parallel', states: { a: {}, b: {} } } },
});

describe('a drawing out of a file', () => {
  it('is what a layout gives', async () => {
    expect(isDrawing(JSON.parse(JSON.stringify(await layOut(chartOf(lamp)))))).toBe(true);
  });

  it('is none with anything in place of one of its numbers', async () => {
    const drawing = await layOut(chartOf(lamp));
    const numbers = JSON.stringify(drawing).match(/:-?[\d.]+/g)?.length ?? 0;
    expect(numbers).toBeGreaterThan(30);
    for (let spoiled = 0; spoiled < numbers; spoiled += 1) {
      let n = -1;
      const spoil = (_key: string, value: unknown) => {
        if (typeof value !== 'number') return value;
        n += 1;
        return n === spoiled ? '1" onload="alert(1)' : value;
      };
      expect(isDrawing(JSON.parse(JSON.stringify(drawing, spoil)))).toBe(false);
    }
  });

  it.each([null, 7, [], {}, { width: 1, height: 1 }, 'drawing'])('is not %j', (value) => {
    expect(isDrawing(value)).toBe(false);
  });
});
