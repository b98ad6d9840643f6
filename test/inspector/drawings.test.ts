import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { chartKey, chartOf, type Drawing } from '../../src/diagram/index.ts';
import type { JsonObject } from '../../src/index.ts';
import { type Drawings, drawingsFor, SavedDrawings } from '../../visualizations/inspector/src/drawings.ts';

const lamp = createMachine({ id: 'lamp', initial: 'off', states: { off: {}, on: {} } });
const definition: JsonObject = JSON.parse(JSON.stringify(lamp.definition));
const drawing: Drawing = { width: 1, height: 1, states: [], markers: [], dividers: [], routes: [] };

describe('the drawings of a saved trace', () => {
  it('are those that it carries', async () => {
    const chart = chartOf(definition);
    const saved = new SavedDrawings({ [chartKey(chart)]: drawing });
    expect(await saved.of(chart)).toBe(drawing);
  });

  it('are refused when somebody has damaged them', async () => {
    const chart = chartOf(definition);
    const saved = new SavedDrawings({ [chartKey(chart)]: { ...drawing, width: '1' } });
    await expect(saved.of(chart)).rejects.toMatchObject({ code: 'LAYOUT_FAILED' });
  });

  it('say what is missing where there is none', async () => {
    await expect(new SavedDrawings({}).of(chartOf(definition))).rejects.toMatchObject({
      code: 'LAYOUT_MISSING',
    });
  });
});

describe('what a trace is to carry', () => {
  it('is a drawing of each chart that can be drawn', async () => {
    const drawings: Drawings = { of: async () => drawing };
    const found = await drawingsFor(
      { lamp: definition, broken: { initial: 'nowhere', states: { here: {} } } },
      drawings,
    );
    expect(found).toEqual({ [chartKey(chartOf(definition))]: drawing });
  });

  it('is nothing where the layout fails: it is shown as an outline', async () => {
    const drawings: Drawings = { of: () => Promise.reject(new Error('no room')) };
    expect(await drawingsFor({ lamp: definition }, drawings)).toEqual({});
  });
});
