import { expect, it } from 'vitest';
import { portPair } from '../../src/wire/port-pair.ts';

it('hands over what is posted, in either direction, as it is', () => {
  const [near, far] = portPair();
  const heard: unknown[] = [];
  far.onMessage = (message) => heard.push(['far', message]);
  near.onMessage = (message) => heard.push(['near', message]);
  const message = {};
  near.post(message);
  far.post(2);
  expect(heard).toEqual([
    ['far', message],
    ['near', 2],
  ]);
  expect((heard[0] as unknown[])[1]).toBe(message);
});

it('drops what nobody is there to hear', () => {
  const [near] = portPair();
  expect(() => near.post(1)).not.toThrow();
});
