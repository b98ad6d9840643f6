import { describe, expect, it } from 'vitest';
import { hrefOf, parseRoute, type Route, sessionHref } from '../../visualizations/inspector/src/route.ts';

const opened = { moment: 'live', query: {} } as const;

describe('an address', () => {
  it.each<[string, Route]>([
    ['#/fleet', { view: 'fleet' }],
    ['#/apps', { view: 'apps' }],
    ['#/traces', { view: 'traces' }],
    ['#/engine', { view: 'engine', ...opened }],
    ['#/trace@12', { view: 'trace', moment: 12, query: {} }],
    ['#/session/a', { view: 'session', id: 'a', ...opened }],
    ['#/session/a@0', { view: 'session', id: 'a', moment: 0, query: {} }],
    ['#/app/x%3A0@7?panel=chart', { view: 'app', id: 'x:0', moment: 7, query: { panel: 'chart' } }],
  ])('%s is a place, and the place has this address', (hash, route) => {
    expect(parseRoute(hash)).toEqual(route);
    expect(parseRoute(hrefOf(route))).toEqual(route);
  });

  it.each(['a/b', 'a@12', 'a?b=c', '#', '%41', 'ü €', '__proto__', ' ', '../x'])(
    'leads back to a session called %j',
    (id) => {
      expect(parseRoute(sessionHref(id))).toEqual({ view: 'session', id, ...opened });
    },
  );

  it.each(['', '#', '#/', '#/session', '#/session/', '#/nowhere', '#/app', '#javascript:alert(1)'])(
    'that says nothing, %j, is the fleet',
    (hash) => {
      expect(parseRoute(hash)).toEqual({ view: 'fleet' });
    },
  );

  it.each(['@x', '@-1', '@1.5', '@', '@1e9', '@9999999999999999'])(
    'with %s for a moment is the live end',
    (at) => {
      expect(parseRoute(`#/session/a${at}`)).toEqual({ view: 'session', id: 'a', ...opened });
    },
  );

  it('that was cut off within an escape is taken as it stands', () => {
    expect(parseRoute('#/session/a%4')).toEqual({ view: 'session', id: 'a%4', ...opened });
  });
});
