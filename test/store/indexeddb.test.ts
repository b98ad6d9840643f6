import { expect, it, vi } from 'vitest';
import { createSessionManager } from '../../src/index.ts';
import { indexedDbStore } from '../../src/store/indexeddb.ts';

it('can be made on a server too, where sessions are kept in memory, and says so', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const store = indexedDbStore('rooms');
  const manager = createSessionManager({ store });
  const session = await manager.createSession({ id: 'ada' });
  await session.send('user', 'hello');
  expect(store.state).toMatchObject({ is: 'memory', reason: { details: { missing: 'indexedDB' } } });
  expect(warn).toHaveBeenCalledOnce();
  await manager.close();
  warn.mockRestore();
});
