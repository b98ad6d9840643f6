import { expect, it } from 'vitest';
import { parseRoute } from '../../../visualizations/inspector/src/route.ts';
import { titleOf } from '../../../visualizations/inspector/src/shell/title.ts';

it.each([
  ['#/fleet', undefined, 'Fleet · chartroom'],
  ['#/engine@4', undefined, 'Engine · chartroom'],
  ['#/session/room-1@7', undefined, 'room-1 · chartroom'],
  ['#/traces', 'lamp', 'Traces · chartroom'],
  ['#/trace', 'lamp', 'lamp · chartroom trace'],
  ['#/trace', undefined, 'chartroom trace'],
])('%s, with the trace %s open, is called %s', (hash, subject, title) => {
  expect(titleOf(parseRoute(hash), subject)).toBe(title);
});
