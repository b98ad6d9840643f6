import { afterEach, expect, it, vi } from 'vitest';
import { askSoon, changeSoon } from '../../src/bindings/pace.ts';
import { turns } from '../support/turns.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

const viewOf = (told: string[], name: string, isChanged = true) => ({
  commit: () => {
    told.push(`commit ${name}`);
    return isChanged;
  },
  tell: () => void told.push(`tell ${name}`),
});

it('asks first, then commits every view, then tells those that changed: once each, in the next turn', async () => {
  const order: string[] = [];
  const ask = () => void order.push('ask');
  const [a, b, c] = [viewOf(order, 'a'), viewOf(order, 'b', false), viewOf(order, 'c')];
  for (const view of [a, b, c, a]) changeSoon(view);
  askSoon(ask);
  askSoon(ask);
  await Promise.resolve();
  expect(order).toEqual([]);
  await turns(1);
  expect(order).toEqual(['ask', 'commit a', 'commit b', 'commit c', 'tell a', 'tell c']);
});

it('waits for the next frame after the first change, where there are frames', async () => {
  const frames: Array<() => void> = [];
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => frames.push(callback));
  vi.stubGlobal('cancelAnimationFrame', () => {});
  const told: string[] = [];
  const view = viewOf(told, 'a');
  changeSoon(view);
  await turns();
  expect(told).toEqual(['commit a', 'tell a']);
  for (let n = 0; n < 10; n++) {
    changeSoon(view);
    await turns(1);
  }
  expect(told).toHaveLength(2);
  frames.shift()?.();
  expect(told).toHaveLength(4);
  // Nothing was due in that frame's turn: the next change need not wait.
  frames.shift()?.();
  changeSoon(view);
  await turns();
  expect(told).toHaveLength(6);
  frames.shift()?.();
});
