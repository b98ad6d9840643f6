/** Our engine in Stately's tools, and any XState app in ours, by the package that everybody uses. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createBrowserInspector, createWebSocketInspector } from '@statelyai/inspect';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { assign, createActor, fromPromise, setup } from 'xstate';
import { createSessionManager } from '../../src/index.ts';
import { startServer } from '../../src/inspect/server/index.ts';
import { StatelyApps } from '../../src/inspect/stately.ts';
import { until } from '../support/turns.ts';
import { builtPage } from './server/stage.ts';

const cleanups: Array<() => unknown> = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const lamp = setup({
  types: { context: {} as { presses: number } },
  actors: { bulb: setup({}).createMachine({ id: 'bulb', initial: 'cold', states: { cold: {} } }) },
}).createMachine({
  id: 'lamp',
  context: { presses: 0 },
  invoke: { id: 'bulb', src: 'bulb' },
  initial: 'off',
  states: {
    off: {
      on: { press: { target: 'on', actions: assign({ presses: ({ context }) => context.presses + 1 }) } },
    },
    on: { on: { press: 'off' } },
  },
});

const helper = setup({ actors: { work: fromPromise(async () => 'done') } }).createMachine({
  id: 'helper',
  initial: 'waiting',
  states: {
    waiting: { on: { ask: 'working' } },
    working: { invoke: { src: 'work', onDone: 'waiting' } },
  },
});

interface Told {
  readonly type: string;
  readonly name?: string;
  readonly sessionId: string;
  readonly parentId?: string;
  readonly definition?: string;
  readonly snapshot?: { readonly value?: unknown; readonly status?: string };
  readonly event?: { readonly type: string };
}

/** What Stately's own tool would be sent, over a real WebSocket. */
async function statelyTool() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const told: Told[] = [];
  server.on('connection', (socket) => socket.on('message', (data) => told.push(JSON.parse(String(data)))));
  const inspector = createWebSocketInspector({
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });
  cleanups.push(
    () => server.close(),
    () => inspector.stop(),
  );
  await once(server, 'connection');
  const find = (type: string, fits: (message: Told) => boolean) => () =>
    told.some((message) => message.type === type && fits(message));
  return { inspector, told, find };
}

function managed(inspect?: ReturnType<typeof createWebSocketInspector>['inspect']) {
  const failures: unknown[] = [];
  const logger = { error: (...line: unknown[]) => failures.push(line) };
  const manager = createSessionManager({ agent: helper, logger, ...(inspect && { inspect }) });
  cleanups.push(() => manager.close());
  return { manager, failures };
}

