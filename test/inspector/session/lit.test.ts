import { chartOf } from 'chartroom/diagram';
import { sessionMachine } from 'chartroom/machines';
import { describe, expect, it } from 'vitest';
import { litOf } from '../../../visualizations/inspector/src/session/lit.ts';

const chart = chartOf(sessionMachine);
const at = { actor: 'a', definition: 'session', status: 'active', entry: 0 };
const wayOf = (id: string | undefined) => {
  const edge = chart.edges.find((each) => each.id === id);
  return edge && `${edge.source} ${edge.event} ${edge.targets.join()}`;
};

describe('litOf', () => {
  it('lights where a chart is, and what it is inside of', () => {
    expect(litOf(chart, { ...at, value: { running: 'idle' } }).active).toEqual(['running', 'running.idle']);
    expect(litOf(chart, at)).toEqual({ active: [], lastEdge: undefined });
  });

  it('lights the transition of its last event', () => {
    const event = { type: 'session.idle' };
    const { lastEdge } = litOf(chart, {
      ...at,
      value: { running: 'idle' },
      previous: { running: 'active' },
      event,
    });
    expect(wayOf(lastEdge)).toBe('running.active session.idle running.idle');
  });

  it('lights the only way from where it was, when its event was not told', () => {
    const { lastEdge } = litOf(chart, { ...at, value: { running: 'active' }, previous: 'initializing' });
    expect(wayOf(lastEdge)).toBe('initializing session.active running');
  });

  it('lights no transition when nobody can tell which one', () => {
    expect(litOf(chart, { ...at, value: 'terminated' }).lastEdge).toBeUndefined();
    expect(litOf(chart, { ...at, value: 'initializing', previous: 'initializing' }).lastEdge).toBeUndefined();
    const event = { type: 'unheard of' };
    const told = litOf(chart, { ...at, value: { running: 'active' }, previous: 'initializing', event });
    expect(told.lastEdge).toBeUndefined();
  });
});
