import { describe, expect, it } from 'vitest';
import { StatelyApps } from '../../src/inspect/stately.ts';
import { codeThrown } from '../support/errors.ts';

const message = (type: string, sessionId: string, more: object = {}) => ({
  type: `@xstate.${type}`,
  sessionId,
  rootId: 'x:0',
  createdAt: '1000',
  id: null,
  _version: '0.7.2',
  ...more,
});
const press = (sessionId = 'x:0', more: object = {}) =>
  message('event', sessionId, { event: { type: 'press' }, ...more });

describe('the apps of others', () => {
  it('are listed once something happens in them', () => {
    const apps = new StatelyApps();
    const feed = apps.connect();
    feed.receive(message('actor', 'x:0', { name: 'lamp' }));
    expect(apps.rows()).toEqual([]);
    expect(apps.look('x:0')).toBe(undefined);
    feed.receive(press());
    expect(apps.rows()).toMatchObject([{ id: 'x:0', name: 'lamp', seen: 1, connected: true }]);
    expect(apps.look('x:0')?.row()).toEqual(apps.rows()[0]);
  });

  it('are the same list as long as nothing happens', () => {
    const apps = new StatelyApps();
    const feed = apps.connect();
    feed.receive(press());
    const rows = apps.rows();
    expect(feed.receive({ type: '@xstate.microstep', _version: '1' })).toBe(undefined);
    expect(apps.rows()).toBe(rows);
    feed.receive(press());
    expect(apps.rows()).not.toBe(rows);
  });

  it('are told apart, though every process counts its actors from the same number', () => {
    const apps = new StatelyApps();
    const [one, other] = [apps.connect(), apps.connect()];
    one.receive(press());
    other.receive(press());
    one.receive(press());
    expect(apps.rows().map(({ id, seen }) => [id, seen])).toEqual([
      ['x:0', 2],
      ['x:0~2', 1],
    ]);
  });

  it('may be several of one page', () => {
    const apps = new StatelyApps();
    const feed = apps.connect();
    feed.receive(press('x:0'));
    feed.receive(press('x:9', { rootId: 'x:9' }));
    expect(apps.rows().map(({ id }) => id)).toEqual(['x:0', 'x:9']);
  });

  it('are found by their actors, when what is told by hand says no root', () => {
    const apps = new StatelyApps();
    const feed = apps.connect();
    feed.receive(message('actor', 'switch', { rootId: undefined, name: 'switch' }));
    feed.receive(message('actor', 'light', { rootId: undefined, name: 'light', parentId: 'switch' }));
    feed.receive(press('switch', { rootId: 'anonymous' }));
    feed.receive(press('light', { rootId: 'anonymous' }));
    expect(apps.rows()).toMatchObject([{ id: 'switch', actors: 2, seen: 2 }]);
  });

  it('stay to be looked at when they have gone', () => {
    const apps = new StatelyApps();
    const [feed, ghost] = [apps.connect(), apps.connect()];
    feed.receive(press());
    ghost.receive(message('actor', 'x:5', { rootId: 'x:5', name: 'ghost' }));
    feed.close();
    ghost.close();
    expect(apps.rows()).toMatchObject([{ id: 'x:0', connected: false }]);
    expect(apps.look('x:0')?.reel.end).toBe(1);
    // Of what never began not even the name is kept.
    apps.connect().receive(press('x:5', { rootId: 'x:5' }));
    expect(apps.rows()[1]).toMatchObject({ id: 'x:5', connected: true });
  });

  it('make room for one that comes when they have gone, the oldest first; else it is refused', () => {
    const apps = new StatelyApps();
    const feeds = Array.from({ length: 64 }, () => apps.connect());
    for (const feed of feeds) expect(feed.receive(press())).toBe(undefined);
    const late = apps.connect();
    expect(late.receive(press())).toBe('64 apps are looked at already.');
    feeds[3]?.close();
    feeds[2]?.close();
    expect(late.receive(press())).toBe(undefined);
    expect(apps.rows()).toHaveLength(64);
    expect(apps.look('x:0~3')?.connected).toBe(true);
    expect(apps.look('x:0~4')?.connected).toBe(false);
  });

  it('are not pushed out by a page full of ghosts, nor is memory', () => {
    const apps = new StatelyApps();
    const feed = apps.connect();
    feed.receive(press());
    for (let n = 1; n < 10_000; n += 1)
      expect(feed.receive(message('actor', `x:${n}`, { rootId: `x:${n}`, name: 'ghost' }))).toBe(undefined);
    expect(apps.rows()).toHaveLength(1);
    expect(feed.receive(press('x:1', { rootId: 'x:1' }))).toBe(undefined);
    expect(apps.rows()).toHaveLength(2);
  });

  it('may hand in what cannot be read', () => {
    const feed = new StatelyApps().connect();
    const trap = {
      get(): never {
        throw new Error('mine');
      },
    };
    expect(feed.receive(new Proxy({}, trap))).toBe('The message cannot be read: mine');
    const snapshot = new Proxy({}, trap);
    expect(feed.receive(message('snapshot', 'x:0', { snapshot }))).toBe('The message cannot be read: mine');
    expect(feed.receive(press())).toBe(undefined);
  });

  it('that say nonsense are told so', () => {
    const feed = new StatelyApps().connect();
    for (const nonsense of [null, 1, 'a', {}, [], { type: '@xstate.event' }, press('')])
      expect(feed.receive(nonsense)).toEqual(expect.any(String));
  });

  it('show nothing of what is redacted, by paths that are ones', () => {
    const apps = new StatelyApps({ redact: ['event.pin'] });
    apps.connect().receive(message('event', 'x:0', { event: { type: 'press', pin: 1234 } }));
    expect(JSON.stringify(apps.look('x:0')?.reel.recording({}))).not.toContain('1234');
    expect(codeThrown(() => new StatelyApps({ redact: [''] }))).toBe('INVALID_ARGUMENT');
  });

  it('that give no time have that of whoever listens', () => {
    const apps = new StatelyApps({ now: () => 42 });
    apps.connect().receive(press('x:0', { createdAt: 'soon' }));
    expect(apps.rows()).toMatchObject([{ lastActivityAt: 42 }]);
  });
});