describe('the engine in the tools of Stately', () => {
  it('shows the manager, its supervisor, sessions and agents, each with its chart', async () => {
    const { inspector, told, find } = await statelyTool();
    const { manager, failures } = managed(inspector.inspect);
    const session = await manager.createSession({ id: 'ada' });
    await session.dispatch({ type: 'ask' });
    await session.send('user', 'hello');
    await until(
      find('@xstate.snapshot', ({ snapshot }) => snapshot?.value === 'working'),
      4000,
    );
    const actors = told.filter(({ type }) => type === '@xstate.actor');
    const byName = (name: string) => actors.find((actor) => actor.name === name);
    expect(byName('supervisor')?.parentId).toBe(byName('manager')?.sessionId);
    expect(byName('ada')?.parentId).toBe(byName('supervisor')?.sessionId);
    expect(byName('agent')?.parentId).toBe(byName('ada')?.sessionId);
    const statesOf = (name: string) => Object.keys(JSON.parse(byName(name)?.definition ?? '{}').states ?? {});
    expect(statesOf('manager')).toContain('running');
    expect(statesOf('ada')).toContain('running');
    expect(statesOf('agent')).toEqual(['waiting', 'working']);
    expect(failures).toEqual([]);
  });

  it('may be attached late', async () => {
    const { inspector, find } = await statelyTool();
    const { manager, failures } = managed();
    const session = await manager.createSession({ id: 'ada' });
    const { unsubscribe } = manager.actor.system.inspect(inspector.inspect);
    await session.dispatch({ type: 'ask' });
    await until(
      find('@xstate.event', ({ event }) => event?.type === 'ask'),
      4000,
    );
    unsubscribe();
    expect(failures).toEqual([]);
  });

  it('sends them nothing so large that it grows with the sessions that rest', async () => {
    const { inspector, told, find } = await statelyTool();
    const { manager } = managed();
    for (let n = 0; n < 200; n += 1) await manager.createSession({ id: `s${n}` });
    manager.actor.system.inspect(inspector.inspect);
    await manager.session('s7').dispatch({ type: 'ask' });
    await until(
      find('@xstate.event', ({ event }) => event?.type === 'ask'),
      4000,
    );
    expect(Math.max(...told.map((message) => JSON.stringify(message).length))).toBeLessThan(4096);
  });

  it('can be handed to the window of a browser too', async () => {
    const posted: Told[] = [];
    const listeners: Array<(event: { data: unknown }) => void> = [];
    const opened: string[] = [];
    const page = {
      open(url: string) {
        opened.push(url);
        return { postMessage: (message: Told) => posted.push(message) };
      },
      addEventListener: (_: string, listener: (event: { data: unknown }) => void) => listeners.push(listener),
    };
    const { inspect } = createBrowserInspector({
      window: page as never,
      url: 'http://127.0.0.1:4040/window',
    });
    const { manager, failures } = managed(inspect);
    await manager.createSession({ id: 'ada' });
    for (const listener of listeners) listener({ data: { type: '@statelyai.connected' } });
    await until(() => posted.some(({ name }) => name === 'agent'), 4000);
    expect(opened).toEqual(['http://127.0.0.1:4040/window']);
    expect(failures).toEqual([]);
    // As it would come into our own window.
    const apps = new StatelyApps();
    const feed = apps.connect();
    for (const message of posted) expect(feed.receive(structuredClone(message))).toBe(undefined);
    expect(apps.rows()).toMatchObject([{ name: 'manager', actors: expect.any(Number) }]);
  });
});

describe('an XState app in the inspector', () => {
  async function fed() {
    const apps = new StatelyApps();
    const server = await startServer({ feeds: apps, folder: builtPage() });
    const inspector = createWebSocketInspector({ url: server.feedUrl });
    cleanups.push(
      () => server.close(),
      () => inspector.stop(),
    );
    const actor = createActor(lamp, { inspect: inspector.inspect });
    return { apps, actor, server };
  }
  const only = (apps: StatelyApps) => {
    const [row] = apps.rows();
    return row && apps.look(row.id);
  };

  it('needs one line, and is shown with its charts, its events and where it is', async () => {
    const { apps, actor } = await fed();
    actor.start();
    actor.send({ type: 'press' });
    await until(() => (apps.rows()[0]?.seen ?? 0) >= 6, 4000);
    expect(apps.rows()).toMatchObject([{ name: 'lamp', actors: 2, status: 'active', connected: true }]);
    const app = only(apps);
    expect(Object.keys(app?.definitions() ?? {})).toEqual(['lamp', 'bulb']);
    expect(app?.definitions().lamp).not.toHaveProperty('context');
    expect(app?.detail().actors.map(({ actor: name }) => name)).toEqual(['lamp', 'lamp/bulb']);
    const entries = app?.reel.recording({}).entries ?? [];
    expect(entries.filter(({ kind }) => kind === 'sent')).toMatchObject([
      { actor: 'lamp', event: { type: 'press' } },
    ]);
    expect(entries.findLast((entry) => entry.kind === 'snapshot' && entry.actor === 'lamp')).toMatchObject({
      value: 'on',
      context: { presses: 1 },
    });
  });

  it('hides what was made and never started', async () => {
    const { apps, actor } = await fed();
    createActor(lamp, { inspect: actor.options.inspect as never });
    actor.start();
    await until(() => (apps.rows()[0]?.seen ?? 0) >= 4, 4000);
    expect(apps.rows()).toHaveLength(1);
  });

  it('that ends stays to be looked at', async () => {
    const { apps, actor, server } = await fed();
    actor.start();
    actor.stop();
    await until(() => (only(apps)?.reel.end ?? 0) > 0, 4000);
    expect(apps.rows()).toMatchObject([{ status: 'stopped', connected: true }]);
    await server.close();
    await until(() => apps.rows()[0]?.connected === false, 4000);
    expect(only(apps)?.reel.end).toBeGreaterThan(0);
  });
});
