import { describe, expect, it } from 'vitest';
import type { FleetChange } from '../../../src/inspect/index.ts';
import { Fleet } from '../../../visualizations/inspector/src/fleet/fleet.ts';
import { fleetRow } from './row.ts';

const ids = (fleet: Fleet) => [...fleet.rows()].map(({ id }) => id);

describe('the fleet', () => {
  it('is told in parts, and begins anew', () => {
    const fleet = new Fleet();
    fleet.apply({ type: 'fleet', reset: true, rows: [fleetRow('a')], hidden: 3 }, 0);
    fleet.apply({ type: 'fleet', rows: [fleetRow('b')] }, 0);
    expect([ids(fleet), fleet.hidden]).toEqual([['a', 'b'], 3]);
    fleet.apply({ type: 'fleet', reset: true, rows: [fleetRow('c')] }, 0);
    expect([ids(fleet), fleet.size, fleet.hidden]).toEqual([['c'], 1, 0]);
  });

  it('takes up what has changed, and leaves out what is no longer there', () => {
    const fleet = new Fleet();
    fleet.apply({ type: 'fleet', rows: [fleetRow('a', { reason: 'crashed', messages: 2 })] }, 0);
    const before = fleet.get('a');
    fleet.apply({ type: 'fleet', changes: [{ id: 'a', messages: 3, reason: null }] }, 0);
    expect(fleet.get('a')).toEqual(fleetRow('a', { messages: 3 }));
    expect(before?.messages).toBe(2);
  });

  it('passes over changes of sessions that it has no row of', () => {
    const fleet = new Fleet();
    fleet.apply({ type: 'fleet', changes: [{ id: 'a', messages: 3 }] }, 0);
    expect(fleet.size).toBe(0);
  });

  it('forgets those that are gone', () => {
    const fleet = new Fleet();
    fleet.apply({ type: 'fleet', rows: [fleetRow('a'), fleetRow('b')] }, 0);
    fleet.apply({ type: 'fleet', gone: ['a', 'never'] }, 0);
    expect(ids(fleet)).toEqual(['b']);
  });

  it('keeps sessions with the names of what every object has', () => {
    const fleet = new Fleet();
    fleet.apply({ type: 'fleet', rows: [fleetRow('__proto__'), fleetRow('constructor')] }, 0);
    const change = JSON.parse('{"id":"constructor","__proto__":{"bad":true}}') as FleetChange;
    fleet.apply({ type: 'fleet', changes: [change] }, 0);
    expect(ids(fleet)).toEqual(['__proto__', 'constructor']);
    expect(({} as { bad?: boolean }).bad).toBeUndefined();
  });

  it('counts facts a second, which fade when no more come', () => {
    const fleet = new Fleet();
    fleet.apply({ type: 'fleet', rows: [fleetRow('a', { facts: 100 })] }, 0);
    expect(fleet.rate('a', 0)).toBe(0);
    for (let n = 1; n <= 300; n += 1)
      fleet.apply({ type: 'fleet', changes: [{ id: 'a', facts: 100 + n }] }, n * 100);
    expect(fleet.rate('a', 30_000)).toBeCloseTo(10, 0);
    expect(fleet.rate('a', 60_000)).toBeLessThan(0.05);
  });
});
