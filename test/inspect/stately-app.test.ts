import { describe, expect, it } from 'vitest';
import { Redaction } from '../../src/inspect/redaction.ts';
import { StatelyApp } from '../../src/inspect/stately-app.ts';

const LAMP = { id: 'lamp', initial: 'off', states: { off: {}, on: {} } };

function appOf({ redact = [] as string[] } = {}) {
  const app = new StatelyApp('x:0', 'x:0', new Redaction(redact), () => 5000);
  const actor = (sessionId: string, name: string, more: object = {}) =>
    app.take({ type: 'actor', sessionId, name, snapshot: { status: 'active', value: 'off' }, ...more });
  const event = (sessionId: string, type: string, more: object = {}) =>
    app.take({ type: 'event', sessionId, event: { type, ...more }, at: 1 });
  const snapshot = (sessionId: string, held: unknown) =>
    app.take({ type: 'snapshot', sessionId, snapshot: held, at: 2 });
  const entries = () => app.reel.recording({}).entries;
  return { app, actor, event, snapshot, entries };
}

describe('an app', () => {
  it('becomes entries of a trace: what its charts were sent, and where they are', () => {
    const { app, actor, event, snapshot, entries } = appOf();
    actor('x:0', 'lamp', { definition: LAMP });
    event('x:0', 'xstate.init');
    snapshot('x:0', { status: 'active', value: 'off', context: { n: 0 }, children: {} });
    event('x:0', 'press', { force: 2 });
    snapshot('x:0', { status: 'active', value: 'on', context: { n: 1 } });
    const at = { step: 0, definition: 'lamp', actor: 'lamp' };
    expect(entries()).toEqual([
      { ...at, atMs: 2, kind: 'snapshot', value: 'off', status: 'active', context: { n: 0 } },
      { ...at, atMs: 1, kind: 'sent', event: { type: 'press', force: 2 } },
      { ...at, atMs: 2, kind: 'snapshot', value: 'on', status: 'active', context: { n: 1 } },
    ]);
    expect(app.definitions()).toEqual({ lamp: LAMP });
    expect(app.row()).toEqual({
      id: 'x:0',
      name: 'lamp',
      actors: 1,
      status: 'active',
      lastActivityAt: 2,
      seen: 4,
      connected: true,
    });
  });

  it('has its actors in a tree, each under the names that lead to it', () => {
    const { app, actor, event } = appOf();
    actor('x:0', 'lamp', { definition: LAMP });
    actor('x:1', 'bulb', { parentId: 'x:0', definition: { id: 'bulb', states: {} } });
    actor('x:2', 'load', { parentId: 'x:1', snapshot: { status: 'active' } });
    for (const id of ['x:0', 'x:1', 'x:2']) event(id, 'xstate.init');
    expect(app.detail().actors).toEqual([
      { actor: 'lamp', definition: 'lamp', id: 'lamp', kind: 'machine', status: 'active' },
      {
        actor: 'lamp/bulb',
        definition: 'bulb',
        id: 'bulb',
        kind: 'machine',
        status: 'active',
        parent: 'lamp',
      },
      { actor: 'lamp/bulb/load', id: 'load', kind: 'logic', status: 'active', parent: 'lamp/bulb' },
    ]);
  });

  it('hides an actor until something happens to it, as a ghost of StrictMode never does', () => {
    const { app, actor, event } = appOf();
    actor('x:0', 'lamp', { definition: LAMP });
    expect([app.silent, app.detail().actors]).toEqual([true, []]);
    actor('x:1', 'ghost', { parentId: 'x:0' });
    event('x:0', 'press');
    expect([app.silent, app.row().actors]).toEqual([false, 1]);
    expect(app.detail().actors.map(({ id }) => id)).toEqual(['lamp']);
  });

  it('takes events of an actor that it never heard of', () => {
    const { app, event, snapshot, entries } = appOf();
    event('x:7', 'press');
    snapshot('x:7', { status: 'active', value: { a: 'b' } });
    expect(entries()).toMatchObject([
      { kind: 'sent', actor: 'x:7', definition: '' },
      { kind: 'snapshot', actor: 'x:7', definition: '', value: { a: 'b' } },
    ]);
    expect(app.detail().actors).toMatchObject([{ actor: 'x:7', status: 'active' }]);
  });

  it('begins with where an actor was that had been started before', () => {
    const { actor, event, entries } = appOf();
    actor('x:0', 'lamp', { definition: LAMP });
    event('x:0', 'press');
    expect(entries()).toMatchObject([{ kind: 'snapshot', value: 'off' }, { kind: 'sent' }]);
  });

  it('has no entries of logic that is no machine', () => {
    const { app, actor, event, snapshot, entries } = appOf();
    actor('x:0', 'load', { snapshot: { status: 'active' } });
    event('x:0', 'xstate.promise.resolve');
    snapshot('x:0', { status: 'done', output: 1 });
    expect(entries()).toEqual([]);
    expect(app.detail().actors).toMatchObject([{ kind: 'logic', status: 'done' }]);
    expect(app.row()).toMatchObject({ status: 'done', actors: 0, seen: 2 });
  });

  it('tells charts of one id apart, and knows the same one again', () => {
    const { app, actor } = appOf();
    const other = { ...LAMP, initial: 'on' };
    for (const [n, definition] of [LAMP, other, LAMP, other, { ...LAMP, id: '__proto__' }].entries())
      actor(`x:${n}`, `a${n}`, { definition });
    expect(Object.entries(app.definitions())).toEqual([
      ['lamp', LAMP],
      ['lamp (2)', other],
      ['__proto__', { ...LAMP, id: '__proto__' }],
    ]);
  });

  it('lets an actor go on where one of the same name ended, and tells two at once apart', () => {
    const { app, actor, event, snapshot } = appOf();
    for (const id of ['x:1', 'x:2', 'x:3']) {
      actor(id, 'child', { definition: LAMP });
      event(id, 'press');
      if (id === 'x:1') snapshot(id, { status: 'done', value: 'on' });
    }
    expect(app.detail().actors.map((node) => node.actor)).toEqual(['child', 'child (x:3)']);
  });

  it('takes a snapshot that is none for one of nothing', () => {
    const { app, snapshot, entries } = appOf();
    for (const odd of [null, 7, 'on', { status: 'exploded' }]) snapshot('x:1', odd);
    const nothing = { kind: 'snapshot', value: null, status: 'active' };
    expect(entries()).toMatchObject([nothing, nothing, nothing, nothing]);
    expect(entries()[0]).not.toHaveProperty('context');
    expect(app.detail().actors).toHaveLength(1);
  });

  it('knows an actor that is told of again', () => {
    const { app, actor, event } = appOf();
    actor('x:1', 'lamp', { definition: LAMP });
    event('x:1', 'press');
    actor('x:1', 'other', { definition: { ...LAMP, id: 'other' } });
    expect(app.detail().actors).toMatchObject([{ id: 'lamp', definition: 'lamp' }]);
  });

  it('shows nothing of what is redacted', () => {
    const { actor, event, snapshot, entries } = appOf({ redact: ['context.token', 'event.pin'] });
    actor('x:0', 'lamp', { definition: LAMP, snapshot: { value: 'off', context: { token: 'secret' } } });
    event('x:0', 'press', { pin: 'secret' });
    snapshot('x:0', { value: 'on', context: { token: 'secret', n: 1 } });
    expect(JSON.stringify(entries())).not.toContain('secret');
    expect(entries()[2]).toMatchObject({ context: { token: '(redacted)', n: 1 } });
  });

  it('is bounded in actors, and keeps those that are alive', () => {
    const { app, actor, event, snapshot } = appOf();
    actor('x:0', 'root', { definition: LAMP });
    event('x:0', 'a');
    actor('x:1', 'old', { parentId: 'x:0', definition: LAMP });
    event('x:1', 'a');
    for (let n = 2; n < 3000; n += 1) {
      actor(`x:${n}`, `a${n}`, { parentId: 'x:0', definition: LAMP });
      snapshot(`x:${n}`, { status: 'done', value: 'on' });
    }
    expect(app.detail().actors).toHaveLength(1000);
    expect(app.row()).toMatchObject({ name: 'root', actors: 2 });
    for (let n = 0; n < 3000; n += 1) event(`stranger ${n}`, 'a');
    expect(app.detail().actors).toHaveLength(1000);
    expect(app.row()).toMatchObject({ name: 'root', actors: 1000 });
  });

  it('is bounded in what it holds of the actors that it makes room for', () => {
    const { app, snapshot } = appOf();
    const heavy = { status: 'active', value: 'on', context: 'a'.repeat(64 * 1024) };
    for (let n = 0; n < 40_000; n += 1) snapshot(`x:${n}`, heavy);
    expect(JSON.stringify(app.reel.recording({})).length).toBeLessThan(30 * 1024 * 1024);
  });

  it('is bounded in definitions, in number and in size', () => {
    const { app, actor } = appOf();
    for (let n = 0; n < 100; n += 1) actor(`x:${n}`, `a${n}`, { definition: { id: `m${n}`, states: {} } });
    expect(Object.keys(app.definitions())).toHaveLength(64);
    const large = appOf();
    const definition = (n: number) => ({ id: `m${n}`, states: { a: 'a'.repeat(200 * 1024) } });
    for (let n = 0; n < 9; n += 1) large.actor(`x:${n}`, `a${n}`, { definition: definition(n) });
    expect(Object.keys(large.app.definitions())).toEqual(['m0', 'm1']);
  });

  it('is bounded in what actors bring that are never started', () => {
    const { app, actor, event, entries } = appOf();
    const heavy = { status: 'active', value: 'on', context: 'a'.repeat(1024 * 1024) };
    for (let n = 0; n < 100; n += 1) actor(`x:${n}`, `a${n}`, { definition: LAMP, snapshot: heavy });
    for (let n = 0; n < 100; n += 1) event(`x:${n}`, 'press');
    // Of a few it is known where they were, of the others what they were sent.
    expect(entries().filter(({ kind }) => kind === 'sent')).toHaveLength(100);
    expect(entries().filter(({ kind }) => kind === 'snapshot').length).toBeLessThan(10);
    expect(app.detail().actors).toHaveLength(100);
  });

  it('is bounded in the names of actors that stand below each other', () => {
    const { app, actor, event } = appOf();
    for (let n = 0; n < 900; n += 1) {
      actor(`x:${n}`, 'n'.repeat(200), { parentId: `x:${n - 1}`, definition: LAMP });
      event(`x:${n}`, 'press');
    }
    expect(JSON.stringify(app.detail()).length).toBeLessThan(1024 * 1024);
    expect(app.detail().actors[5]).toMatchObject({ id: 'n'.repeat(200) });
    expect(app.detail().actors[899]?.parent).toBe(app.detail().actors[898]?.actor);
  });

  it('holds no more than a share of what is large', () => {
    const { app, snapshot } = appOf();
    for (let n = 0; n < 300; n += 1) snapshot('x:0', { value: 'on', context: 'a'.repeat(1024 * 1024) });
    expect(JSON.stringify(app.reel.recording({})).length).toBeLessThan(3 * 1024 * 1024);
    expect(app.reel.cut).toBe(true);
  });
});
