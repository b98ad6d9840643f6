/** A worker that keeps a session in the store whose name it is sent, and stays its owner. */
import { createSessionManager } from '../../../src/index.ts';
import { indexedDbStore } from '../../../src/store/indexeddb.ts';

self.onmessage = async ({ data: name }: MessageEvent<string>) => {
  const store = indexedDbStore(name);
  const manager = createSessionManager({ store });
  const session = await manager.createSession({ id: 'ada' });
  await session.send('user', 'hello');
  const history = await session.context.history();
  self.postMessage({ state: store.state.is, said: history.map(({ content }) => content) });
};
