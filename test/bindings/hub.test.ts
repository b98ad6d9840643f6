import { expect, it, onTestFinished } from 'vitest';
import { hubOf } from '../../src/bindings/hub.ts';
import { watchSession, watchSessions } from '../../src/bindings/index.ts';
import { createSessionManager, memoryStore } from '../../src/index.ts';
import { strays } from '../support/errors.ts';
import { fakeClient, infoAt } from '../support/fake-client.ts';
import { turns } from '../support/turns.ts';
import { look } from '../support/watching.ts';

it('is one for each client, and keeps what is looked at only while it is', async () => {
  const manager = createSessionManager();
  onTestFinished(() => manager.close());
  const hub = hubOf(manager);
  expect(hubOf(manager)).toBe(hub);
  // Rendered on a server, or given up before it was mounted.
  watchSession(manager, 'ada').get();
  expect(hub.feed('ada')).toBeUndefined();
  const seen = look(watchSession(manager, 'ada'));
  expect(hub.feed('ada')).toBe(hub.feedOf('ada'));
  seen.stop();
  await turns();
  expect(hub.feed('ada')).toBeUndefined();
  expect(manager.stats()).toMatchObject({ listeners: 0, streams: 0 });
});

it('has everything asked again when the client ends its streams', async () => {
  let asked = 0;
  const { client, end } = fakeClient({
    listSessions: async () => {
      asked += 1;
      return [infoAt('a', 1)];
    },
  });
  look(watchSessions(client));
  await turns();
  end();
  await turns();
  expect(asked).toBe(2);
});

it('sees the client end after a session had the name by which it listens for that', async () => {
  const manager = createSessionManager();
  onTestFinished(() => manager.close());
  const seen = look(watchSessions(manager));
  for (let n = 0; n < 2; n++) {
    await manager.createSession({ id: 'chartroom.bindings' });
    await manager.terminateSession('chartroom.bindings');
    await turns();
  }
  expect(seen.now).toMatchObject({ status: 'ready', sessions: [] });
  expect(manager.stats().streams).toBe(1);
  await manager.close();
  await turns();
  expect(seen.now.error?.code).toBe('MANAGER_CLOSED');
});

it('shows that a store is locked', async () => {
  const stray = await strays(async () => {
    const store = memoryStore();
    const owner = createSessionManager({ store });
    await owner.ready;
    const second = createSessionManager({ store });
    const seen = [look(watchSessions(second)), look(watchSession(second, 'ada', { create: true }))];
    await turns();
    expect(seen.map(({ now }) => now.error?.code)).toEqual(['STORE_LOCKED', 'STORE_LOCKED']);
    await Promise.all([owner.close(), second.close()]);
  });
  expect(stray).toEqual([]);
});
