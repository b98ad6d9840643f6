import { createSessionManager } from 'chartroom';
import { expect, it } from 'vitest';

it('runs an engine inside a page of a real Chromium', async () => {
  const rooms = createSessionManager();
  const session = await rooms.createSession({ id: 'ada' });
  await session.send('user', 'hello');
  expect(await session.context.history()).toMatchObject([{ id: 'ada:1', content: 'hello' }]);
  expect(navigator.userAgent).toContain('Chrome');
  expect(window.isSecureContext).toBe(true);
  await rooms.close();
});
