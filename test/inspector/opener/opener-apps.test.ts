import { describe, expect, it } from 'vitest';
import { OpenerApps } from '../../../visualizations/inspector/src/opener/opener-apps.ts';

const ORIGIN = 'http://localhost:5173';

function page() {
  const posted: unknown[] = [];
  const source = { postMessage: (...said: unknown[]) => posted.push(said) } as unknown as Window;
  const due: (() => void)[] = [];
  const apps = new OpenerApps(source, { after: (_ms, run) => due.push(run) });
  return {
    apps,
    source,
    posted,
    due,
    tell: (data: unknown, over: object = {}) => apps.receive({ source, origin: ORIGIN, data, ...over }),
    tick: () => {
      for (const run of due.splice(0)) run();
    },
  };
}

const base = { rootId: 'x:0', sessionId: 'x:0', createdAt: '1000', id: null, _version: '0.7.2' };
const actor = {
  ...base,
  type: '@xstate.actor',
  name: 'lamp',
  definition: '{"id":"lamp","initial":"off","states":{"off":{},"on":{}}}',
  snapshot: { status: 'active', value: 'off', context: {} },
};
const event = (type: string) => ({ ...base, type: '@xstate.event', event: { type } });
const snapshot = (value: string) => ({
  ...base,
  type: '@xstate.snapshot',
  event: { type: 'press' },
  snapshot: { status: 'active', value, context: {} },
});

describe('the app that has opened the page', () => {
  it('is greeted', () => {
    const { apps, posted } = page();
    apps.greet();
    expect(posted).toEqual([[{ type: '@statelyai.connected' }, '*']]);
  });

  it('appears with its actors, told once for many messages', () => {
    const { apps, tell, tick, due } = page();
    for (const message of [actor, event('xstate.init'), snapshot('off')]) tell(message);
    expect(due).toHaveLength(1);
    tick();
    expect(apps.rows.value).toMatchObject([{ id: 'x:0', name: 'lamp', connected: true }]);
    expect(apps.origin.value).toBe(ORIGIN);
  });

  it('is looked at from its beginning on, and goes on', () => {
    const { apps, tell, tick } = page();
    for (const message of [actor, event('xstate.init'), snapshot('off')]) tell(message);
    tick();
    const looking = apps.look('x:0', 'live');
    const before = looking.recording.value;
    expect(looking.state.value.is).toBe('here');
    expect(Object.values(before.definitions)).toMatchObject([{ id: 'lamp' }]);
    tell(event('press'));
    tell(snapshot('on'));
    tick();
    const after = looking.recording.value;
    expect(after.entries.slice(0, before.entries.length)).toEqual(before.entries);
    expect(after.entries.at(-1)).toMatchObject({ kind: 'snapshot', value: 'on' });
    expect(after.bases).toBe(before.bases);
  });

  it('that nobody knows is missing', () => {
    expect(page().apps.look('nobody', 'live').state.value.is).toBe('missing');
  });

  it('has gone when it says so, and what was seen stays', () => {
    const { apps, tell, tick } = page();
    for (const message of [actor, event('xstate.init')]) tell(message);
    tell({ type: '@statelyai.disconnected' });
    tick();
    expect(apps.rows.value).toMatchObject([{ name: 'lamp', connected: false }]);
  });
});

describe('nobody else is listened to:', () => {
  it.each([
    ['another window', { source: {} }],
    ['no window', { source: null }],
  ])('%s', (_who, over) => {
    const { apps, tell, due } = page();
    tell(actor, over);
    expect([due.length, apps.origin.value]).toEqual([0, undefined]);
  });

  it('the opener after it has gone to another site', () => {
    const { apps, tell, tick } = page();
    for (const message of [actor, event('xstate.init')]) tell(message);
    tick();
    tell({ ...actor, sessionId: 'x:9', rootId: 'x:9' }, { origin: 'https://elsewhere.example' });
    tell({ type: '@statelyai.disconnected' }, { origin: 'https://elsewhere.example' });
    tick();
    expect(apps.rows.value).toMatchObject([{ id: 'x:0', connected: true }]);
  });

  it.each([null, 7, 'text', {}, { type: 7 }, { type: 'webpackOk' }, [], { type: '@xstate.actor' }])(
    'a message that is none, %j',
    (data) => {
      const { apps, tell, tick } = page();
      tell(data);
      tick();
      expect(apps.rows.value).toEqual([]);
    },
  );
});
