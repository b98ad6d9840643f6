import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { definitionOf } from '../../src/testing/definition.ts';

const machine = createMachine({
  id: 'upload',
  initial: 'idle',
  states: {
    idle: { on: { START: { target: 'busy', guard: () => true } } },
    busy: {
      initial: 'reading',
      states: { reading: { always: { target: 'sending', guard: 'isRead' } }, sending: {} },
      after: { 100: 'idle' },
      always: [
        {
          target: 'over',
          guard: function isOver() {
            return false;
          },
        },
      ],
    },
    over: { type: 'final' },
  },
});

describe('the definition of a machine', () => {
  it('is JSON from which the chart can be made again', () => {
    const definition = JSON.parse(JSON.stringify(definitionOf(machine)));
    expect(definitionOf(machine)).toEqual(definition);
    expect(JSON.stringify(definition)).not.toContain('toJSON');
    const again = createMachine({ ...definition, context: undefined });
    expect(Object.keys(again.states)).toEqual(['idle', 'busy', 'over']);
  });

  it('has what is always taken, at every depth', () => {
    expect(definitionOf(machine)).toMatchObject({
      states: {
        busy: {
          always: [{ target: ['#upload.over'], source: '#upload.busy' }],
          states: { reading: { always: [{ target: ['#upload.busy.sending'], guard: 'isRead' }] } },
        },
      },
    });
    expect(definitionOf(machine)).not.toHaveProperty('always');
  });
});
