import { expect, it, onTestFinished } from 'vitest';
import { select, watchState } from '../../src/bindings/index.ts';
import { createSessionManager } from '../../src/index.ts';
import { turns } from '../support/turns.ts';
import { look } from '../support/watching.ts';

async function ada() {
  const manager = createSessionManager();
  onTestFinished(() => manager.close());
  return { manager, session: await manager.createSession({ id: 'ada' }) };
}

it('looks only at what has been read of it', async () => {
  const { manager, session } = await ada();
  const watch = watchState(manager, 'ada');
  const stop = watch.subscribe(() => {});
  expect(manager.stats().listeners).toBe(0);
  const before = watch.get();
  expect(before.files).toEqual([]);
  await session.context.addFile('a.ts');
  await turns();
  const after = watch.get();
  // A matcher would read all of it.
  expect(after === before).toBe(false);
  expect(after.files.map(({ path }) => path)).toEqual(['a.ts']);
  await session.send('user', 'hello');
  await turns();
  expect(watch.get() === after).toBe(true);
  stop();
  await turns();
  expect(manager.stats().listeners).toBe(0);
});

it('has every part of a session', async () => {
  const { manager, session } = await ada();
  const { context } = session;
  const seen = look(select(watchState(manager, 'ada'), (state) => ({ ...state })));
  await context.addFile('a.ts');
  await context.updateFileIndex('a.ts', { lines: 3 });
  await context.put('topic', 'whales');
  await context.put('mood', 'good');
  await context.delete('mood');
  await session.send('user', 'hello');
  await turns();
  expect(seen.now).toMatchObject({
    status: 'ready',
    error: undefined,
    info: { id: 'ada', messageCount: 1 },
    messages: [{ content: 'hello' }],
    streaming: [],
    files: [{ path: 'a.ts' }],
    fileIndex: { 'a.ts': { lines: 3 } },
    workingContext: { topic: 'whales' },
  });
  expect(seen.now.workingContext).toEqual({ topic: 'whales' });
});

it('begins to look at what a selection reads later', async () => {
  const { manager, session } = await ada();
  await session.send('user', 'hello');
  const count = select(watchState(manager, 'ada'), ({ info, messages }) =>
    info?.metadata ? [info, messages][1] : undefined,
  );
  const lazy = select(watchState(manager, 'ada'), (state) => (state.info ? state.messages.length : -1));
  const seen = [look(count), look(lazy)];
  expect(seen[1]?.now).toBe(-1);
  await turns();
  expect(seen[1]?.now).toBe(1);
  for (const { stop } of seen) stop();
});

it('stays empty without an id', () => {
  const manager = createSessionManager();
  onTestFinished(() => manager.close());
  expect({ ...watchState(manager, undefined).get() }).toMatchObject({ status: 'loading', files: [] });
});
