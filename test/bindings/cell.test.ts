import { afterEach, describe, expect, it, vi } from 'vitest';
import { Cell, type Status } from '../../src/bindings/cell.ts';
import { stateOf, turns } from '../support/turns.ts';

afterEach(() => {
  vi.useRealTimers();
});

function cellOf() {
  const life: string[] = [];
  const now = { view: { status: 'loading' } as Status };
  const cell = new Cell<Status>(now.view, {
    compute: () => now.view,
    start: () => life.push('start'),
    stop: () => life.push('stop'),
    retry: () => life.push('retry'),
  });
  const show = async (status: Status['status']) => {
    now.view = { status };
    cell.touch();
    await turns();
  };
  return { cell, life, show };
}

describe('a cell', () => {
  it('is live from its first listener until after its last, and through a change of listeners in one turn', async () => {
    const { cell, life } = cellOf();
    const [first, second] = [cell.subscribe(() => {}), cell.subscribe(() => {})];
    first();
    second();
    const third = cell.subscribe(() => {});
    await turns();
    expect(life).toEqual(['start']);
    third();
    third();
    await turns();
    expect(life).toEqual(['start', 'stop']);
    cell.subscribe(() => {});
    expect(life).toEqual(['start', 'stop', 'start']);
  });

  it('tells each subscription, also of the same function, and none that has ended', async () => {
    const { cell, show } = cellOf();
    let told = 0;
    const onChange = () => {
      told += 1;
      stop();
    };
    cell.subscribe(onChange);
    const stop = cell.subscribe(onChange);
    await show('ready');
    expect(told).toBe(1);
    expect(cell.get()).toEqual({ status: 'ready' });
  });

  it('asks again when somebody comes who finds an error', async () => {
    const { cell, life, show } = cellOf();
    cell.subscribe(() => {});
    await show('error');
    cell.subscribe(() => {});
    expect(life).toEqual(['start', 'retry']);
  });

  it('is the loading it began with once nobody looks', async () => {
    const { cell, show } = cellOf();
    const stop = cell.subscribe(() => {});
    await show('ready');
    stop();
    await turns();
    expect(cell.get()).toBe(cell.fallback);
  });
});

describe('loading', () => {
  it('is one promise until the view is there, which is then held for a while', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { cell, life, show } = cellOf();
    const loading = cell.load();
    expect(cell.load()).toBe(loading);
    expect(await stateOf(loading)).toBe('pending');
    await show('ready');
    expect(await stateOf(loading)).toBe('fulfilled');
    vi.advanceTimersByTime(9999);
    await turns();
    expect(life).toEqual(['start']);
    vi.advanceTimersByTime(1);
    await turns();
    expect(life).toEqual(['start', 'stop']);
  });

  it('resolves on an error too, which is not held for long', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { cell, life, show } = cellOf();
    const loading = cell.load();
    await show('error');
    expect(await stateOf(loading)).toBe('fulfilled');
    vi.advanceTimersByTime(1000);
    await turns();
    expect(life).toEqual(['start', 'stop']);
  });
});
