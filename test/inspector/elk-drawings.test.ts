import Elk from 'elkjs/lib/elk.bundled.js';
import { expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { chartOf, type LayoutEngine } from '../../src/diagram/index.ts';
import { ElkDrawings } from '../../visualizations/inspector/src/elk-drawings.ts';

const lamp = chartOf(createMachine({ id: 'lamp', initial: 'off', states: { off: {}, on: {} } }));
const elk = () => new (Elk as unknown as new () => LayoutEngine)();

it('the layout engine is started with the first drawing, and the same chart is drawn once', async () => {
  let starts = 0;
  const drawings = new ElkDrawings(async () => {
    starts += 1;
    return elk();
  });
  expect(starts).toBe(0);
  const [first, second] = await Promise.all([drawings.of(lamp), drawings.of(lamp)]);
  expect(first).toBe(second);
  expect(first.states.map(({ id }) => id)).toContain('off');
  expect(starts).toBe(1);
});

it('an engine that was not to be had is tried again with the next drawing', async () => {
  let isThere = false;
  const drawings = new ElkDrawings(() => (isThere ? elk() : Promise.reject(new Error('no line'))));
  await expect(drawings.of(lamp)).rejects.toThrow('no line');
  isThere = true;
  expect((await drawings.of(lamp)).width).toBeGreaterThan(0);
});
