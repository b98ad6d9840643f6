import { createInspector } from '@statelyai/inspect';
import { describe, expect, it } from 'vitest';
import { assign, createActor, createMachine, fromPromise } from 'xstate';
import { isForbidden } from '../../src/diagram/chart.ts';
import { chartOf } from '../../src/diagram/chart-of.ts';
import { mended } from '../../src/diagram/mend.ts';
import { outlineOf } from '../../src/diagram/outline.ts';
import { checkout } from './charts.ts';

/** What a stock inspector says that the config of a machine is. */
async function told(machine: Parameters<typeof createActor>[0]): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const inspector = createInspector({
    start() {},
    stop() {},
    // When it likes: it defers what it has to say.
    send(event) {
      if (event.type === '@xstate.actor' && event.definition !== undefined) resolve(event.definition);
    },
  });
  const actor = createActor(machine, { inspect: inspector.inspect as never }).start();
  const definition = await promise;
  actor.stop();
  return definition;
}

describe('a config that a stock inspector has cut', () => {
  it('has all the states that it tells of', async () => {
    const leaf = { on: { X: { actions: () => {}, guard: () => true } }, entry: assign({}) };
    const nested = (depth: number): object => {
      if (depth === 0) return leaf;
      const work = {
        invoke: { src: fromPromise(async () => {}), onDone: { target: 'a', actions: ['x', 'y'] } },
      };
      return { initial: 'a', states: { a: nested(depth - 1), work } };
    };
    for (const depth of [3, 4, 5, 6, 7]) {
      const definition = await told(createMachine({ id: 'm', ...nested(depth) } as never));
      const chart = chartOf(JSON.parse(definition));
      expect(chart.states.length, `${depth} deep`).toBeGreaterThanOrEqual(Math.min(2 * depth + 1, 9));
    }
  });

  it('of ordinary depth has lost nothing but names', async () => {
    const read = chartOf(JSON.parse(await told(checkout)));
    const known = chartOf(checkout);
    expect(read.states.map(({ id }) => id).sort()).toEqual(known.states.map(({ id }) => id).sort());
    // JSON has no `undefined`: what is forbidden by that is not told.
    const all = known.edges.filter((edge) => !isForbidden(edge));
    expect(all).toHaveLength(known.edges.length - 1);
    expect(read.edges.map(({ source, targets }) => `${source} → ${targets}`).sort()).toEqual(
      all.map(({ source, targets }) => `${source} → ${targets}`).sort(),
    );
  });

  it('says of what was cut that it is there', () => {
    const chart = chartOf({
      id: 'm',
      initial: 'a',
      entry: ['[Object]', 'known'],
      states: {
        a: {
          on: { X: '[Array]', Y: { target: 'b', actions: '[Array]', guard: '[Object]' }, Z: ['[Object]'] },
          exit: '[Array]',
          always: '[Array]',
        },
        b: { initial: 'q', states: '[Object]', on: '[Object]', tags: '[Array]', after: { 10: '[Array]' } },
        c: '[Object]',
        d: { invoke: '[Array]' },
        e: { invoke: [{ id: 'x', src: '[Object]', onError: '[Object]' }, '[Object]'], onDone: '[Array]' },
      },
    });
    expect(outlineOf(chart)).toBe(`m
  entry / …, known
  a (initial)
    exit / …
    X / …
    Y […] / … → b
    Z / …
    always / …
  b
    after 10 ms / …
  c
  d
    invoke …
  e
    invoke x
    invoke …
    done / …
    error: x / …
`);
  });

  it('says of no transition whose function was lost that it ignores its event', () => {
    const config = { id: 'm', on: { ADD: { actions: () => {} }, SET: { guard: 'mayBe' } } };
    expect(outlineOf(chartOf(JSON.parse(JSON.stringify(config))))).toBe('m\n  ADD / …\n  SET [mayBe] / …\n');
  });

  it('that is whole stays as it is', () => {
    const whole = { id: '[Object]', initial: 'a', states: { a: { on: { X: 'b', Y: undefined } }, b: {} } };
    expect(mended(whole)).toEqual(whole);
  });
});
